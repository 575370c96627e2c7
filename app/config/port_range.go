package config

import (
	"errors"
	"strconv"
	"strings"
)

var errPortRange = errors.New("not a range of ports")

// PortRange is an inclusive range of ports, written as 9000-9999. The zero value is empty.
type PortRange struct{ First, Last int }

// UnmarshalText implements encoding.TextUnmarshaler. It does not check that the ports exist.
func (r *PortRange) UnmarshalText(text []byte) error {
	first, last, ok := strings.Cut(string(text), "-")
	if !ok {
		return errPortRange
	}
	var parsed PortRange
	var err error
	if parsed.First, err = strconv.Atoi(strings.TrimSpace(first)); err != nil {
		return errPortRange
	}
	if parsed.Last, err = strconv.Atoi(strings.TrimSpace(last)); err != nil {
		return errPortRange
	}
	*r = parsed
	return nil
}

// valid reports whether the range is empty, or contains only existing ports other than reserved.
func (r PortRange) valid(reserved int) bool {
	if r == (PortRange{}) {
		return true
	}
	return r.First >= 1 && r.First <= r.Last && r.Last <= 65535 && (reserved < r.First || reserved > r.Last)
}
