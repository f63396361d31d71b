package field

import (
	"slices"
	"strconv"
	"strings"
)

// Step is one part of a [Path]: an attribute name, a map key or a list index.
// Exactly one of the three is meant, told by Kind.
type Step struct {
	Kind  StepKind
	Name  string // the attribute's name or the map key
	Index int    // the list index, from 0
}

// StepKind tells what a [Step] goes into.
type StepKind int

// The kinds of steps.
const (
	Attribute StepKind = iota
	MapKey
	ListIndex
)

// Path is the place of an attribute in the configuration. The zero Path is the
// whole configuration.
type Path struct{ steps []Step }

// Root returns the path of a top-level attribute.
func Root(name string) Path { return Path{}.Attr(name) }

// Attr returns the path of the named attribute below p.
func (p Path) Attr(name string) Path { return p.with(Step{Kind: Attribute, Name: name}) }

// Key returns the path of the map element with the given key below p.
func (p Path) Key(key string) Path { return p.with(Step{Kind: MapKey, Name: key}) }

// Index returns the path of the i-th list element below p.
func (p Path) Index(i int) Path { return p.with(Step{Kind: ListIndex, Index: i}) }

// Steps returns a copy of the steps from the root.
func (p Path) Steps() []Step { return slices.Clone(p.steps) }

// HasPrefix reports whether p is at or below prefix.
func (p Path) HasPrefix(prefix Path) bool {
	return len(p.steps) >= len(prefix.steps) && slices.Equal(p.steps[:len(prefix.steps)], prefix.steps)
}

// String writes the path as HCL does: containers["web"].image.
func (p Path) String() string {
	var b strings.Builder
	for i, s := range p.steps {
		switch s.Kind {
		case MapKey:
			b.WriteString("[" + strconv.Quote(s.Name) + "]")
		case ListIndex:
			b.WriteString("[" + strconv.Itoa(s.Index) + "]")
		case Attribute:
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(s.Name)
		}
	}
	return b.String()
}

func (p Path) with(s Step) Path {
	steps := make([]Step, 0, len(p.steps)+1)
	return Path{steps: append(append(steps, p.steps...), s)}
}
