package config

import (
	"errors"
	"math"
	"strings"

	"github.com/dustin/go-humanize"
)

var errSize = errors.New("not a size")

// Size is a number of bytes, written as 10GB, 500MB or a bare number. As on the labels of disks, GB is
// a power of 1000; GiB is a power of 1024.
type Size int64

// Bytes returns the number of bytes.
func (s Size) Bytes() int64 { return int64(s) }

// String rounds the size to two digits, such as 1.5 GB.
func (s Size) String() string { return humanize.Bytes(uint64(max(s, 0))) }

// UnmarshalText implements encoding.TextUnmarshaler. Numbers are whole: humanize ignores commas, so
// it would read 1,5GB as 15 GB.
func (s *Size) UnmarshalText(text []byte) error {
	if strings.ContainsAny(string(text), ".,") {
		return errSize
	}
	n, err := humanize.ParseBytes(strings.ReplaceAll(string(text), " ", ""))
	if err != nil || n > math.MaxInt64 {
		return errSize
	}
	*s = Size(n)
	return nil
}
