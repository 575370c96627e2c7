package backup_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
)

func TestVerifyLeavesTheReserveOfTheDiskFree(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.provision("ada@example.com")
	h.create()
	full := ledger.New(ledger.Config{Free: func(string) (int64, error) { return ledger.DefaultReserve, nil }})
	_, err := h.Repository.Verify(t.Context(), backup.Latest, t.TempDir(), full)
	_, isFull := errors.AsType[*ledger.DiskError](err)
	assert.True(t, isFull, "%v", err)
}

// The folders are the command's: a server that starts meanwhile leaves them alone, and the next command removes those of a killed one.
func TestVerifyRemovesWhatAKilledCommandLeft(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.provision("ada@example.com")
	h.create()
	dir := t.TempDir()
	left := filepath.Join(dir, ".verify-123")
	require.NoError(t, os.MkdirAll(filepath.Join(left, "global"), 0o700))
	result, err := h.Repository.Verify(t.Context(), backup.Latest, dir, h.Ledger)
	require.NoError(t, err)
	assert.Empty(t, result.Problems)
	assertNames(t, dir)
}

func TestArchiveIsVerifiedWithoutUnpackingIt(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada := h.provision("ada@example.com")
	h.addRecording(ada.Name, string(make([]byte, 64<<20)))
	require.NoError(t, h.databases.Archive(t.Context(), []string{ada.Name}, ignoreOutcome))
	h.create()
	free := ledger.New(ledger.Config{Free: func(string) (int64, error) { return ledger.DefaultReserve + 40<<20, nil }})
	result, err := h.Repository.Verify(t.Context(), backup.Latest, t.TempDir(), free)
	require.NoError(t, err)
	assert.Empty(t, result.Problems)
	assert.Equal(t, 2, result.Databases)
}
