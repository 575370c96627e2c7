package config

import (
	"errors"
	"strconv"
	"strings"
)

var errKindLimits = errors.New("not a list of kinds and numbers")

// KindLimits is the maximum number of running jobs per kind, written as
// fathom.sync=1,recording.transfer=3. Kinds that are not in it have no limit of their own.
type KindLimits map[string]int

// UnmarshalText implements encoding.TextUnmarshaler. It does not check that the kinds exist.
func (l *KindLimits) UnmarshalText(text []byte) error {
	limits := KindLimits{}
	for entry := range strings.SplitSeq(string(text), ",") {
		kind, number, ok := strings.Cut(entry, "=")
		kind = strings.TrimSpace(kind)
		limit, err := strconv.Atoi(strings.TrimSpace(number))
		if _, repeated := limits[kind]; !ok || err != nil || kind == "" || repeated {
			return errKindLimits
		}
		limits[kind] = limit
	}
	*l = limits
	return nil
}

func (l KindLimits) valid() bool {
	for _, limit := range l {
		if limit < 1 || limit > 64 {
			return false
		}
	}
	return true
}
