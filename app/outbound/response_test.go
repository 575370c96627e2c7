package outbound_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

func TestReadBody(t *testing.T) {
	read, err := outbound.ReadBody(strings.NewReader("12345"), 5)
	require.NoError(t, err)
	assert.Equal(t, "12345", string(read))

	read, err = outbound.ReadBody(strings.NewReader("123456"), 5)
	require.ErrorIs(t, err, outbound.ErrBodyTooLarge)
	assert.Equal(t, "12345", string(read))

	failure := errors.New("connection reset")
	_, err = outbound.ReadBody(iotest.ErrReader(failure), 5)
	require.ErrorIs(t, err, failure)
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 1, 2, 9, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"7": 7 * time.Second, " 7 ": 7 * time.Second, "1.5": 1500 * time.Millisecond, "0": 0, "-5": 0, "NaN": 0,
		"1e300": 24 * time.Hour,
		now.Add(30 * time.Second).Format(http.TimeFormat): 30 * time.Second,
		now.Add(-time.Hour).Format(http.TimeFormat):       0,
		now.AddDate(90, 0, 0).Format(http.TimeFormat):     24 * time.Hour,
	} {
		wait, ok := outbound.RetryAfter(http.Header{"Retry-After": {value}}, now)
		assert.True(t, ok, value)
		assert.Equal(t, want, wait, value)
	}
	for _, value := range []string{"", "soon", "7s"} {
		_, ok := outbound.RetryAfter(http.Header{"Retry-After": {value}}, now)
		assert.False(t, ok, value)
	}
}

func TestSleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		require.NoError(t, outbound.Sleep(t.Context(), time.Minute))
		assert.Equal(t, time.Minute, time.Since(started))

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, outbound.Sleep(ctx, time.Minute), context.DeadlineExceeded)
		assert.Equal(t, time.Minute+time.Second, time.Since(started))
	})
}
