package userdb

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestFormatBytes(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "0 bytes", 999: "999 bytes", 1000: "1.0 kB", 262144: "262.1 kB", 1_500_000_000: "1.5 GB", 5_000_000_000_000_000: "5000.0 TB",
	} {
		assert.Equal(t, want, FormatBytes(bytes))
	}
}
