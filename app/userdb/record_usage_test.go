package userdb

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLastUseIsRecordedWithoutASize(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	before := h.provision("ada@example.com")
	require.Positive(t, before.Size)
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	unreadable := New(Config{App: h.app, Dir: file, Now: h.clock.Now}) // no folder can exist below a file
	unreadable.lastUsed.set(before.Name, h.now())
	unreadable.recordUsage(t.Context())
	after := h.entry(before.Name)
	assert.WithinDuration(t, h.now(), after.LastUsed, time.Millisecond)
	assert.Equal(t, before.Size, after.Size)
}
