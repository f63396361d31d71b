package hardening

import (
	"regexp"
	"strconv"
	"strings"
)

// place is a field of one object, written spec.template.spec.containers[api].image.
type place struct{ object, field string }

// at returns the place of a field below p.
func (p place) at(name string) place {
	if p.field != "" {
		name = p.field + "." + name
	}
	return place{p.object, name}
}

// key returns the place of the element of a list that has the given name.
func (p place) key(name string) place {
	if !plainKey.MatchString(name) {
		name = strconv.Quote(name)
	}
	return place{p.object, p.field + "[" + name + "]"}
}

// index returns the place of the i-th element of a list.
func (p place) index(i int) place {
	return place{p.object, p.field + "[" + strconv.Itoa(i) + "]"}
}

// plainKey matches the keys that cannot be mistaken for more of a field.
var plainKey = regexp.MustCompile(`^[A-Za-z0-9_./-]+$`)

// Steps takes the finding's field apart, for whoever looks for it in a text: names as
// they are, the keys and indexes of lists in brackets.
func (f Finding) Steps() []string { return splitField(f.Field) }

// splitField takes a field apart: names as they are, the keys of lists in
// brackets and unquoted ("containers", "[api]", "image").
func splitField(field string) []string {
	var steps []string
	for field != "" {
		field = strings.TrimPrefix(field, ".")
		if !strings.HasPrefix(field, "[") {
			end := strings.IndexAny(field+".", ".[")
			steps, field = append(steps, field[:end]), field[end:]
			continue
		}
		key, rest, _ := strings.Cut(field[1:], "]")
		if quoted, err := strconv.QuotedPrefix(field[1:]); err == nil {
			key, _ = strconv.Unquote(quoted) // QuotedPrefix returns valid quotations only
			rest = strings.TrimPrefix(field[1+len(quoted):], "]")
		}
		steps, field = append(steps, "["+key+"]"), rest
	}
	return steps
}
