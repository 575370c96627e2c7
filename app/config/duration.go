package config

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

var errDuration = errors.New("not a duration")

const day = 24 * time.Hour

// Duration is a time.Duration that is written as 5s, 1h30m, 90d or a bare number of seconds. It is
// never negative.
type Duration time.Duration

// Std returns the duration as the type of the standard library.
func (d Duration) Std() time.Duration { return time.Duration(d) }

// String returns a text that UnmarshalText accepts, with whole days as 90d.
func (d Duration) String() string {
	if d > 0 && d.Std()%day == 0 {
		return strconv.FormatInt(int64(d.Std()/day), 10) + "d"
	}
	return time.Duration(d).String()
}

// MarshalText implements encoding.TextMarshaler.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(text []byte) error {
	if seconds, err := strconv.ParseInt(string(text), 10, 64); err == nil {
		return d.set(seconds, time.Second)
	}
	if number, ok := strings.CutSuffix(string(text), "d"); ok {
		days, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return errDuration
		}
		return d.set(days, day)
	}
	parsed, err := time.ParseDuration(string(text))
	if err != nil {
		return errDuration
	}
	return d.set(int64(parsed), time.Nanosecond)
}

func (d *Duration) set(n int64, unit time.Duration) error {
	if n < 0 || n > math.MaxInt64/int64(unit) {
		return errDuration
	}
	*d = Duration(time.Duration(n) * unit)
	return nil
}
