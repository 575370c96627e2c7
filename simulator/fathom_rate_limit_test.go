package simulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestGlobalRateLimit(t *testing.T) {
	t.Parallel()
	now := newClock()
	s := start(t, simulator.Config{RateLimits: true, Now: now.Now, APIKeys: []string{simulator.DemoAPIKey, "other"}})
	for i := range 60 {
		res := s.get("/teams")
		require.Equal(t, 200, res.StatusCode, i)
		if i == 0 {
			assert.Equal(t, "60", res.Header.Get("RateLimit-Limit"))
			assert.Equal(t, "59", res.Header.Get("RateLimit-Remaining"))
			assert.Equal(t, "60", res.Header.Get("RateLimit-Reset"))
			assert.Empty(t, res.Header.Get("Retry-After"))
		}
	}
	now.Advance(20 * time.Second)
	res := s.get("/teams")
	assert.Equal(t, 429, res.StatusCode)
	assert.Equal(t, "40", res.Header.Get("Retry-After"))
	assert.Equal(t, "40", res.Header.Get("RateLimit-Reset"))
	assert.Equal(t, "0", res.Header.Get("RateLimit-Remaining"))
	assert.Equal(t, 429, s.get("/recordings/1001/summary").StatusCode, "heavy calls also count as calls")
	res = s.api(http.MethodPost, "/recordings/1001/download", "")
	assert.Equal(t, 202, res.StatusCode, "download requests have their own bucket")
	s.key = "other"
	assert.Equal(t, 200, s.get("/teams").StatusCode, "each key has its own buckets")
	s.key = simulator.DemoAPIKey
	now.Advance(40 * time.Second)
	assert.Equal(t, 200, s.get("/teams").StatusCode)
}

func TestHeavyAndDownloadRateLimits(t *testing.T) {
	t.Parallel()
	now := newClock()
	s := start(t, simulator.Config{
		RateLimits: true, HeadersOff: true, Now: now.Now, Limits: simulator.Limits{Heavy: 3, Download: 2},
	})
	for _, path := range []string{"/recordings/1001/summary", "/recordings/1001/transcript", "/meetings?include_transcript=true"} {
		assert.Equal(t, 200, s.get(path).StatusCode)
	}
	res := s.get("/meetings?include_summary=true")
	assert.Equal(t, 429, res.StatusCode)
	assert.Empty(t, res.Header.Get("Retry-After"))
	assert.Empty(t, res.Header.Get("RateLimit-Limit"))
	assert.Equal(t, 200, s.get("/meetings?include_summary=false").StatusCode)
	for _, status := range []int{202, 202, 429} {
		assert.Equal(t, status, s.api(http.MethodPost, "/recordings/1001/download", "").StatusCode)
	}
}
