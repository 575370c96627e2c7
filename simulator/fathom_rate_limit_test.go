package simulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestRateLimits(t *testing.T) {
	t.Parallel()
	now := newClock()
	s := start(t, simulator.Config{RateLimits: true, Now: now.Now, APIKeys: []string{simulator.DemoAPIKey, "other"}})
	for i := range 60 {
		a := s.get("/teams")
		require.Equal(t, 200, a.StatusCode, i)
		if i == 0 {
			assert.Equal(t, "60", a.Header.Get("RateLimit-Limit"))
			assert.Equal(t, "59", a.Header.Get("RateLimit-Remaining"))
			assert.Equal(t, "60", a.Header.Get("RateLimit-Reset"))
			assert.Empty(t, a.Header.Get("Retry-After"))
		}
	}
	now.add(20 * time.Second)
	a := s.get("/teams")
	assert.Equal(t, 429, a.StatusCode)
	assert.Equal(t, "40", a.Header.Get("Retry-After"))
	assert.Equal(t, "40", a.Header.Get("RateLimit-Reset"))
	assert.Equal(t, "0", a.Header.Get("RateLimit-Remaining"))
	assert.Equal(t, 429, s.get("/recordings/1001/summary").StatusCode, "heavy calls count as calls")
	assert.Equal(t, 202, s.api(http.MethodPost, "/recordings/1001/download", "").StatusCode, "a bucket of its own")
	s.key = "other"
	assert.Equal(t, 200, s.get("/teams").StatusCode, "each key has its own")
	s.key = simulator.DemoAPIKey
	now.add(40 * time.Second)
	assert.Equal(t, 200, s.get("/teams").StatusCode)
}

func TestHeavyAndDownloadLimits(t *testing.T) {
	t.Parallel()
	now := newClock()
	s := start(t, simulator.Config{
		RateLimits: true, HeadersOff: true, Now: now.Now, Limits: simulator.Limits{Heavy: 3, Download: 2},
	})
	for _, path := range []string{"/recordings/1001/summary", "/recordings/1001/transcript", "/meetings?include_transcript=true"} {
		assert.Equal(t, 200, s.get(path).StatusCode)
	}
	a := s.get("/meetings?include_summary=true")
	assert.Equal(t, 429, a.StatusCode)
	assert.Empty(t, a.Header.Get("Retry-After"))
	assert.Empty(t, a.Header.Get("RateLimit-Limit"))
	assert.Equal(t, 200, s.get("/meetings?include_summary=false").StatusCode)
	for _, status := range []int{202, 202, 429} {
		assert.Equal(t, status, s.api(http.MethodPost, "/recordings/1001/download", "").StatusCode)
	}
}
