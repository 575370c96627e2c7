package config

import (
	"errors"
	"strconv"
	"strings"
)

var errKindLimits = errors.New("not limits of kinds")

// KindLimits say how many jobs of a kind may run at once, written as
// fathom.sync=1,recording.transfer=3.
type KindLimits map[string]int

// UnmarshalText implements encoding.TextUnmarshaler, which envconfig calls.
func (l *KindLimits) UnmarshalText(text []byte) error {
	*l = KindLimits{}
	for entry := range strings.SplitSeq(string(text), ",") {
		kind, limit, ok := strings.Cut(entry, "=")
		n, err := strconv.Atoi(strings.TrimSpace(limit))
		kind = strings.TrimSpace(kind)
		if _, twice := (*l)[kind]; !ok || err != nil || kind == "" || twice {
			return errKindLimits
		}
		(*l)[kind] = n
	}
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
