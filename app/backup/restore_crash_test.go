package backup_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
)

// A crash may come between any two changes to the data directories. Then the start and the same command must both work.
func TestCrashAtAnyChangeOfARestore(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada := h.provision("ada@example.com")
	bob := h.provision("bob@example.com")
	require.NoError(t, h.databases.Archive(t.Context(), []string{bob.Name}, ignoreOutcome))
	h.create()
	crash := errors.New("crash")
	crashes := 0
	for n := 0; ; n++ {
		for _, starts := range []bool{true, false} {
			to := target(t)
			to.Replace = true
			require.NoError(t, os.WriteFile(filepath.Join(to.DataDir, "data.db"), []byte("present"), 0o600))
			require.NoError(t, os.MkdirAll(filepath.Join(to.UserDBsDir, ".archives", "present"), 0o700))
			require.NoError(t, os.MkdirAll(filepath.Join(to.UserDBsDir, ada.Name, "present"), 0o700))
			interrupted := to
			interrupted.CrashBefore(n, crash)
			_, err := h.Repository.Restore(t.Context(), backup.Latest, interrupted)
			if err == nil {
				require.Greater(t, crashes, 20)
				return
			}
			require.ErrorIs(t, err, crash)
			crashes++
			set, err := backup.FinishRestore(to.DataDir)
			require.NoError(t, err)
			replaced := set != "" || sizeOf(t, filepath.Join(to.DataDir, "data.db")) != 7
			if !starts || !replaced { // the operator repeats the command
				_, err := h.Repository.Restore(t.Context(), backup.Latest, to)
				require.NoError(t, err, "after %d changes", n)
			}
			present := 0
			for _, dir := range []string{to.DataDir, to.UserDBsDir} {
				entries, err := os.ReadDir(dir)
				require.NoError(t, err)
				for _, entry := range entries {
					assert.False(t, strings.HasPrefix(entry.Name(), ".restoring"), "after %d changes: %s", n, entry.Name())
					for _, name := range []string{"data.db", ada.Name + "/present"} {
						if info, err := os.Stat(filepath.Join(dir, entry.Name(), name)); err == nil && (info.IsDir() || info.Size() == 7) {
							present++
						}
					}
				}
			}
			assert.Equal(t, 2, present, "after %d changes, the former data is kept", n)
			assert.Len(t, titles(t, openRestored(t, to), ada.Name), 1)
		}
	}
}

func TestRestoreAfterLeftoversOfAnEarlierVersion(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada := h.provision("ada@example.com")
	set := h.create()
	for _, dir := range []int{0, 1} {
		to := target(t)
		to.Replace = true
		folder := filepath.Join([]string{to.DataDir, to.UserDBsDir}[dir], ".restoring")
		require.NoError(t, os.MkdirAll(filepath.Join(folder, "new"), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(folder, "set"), []byte(set.Name), 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(folder, "moved"), nil, 0o600))
		require.NoError(t, os.MkdirAll(filepath.Join(to.UserDBsDir, ada.Name, "present"), 0o700))
		_, err := h.Repository.Restore(t.Context(), backup.Latest, to)
		require.NoError(t, err)
		assert.Len(t, titles(t, openRestored(t, to), ada.Name), 1)
	}
}
