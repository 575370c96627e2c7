package config

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

var errSize = errors.New("not a size")

// Size is a number of bytes, written as 10GB, 500MB or a bare number. Units are
// powers of 1000, as on the label of a disk.
type Size int64

var sizeUnits = []struct {
	suffix string
	bytes  int64
}{{"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}, {"B", 1}, {"", 1}}

// UnmarshalText implements encoding.TextUnmarshaler, which envconfig calls.
func (s *Size) UnmarshalText(text []byte) error {
	written := strings.ToUpper(strings.ReplaceAll(string(text), " ", ""))
	for _, unit := range sizeUnits {
		number, ok := strings.CutSuffix(written, unit.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil || n < 0 || n > math.MaxInt64/unit.bytes {
			return errSize
		}
		*s = Size(n * unit.bytes)
		return nil
	}
	return errSize
}

// Bytes is the size as a plain number.
func (s Size) Bytes() int64 { return int64(s) }
