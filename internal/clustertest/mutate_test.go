//go:build cluster

package clustertest_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// mutate replaces one value of a workload, anywhere, by another that a user could
// write, and returns where. Mostly the result is not valid.
func (g generator) mutate(w workload.Workload) (mutant workload.Workload, where string) {
	mutant = copyOf(w)
	var places []place
	collect(&places, "", reflect.ValueOf(&mutant).Elem(), func(reflect.Value) {})
	chosen := pick(g, places...)
	old := chosen.value.Interface()
	changed := reflect.New(chosen.value.Type()).Elem()
	changed.Set(chosen.value)
	g.change(changed)
	chosen.set(changed)
	return mutant, fmt.Sprintf("%s: %v became %v", chosen.path, shown(old), shown(changed.Interface()))
}

// place is a value within a workload, and how it is replaced.
type place struct {
	path  string
	value reflect.Value
	set   func(reflect.Value)
}

// collect lists the places below a value, whose values change through set if they
// do not change in place. Keys of maps are places too.
func collect(places *[]place, path string, value reflect.Value, set func(reflect.Value)) {
	switch value.Kind() {
	case reflect.Pointer:
		if !value.IsNil() {
			collect(places, path, value.Elem(), set)
		}
	case reflect.Struct:
		for i := range value.NumField() {
			if value.Type().Field(i).Tag.Get("json") == "-" {
				continue // nobody can write it
			}
			collect(places, path+"."+value.Type().Field(i).Name, value.Field(i), set)
		}
	case reflect.Slice:
		for i := range value.Len() {
			collect(places, fmt.Sprintf("%s[%d]", path, i), value.Index(i), set)
		}
	case reflect.Map:
		for _, key := range sortedValues(value.MapKeys()) {
			at := fmt.Sprintf("%s[%q]", path, key.String())
			*places = append(*places, place{"key of " + at, key, func(changed reflect.Value) {
				entry := value.MapIndex(key)
				value.SetMapIndex(key, reflect.Value{})
				value.SetMapIndex(changed, entry)
			}})
			entry := reflect.New(value.Type().Elem()).Elem()
			entry.Set(value.MapIndex(key))
			store := func(reflect.Value) { value.SetMapIndex(key, entry) }
			collect(places, at, entry, func(reflect.Value) { store(entry) })
		}
	default:
		*places = append(*places, place{path, value, func(changed reflect.Value) {
			value.Set(changed)
			set(changed)
		}})
	}
}

func sortedValues(keys []reflect.Value) []reflect.Value {
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	return keys
}

// change replaces a single value by one at or beyond the edge of what its type
// can mean somewhere.
func (g generator) change(value reflect.Value) {
	switch value.Kind() {
	case reflect.Bool:
		value.SetBool(!value.Bool())
	case reflect.Int32:
		value.SetInt(int64(pick[int32](g, -1, 0, 1, 2, 3, 65535, 65536, 1<<31-1)))
	case reflect.Int64:
		value.SetInt(pick[int64](g, -1, 0, 1, 2, 65536, 1<<31-1, 1<<31, 1<<40))
	case reflect.String:
		value.SetString(pick(g, "", "a", "A", "a b", "-a", "a-", "a_b", "a.b", "a/b", "/a", "/a/../b", "a:b", "1", "0", "-1", "1e3", "0.5", "1Gi", "50%", "101%",
			"None", "TCP", "Always", "example.com/a", "10.0.0.0/8", "10.0.0.1/8", "fd00::/8", "ä", "a\nb", "$(A)", "main", "http", "ALL",
			strings.Repeat("a", 63), strings.Repeat("a", 64), strings.Repeat("a", 254), value.String()+" ", strings.ToUpper(value.String())))
	default:
		panic("no idea how to change a " + value.Type().String())
	}
}

func shown(value any) string {
	text := fmt.Sprintf("%#v", value)
	if len(text) > 80 {
		return fmt.Sprintf("%s... (%d characters)", text[:80], len(text))
	}
	return text
}
