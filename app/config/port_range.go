package config

import (
	"errors"
	"strconv"
	"strings"
)

var errPortRange = errors.New("not a range of ports")

// PortRange is a range of ports with both ends in it, written as 9000-9999. The
// zero value is none.
type PortRange struct{ First, Last int }

// UnmarshalText implements encoding.TextUnmarshaler, which envconfig calls.
func (r *PortRange) UnmarshalText(text []byte) error {
	first, last, ok := strings.Cut(string(text), "-")
	if !ok {
		return errPortRange
	}
	var err error
	if r.First, err = strconv.Atoi(strings.TrimSpace(first)); err != nil {
		return errPortRange
	}
	if r.Last, err = strconv.Atoi(strings.TrimSpace(last)); err != nil {
		return errPortRange
	}
	return nil
}

// valid reports whether it is none, or ports that exist and leave one out.
func (r PortRange) valid(without int) bool {
	if r == (PortRange{}) {
		return true
	}
	return r.First >= 1 && r.First <= r.Last && r.Last <= 65535 && (without < r.First || without > r.Last)
}
