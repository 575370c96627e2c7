package config

import (
	"errors"
	"strconv"
	"strings"
)

var errSignUpLimits = errors.New("not three numbers")

// SignUpLimits is how many accounts may be created, written as 20,100,1000. 0 means no limit.
type SignUpLimits struct {
	PerHour int // from one network in an hour
	PerDay  int // from one network in a day
	Total   int // in a day
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (l *SignUpLimits) UnmarshalText(text []byte) error {
	numbers := strings.Split(string(text), ",")
	if len(numbers) != 3 {
		return errSignUpLimits
	}
	var parsed SignUpLimits
	for i, target := range []*int{&parsed.PerHour, &parsed.PerDay, &parsed.Total} {
		n, err := strconv.Atoi(strings.TrimSpace(numbers[i]))
		if err != nil {
			return errSignUpLimits
		}
		*target = n
	}
	*l = parsed
	return nil
}

func (l SignUpLimits) valid() bool {
	for _, n := range []int{l.PerHour, l.PerDay, l.Total} {
		if n < 0 || n > 100_000 {
			return false
		}
	}
	return true
}
