package rollout

// Engine is who moves traffic from one version to the next.
type Engine string

// The engines. A strategy that names none is native.
const (
	// Native writes plain objects: every step is a change that a plan shows.
	Native Engine = "native"
	// Flagger is the controller of github.com/fluxcd/flagger (v1.44.0).
	Flagger Engine = "flagger"
	// ArgoRollouts is the controller of github.com/argoproj/argo-rollouts (v1.10.1).
	ArgoRollouts Engine = "argo_rollouts"
)

// Engines returns every engine, in the order of the documentation.
func Engines() []Engine { return []Engine{Native, Flagger, ArgoRollouts} }

// Track is one of the two versions that run side by side.
type Track string

// The tracks.
const (
	// Stable is the workload as it is described.
	Stable Track = "stable"
	// Next is the workload with the changes of a [Candidate].
	Next Track = "candidate"
)

// Candidate is what the next version changes. What it leaves out is as in the workload.
type Candidate struct {
	// Images holds the images of containers, by the container's name.
	Images map[string]string `json:"images,omitempty"`
	// Env holds variables of containers, by the container's name; they win over those of the workload.
	Env map[string]map[string]string `json:"env,omitempty"`
	// Resources holds requests and limits of containers, by the container's name; they win, one by one.
	Resources map[string]CandidateResources `json:"resources,omitempty"`
	// Replicas is the number of the candidate's pods; nil follows the strategy.
	Replicas *int32 `json:"replicas,omitempty"`
}

// CandidateResources are requests and limits by the name of the resource.
type CandidateResources struct {
	Requests map[string]string `json:"requests,omitempty"`
	Limits   map[string]string `json:"limits,omitempty"`
}

// BlueGreen runs both versions whole and switches all traffic at once.
type BlueGreen struct {
	// Active is the track that has the traffic: "stable" (the default) or "candidate". Native alone.
	Active *Track `json:"active,omitempty"`
	// Candidate is the next version. Native alone: the other engines take it from the change itself.
	Candidate *Candidate `json:"candidate,omitempty"`
	// Checks is how often a controller checks the next version before it switches; nil is 10.
	Checks *int32 `json:"checks,omitempty"`
	// MirrorPercent is the share of requests that the next version gets a copy of, whose answers
	// nobody sees; nil is none.
	MirrorPercent *int32 `json:"mirror_percent,omitempty"`
	// AutoPromotion false makes Argo Rollouts wait for somebody to promote; nil is true.
	AutoPromotion *bool `json:"auto_promotion,omitempty"`
	// ScaleDownDelaySeconds is how long Argo Rollouts keeps the old version; nil is 30.
	ScaleDownDelaySeconds *int32 `json:"scale_down_delay_seconds,omitempty"`
}

// Canary moves traffic to the next version a share at a time.
type Canary struct {
	// Weight is the candidate's share of the traffic in percent; nil is 0. Native alone.
	Weight *int32 `json:"weight,omitempty"`
	// Candidate is the next version. Native alone.
	Candidate *Candidate `json:"candidate,omitempty"`
	// Steps are the shares, in percent, that a controller goes through; nil is 5, 10, 25, 50.
	Steps []int32 `json:"steps,omitempty"`
	// PauseSeconds is how long Argo Rollouts stays on each step; nil is the interval of the analysis.
	PauseSeconds *int32 `json:"pause_seconds,omitempty"`
	// Manual makes Argo Rollouts wait on each step for somebody to promote; nil is false.
	Manual *bool `json:"manual,omitempty"`
	// MirrorPercent is the share of requests that the candidate gets a copy of before it gets
	// any of its own; nil is none.
	MirrorPercent *int32 `json:"mirror_percent,omitempty"`
	// SessionAffinity keeps a client that reached the candidate there.
	SessionAffinity *SessionAffinity `json:"session_affinity,omitempty"`
}

// SessionAffinity is the cookie by which a client stays with the version that it reached.
type SessionAffinity struct {
	CookieName string `json:"cookie_name"`
	// MaxAgeSeconds is how long the cookie holds; nil is a day.
	MaxAgeSeconds *int32 `json:"max_age_seconds,omitempty"`
}

// ABTest sends the requests that match to the next version, and all others to the stable one.
type ABTest struct {
	// Match holds the conditions, of which one must hold.
	Match []Match `json:"match"`
	// Candidate is the next version. Native alone.
	Candidate *Candidate `json:"candidate,omitempty"`
	// Checks is how often a controller checks the next version before it is promoted; nil is 10.
	Checks *int32 `json:"checks,omitempty"`
}

// Match is a condition on a request: one header or one cookie, and one kind of comparison.
type Match struct {
	Header *string `json:"header,omitempty"`
	Cookie *string `json:"cookie,omitempty"`
	Exact  *string `json:"exact,omitempty"`
	// Regex is a regular expression (RE2) for the whole value.
	Regex *string `json:"regex,omitempty"`
}

// Webhook is a call that Flagger makes while it rolls out.
type Webhook struct {
	// Type is confirm-rollout, pre-rollout, rollout, confirm-traffic-increase, confirm-promotion,
	// post-rollout, rollback or event.
	Type string `json:"type"`
	URL  string `json:"url"`
	// TimeoutSeconds is how long the answer may take; nil is 10.
	TimeoutSeconds *int32 `json:"timeout_seconds,omitempty"`
	// Metadata is sent along, such as cmd of Flagger's load tester.
	Metadata map[string]string `json:"metadata,omitempty"`
}

// Alert is where Flagger tells what it does.
type Alert struct {
	// Provider is slack, msteams, discord, rocket or gchat.
	Provider string `json:"provider"`
	// Severity is info, warn or error; nil is error.
	Severity *string `json:"severity,omitempty"`
	// Secret names the Secret whose key address is the URL: it is a secret itself.
	Secret string `json:"secret"`
	// Channel is where in it the message stands, where the system has channels.
	Channel *string `json:"channel,omitempty"`
}
