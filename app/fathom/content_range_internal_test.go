package fathom

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// The host of a file says which part of it a response is. What is accepted must be a part of a file.
func FuzzContentRange(f *testing.F) {
	for _, seed := range []string{
		"bytes 5-9/10", "bytes */10", "bytes 5-9/*", "bytes 0-0/1", "bytes 9-5/10", "bytes -1-5/10", "bytes 5-9/-1", "bytes 5-/10",
		"bytes 0-9223372036854775808/1", "bytes\t0-1/2", "", "bytes ", "items 0-1/2", "bytes 0-1/2, bytes 3-4/5",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		first, total, ok := parseContentRange(http.Header{"Content-Range": {text}})
		if !ok {
			require.Zero(t, first)
			require.Zero(t, total)
			return
		}
		require.GreaterOrEqual(t, first, int64(-1))
		require.GreaterOrEqual(t, total, int64(-1))
		if first >= 0 && total > first { // written in the usual way, it means the same
			again, size, ok := parseContentRange(http.Header{"Content-Range": {fmt.Sprintf("bytes %d-%d/%d", first, total-1, total)}})
			require.True(t, ok)
			require.Equal(t, first, again)
			require.Equal(t, total, size)
		}
	})
}
