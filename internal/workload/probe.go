package workload

// Probe asks a container whether it has started, is ready or is alive. Exactly
// one of HTTPGet, TCPSocket, GRPC and Exec is set.
type Probe struct {
	HTTPGet   *HTTPGet   `json:"http_get,omitempty"`
	TCPSocket *TCPSocket `json:"tcp_socket,omitempty"`
	GRPC      *GRPC      `json:"grpc,omitempty"`
	Exec      *Exec      `json:"exec,omitempty"`

	// Times in seconds; nil is 0 for the initial delay, 10 for the period, 1 for the time-out.
	InitialDelaySeconds *int32 `json:"initial_delay_seconds,omitempty"`
	PeriodSeconds       *int32 `json:"period_seconds,omitempty"`
	TimeoutSeconds      *int32 `json:"timeout_seconds,omitempty"`
	// Thresholds in consecutive results; nil is 1 success and 3 failures.
	SuccessThreshold *int32 `json:"success_threshold,omitempty"`
	FailureThreshold *int32 `json:"failure_threshold,omitempty"`
	// TerminationGracePeriodSeconds replaces the pod's grace when this probe fails (startup and liveness only).
	TerminationGracePeriodSeconds *int64 `json:"termination_grace_period_seconds,omitempty"`
}

// HTTPGet succeeds on a status from 200 to 399.
type HTTPGet struct {
	// Path begins with "/"; nil is "/".
	Path *string `json:"path,omitempty"`
	// Port is the name or the number of a declared port.
	Port string `json:"port"`
	// Scheme is HTTP or HTTPS (the certificate is not verified); nil is HTTP.
	Scheme *string `json:"scheme,omitempty"`
	// Headers are request headers by name.
	Headers map[string]string `json:"headers,omitempty"`
}

// TCPSocket succeeds when the port accepts a connection.
type TCPSocket struct {
	Port string `json:"port"`
}

// GRPC asks the standard gRPC health service.
type GRPC struct {
	// Port is the name or the number of a declared port.
	Port string `json:"port"`
	// Service is the name in the health request; nil is the server as a whole.
	Service *string `json:"service,omitempty"`
}

// Exec succeeds when the command, run in the container without a shell, exits with 0.
type Exec struct {
	Command []string `json:"command"`
}
