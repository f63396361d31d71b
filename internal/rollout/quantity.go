package rollout

import (
	"fmt"
	"regexp"
	"strconv"

	"k8s.io/apimachinery/pkg/util/intstr"
)

// Quantity is a number of pods or a share of them, as the user wrote it: "2" or
// "25%".
type Quantity string

// Percentages are those of k8s.io/apimachinery@v0.37.2 pkg/util/validation
// IsValidPercent; numbers are int32 because the API's fields are.
var percentage = regexp.MustCompile(`^[0-9]{1,9}%$`)

// IntOrString returns the value as the Kubernetes API takes it. Anything but a
// non-negative int32 or a non-negative percentage is an error.
func (q Quantity) IntOrString() (intstr.IntOrString, error) {
	if percentage.MatchString(string(q)) {
		return intstr.FromString(string(q)), nil
	}
	n, err := strconv.ParseInt(string(q), 10, 32)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != string(q) {
		return intstr.IntOrString{}, fmt.Errorf(`%q is neither a number of pods ("2") nor a percentage ("25%%")`, q)
	}
	return intstr.FromInt32(int32(n)), nil
}

// Of returns how many of total pods the quantity stands for; a percentage that
// does not come out even is rounded up or down.
func (q Quantity) Of(total int, roundUp bool) (int, error) {
	value, err := q.IntOrString()
	if err != nil {
		return 0, err
	}
	return intstr.GetScaledValueFromIntOrPercent(&value, total, roundUp)
}

// IsZero reports whether the quantity is 0 pods or 0 percent of any number.
func (q Quantity) IsZero() bool {
	n, err := q.Of(100, true)
	return err == nil && n == 0
}
