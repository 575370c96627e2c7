package transfer

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue/queuetest"
)

func TestServiceStopsWithoutStartAndMoreThanOnce(t *testing.T) {
	s := New(Config{})
	require.NoError(t, s.Stop(t.Context()))

	s = New(Config{Global: queuetest.Open(t)})
	require.NoError(t, s.Start(t.Context()))
	require.NoError(t, s.Stop(t.Context()))
	require.NoError(t, s.Stop(t.Context()))
	s.CheckConnection("database", "connection")
	assert.Empty(t, s.checks.repeat, "no check starts after Stop")
}

func TestChangedConnectionIsCheckedOnceMore(t *testing.T) {
	checks := checks{repeat: map[string]bool{"a": true}}
	assert.True(t, checks.mustRepeat(t.Context(), "a"))
	assert.False(t, checks.mustRepeat(t.Context(), "a"))
	assert.Empty(t, checks.repeat)

	checks.repeat["a"] = true
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	assert.False(t, checks.mustRepeat(cancelled, "a"))
	assert.Empty(t, checks.repeat)
}
