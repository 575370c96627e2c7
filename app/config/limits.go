package config

import (
	"errors"
	"strconv"
	"strings"
)

var errThreeNumbers = errors.New("not three numbers")

// SignUpLimits is how many accounts may be created, written as 20,100,1000. 0 means no limit.
type SignUpLimits struct {
	PerHour int // from one network in an hour
	PerDay  int // from one network in a day
	Total   int // in a day
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (l *SignUpLimits) UnmarshalText(text []byte) error {
	numbers, err := threeNumbers(text)
	*l = SignUpLimits{numbers[0], numbers[1], numbers[2]}
	return err
}

func (l SignUpLimits) valid() bool { return allBetween(0, 100_000, l.PerHour, l.PerDay, l.Total) }

// FathomLimits is how many calls of each key Fathom accepts in a minute, written as 60,30,30.
type FathomLimits struct {
	Calls     int // in total
	Texts     int // that include summaries or transcripts
	Downloads int // requests for files, which are counted separately
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (l *FathomLimits) UnmarshalText(text []byte) error {
	numbers, err := threeNumbers(text)
	*l = FathomLimits{numbers[0], numbers[1], numbers[2]}
	return err
}

func (l FathomLimits) valid() bool { return allBetween(1, 100_000, l.Calls, l.Texts, l.Downloads) }

func threeNumbers(text []byte) (numbers [3]int, err error) {
	parts := strings.Split(string(text), ",")
	if len(parts) != len(numbers) {
		return numbers, errThreeNumbers
	}
	for i, part := range parts {
		if numbers[i], err = strconv.Atoi(strings.TrimSpace(part)); err != nil {
			return [3]int{}, errThreeNumbers
		}
	}
	return numbers, nil
}

func allBetween(least, most int, numbers ...int) bool {
	for _, n := range numbers {
		if n < least || n > most {
			return false
		}
	}
	return true
}
