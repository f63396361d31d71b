package field

import (
	"fmt"
	"slices"
)

// Error is one violation at one place of the configuration.
type Error struct {
	Path    Path
	Message string // lower case; what was found and what to do
	// Rests holds other places that the verdict rests on, where it does not rest on
	// Path alone: while one of them is not known, neither is the verdict.
	Rests []Path
}

// Errorf returns an [*Error] at p.
func Errorf(p Path, format string, args ...any) *Error {
	return &Error{Path: p, Message: fmt.Sprintf(format, args...)}
}

// RestsOn returns a copy of e whose verdict rests on further places.
func (e *Error) RestsOn(places ...Path) *Error {
	further := *e
	further.Rests = append(slices.Clone(e.Rests), places...)
	return &further
}

// Error returns the path, a colon and the message.
func (e *Error) Error() string {
	if path := e.Path.String(); path != "" {
		return path + ": " + e.Message
	}
	return e.Message
}

// All returns every [*Error] in err's tree in order, and separately the errors
// of other types, so that a caller loses none.
func All(err error) (fields []*Error, others []error) {
	switch e := err.(type) { //nolint:errorlint // the tree is walked here, node by node
	case nil:
		return nil, nil
	case *Error:
		return []*Error{e}, nil
	case interface{ Unwrap() []error }:
		for _, child := range e.Unwrap() {
			f, o := All(child)
			fields, others = append(fields, f...), append(others, o...)
		}
		return fields, others
	default:
		return nil, []error{err}
	}
}
