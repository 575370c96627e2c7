package userdb

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
)

func TestChangeContinuesWhenItsCallerHasWaitedLongEnough(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	entry := h.provision("ada@example.com")
	handle := h.acquire(entry.Name) // the archive waits for it
	require.ErrorIs(t, h.ArchiveWithin(t.Context(), time.Millisecond, entry.Name), ErrContinues)
	assert.Equal(t, registry.StatusReady, h.entry(entry.Name).Status)
	handle.Release()
	polltest.Until(t, 10*time.Millisecond, func() bool { return h.entry(entry.Name).Status == registry.StatusArchived }, "the archive was given up")

	require.Error(t, h.ArchiveWithin(t.Context(), time.Minute, entry.Name), "it is archived already")
	require.NoError(t, h.RestoreWithin(t.Context(), time.Minute, entry.Name))
	assert.Equal(t, registry.StatusReady, h.entry(entry.Name).Status)
	require.ErrorContains(t, h.RestoreWithin(t.Context(), time.Minute, entry.Name), "nothing to restore")
	require.ErrorIs(t, h.RestoreWithin(t.Context(), time.Minute, "2020-01-01-001-nobody"), registry.ErrNotFound)
	require.NoError(t, h.Stop(t.Context()))
	require.ErrorIs(t, h.ArchiveWithin(t.Context(), time.Minute, entry.Name), ErrClosed)
}
