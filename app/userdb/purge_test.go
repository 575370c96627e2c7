package userdb

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

// provisionWithRecordings creates a database with a recording in S3 and another one on disk.
func (h *s3Harness) provisionWithRecordings(email string) registry.Entry {
	h.t.Helper()
	entry := h.provision(email)
	handle := h.acquire(entry.Name)
	h.storeRecording(handle.Database, 1, "in S3")
	h.saveRecording(handle.Database, 2, "", "on disk")
	handle.Release()
	return h.entry(entry.Name)
}

// schedule schedules a database for deletion right now.
func (h *harness) schedule(entry registry.Entry) registry.Entry {
	h.t.Helper()
	require.NoError(h.t, h.scheduleDeletion(h.t.Context(), &entry, h.now()))
	return h.entry(entry.Name)
}

// restoreError returns the error of restoring a database.
func (h *harness) restoreError(name string) string {
	h.t.Helper()
	outcomes := []Outcome{}
	require.NoError(h.t, h.Restore(h.t.Context(), []string{name}, func(o Outcome) { outcomes = append(outcomes, o) }))
	require.Len(h.t, outcomes, 1)
	return outcomes[0].Error
}

func TestDatabaseWhoseFilesAreBeingDeletedIsNotRestored(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	entry := h.schedule(h.provisionWithRecordings("ada@example.com"))
	h.s3.Fail(s3test.ListMultipartUploads, s3test.Always, 403, "AccessDenied")
	require.NoError(t, h.ApplyRetention(t.Context()))
	require.Empty(t, h.s3.Keys(), "the first recording is gone")
	row := h.entry(entry.Name)
	assert.Equal(t, registry.StatusDeleting, row.Status)
	assert.WithinDuration(t, h.now(), row.PurgeStarted, time.Second)
	assert.Contains(t, h.restoreError(entry.Name), "deletion of its files has begun, so it can't be restored any more (on ")
	assert.Equal(t, registry.StatusDeleting, h.entry(entry.Name).Status)
	details, err := h.Show(t.Context(), entry.Name)
	require.NoError(t, err)
	require.NotNil(t, details.PurgeStarted)
	assert.True(t, details.PurgeStarted.Equal(row.PurgeStarted))
	assert.Contains(t, details.Error, "AccessDenied")

	// Neither the operator nor the user postpones it again.
	var outcome Outcome
	require.NoError(t, h.Delete(t.Context(), []string{entry.Name}, false, func(o Outcome) { outcome = o }))
	assert.Contains(t, outcome.Error, "AccessDenied")
	user, err := h.app.FindRecordById("users", entry.UserID)
	require.NoError(t, err)
	require.NoError(t, h.UserDeleted(t.Context(), h.app, user))
	require.True(t, h.entry(entry.Name).DeleteAfter.After(h.now()))
	h.clock.Advance(time.Minute)
	require.NoError(t, h.ApplyRetention(t.Context()))
	assert.True(t, h.entry(entry.Name).PurgeStarted.Equal(row.PurgeStarted), "it says when the first file was deleted")
	h.s3.ClearFaults()
	require.NoError(t, h.ApplyRetention(t.Context()))
	_, err = h.registry.ByName(t.Context(), entry.Name)
	require.ErrorIs(t, err, registry.ErrNotFound)
	assert.NoDirExists(t, h.Dir(entry.Name))
}

// The process may end between the first step, which only records that the deletion begins, and the next one.
func TestInterruptedPurgeIsCompleted(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	folder := h.schedule(h.provisionWithRecordings("folder@example.com"))
	archive := h.schedule(h.archiveNow(h.provisionWithRecordings("archive@example.com")))
	for _, entry := range []registry.Entry{folder, archive} {
		require.NoError(t, h.startPurge(t.Context(), entry))
	}
	found, err := h.reconcile(t.Context())
	require.NoError(t, err)
	changed := slices.Concat(found.finished, found.missing, found.damaged, found.unknown)
	assert.Empty(t, changed, "the next start changes nothing")
	for _, entry := range []registry.Entry{folder, archive} {
		assert.Contains(t, h.restoreError(entry.Name), "deletion of its files has begun")
	}
	require.NoError(t, h.ApplyRetention(t.Context()))
	for _, entry := range []registry.Entry{folder, archive} {
		_, err := h.registry.ByName(t.Context(), entry.Name)
		require.ErrorIs(t, err, registry.ErrNotFound)
	}
	assert.Empty(t, h.s3.Keys())
}

func TestPurgeChecksEverythingBeforeItDeletes(t *testing.T) {
	t.Parallel()
	elsewhere := func(t *testing.T, h *s3Harness, entry registry.Entry) (target string) {
		storage := h.storageDir(entry.Name)
		target = filepath.Join(t.TempDir(), "storage")
		require.NoError(t, os.Rename(storage, target))
		require.NoError(t, os.Symlink(target, storage))
		return target
	}
	for name, obstruct := range map[string]func(t *testing.T, h *s3Harness, entry registry.Entry) (remove func()){
		"another database uses the storage folder": func(t *testing.T, h *s3Harness, entry registry.Entry) func() {
			target := elsewhere(t, h, entry)
			other := h.storageDir(h.provision("other@example.com").Name)
			require.NoError(t, os.RemoveAll(other))
			require.NoError(t, os.Symlink(target, other))
			return func() { require.NoError(t, os.Remove(other)) }
		},
		"the disk of the storage folder isn't mounted": func(t *testing.T, h *s3Harness, entry registry.Entry) func() {
			target := elsewhere(t, h, entry)
			require.NoError(t, os.Rename(target, target+".away"))
			return func() { require.NoError(t, os.Rename(target+".away", target)) }
		},
		"S3 fails": func(_ *testing.T, h *s3Harness, _ registry.Entry) func() {
			h.s3.Disconnect(s3test.ListObjects, s3test.Always)
			return h.s3.ClearFaults
		},
		"S3 isn't configured": func(_ *testing.T, h *s3Harness, _ registry.Entry) func() {
			store := h.blobs.S3
			h.blobs.S3 = nil
			return func() { h.blobs.S3 = store }
		},
	} {
		for _, archived := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				h := newS3Harness(t)
				entry := h.provisionWithRecordings("ada@example.com")
				remove := obstruct(t, h, entry)
				if archived {
					entry = h.archiveNow(entry)
				}
				entry = h.schedule(entry)
				require.Error(t, h.purge(t.Context(), entry))
				assert.Len(t, h.s3.Keys(), 1)
				row := h.entry(entry.Name)
				assert.NotEmpty(t, row.Error)
				assert.Zero(t, row.PurgeStarted)

				require.Empty(t, h.restoreError(entry.Name))
				remove()
				if archived {
					require.Equal(t, registry.StatusArchived, h.entry(entry.Name).Status)
					require.Empty(t, h.restoreError(entry.Name))
				}
				assert.Empty(t, h.problems(entry.Name), "nothing is lost")
				require.NoError(t, h.purge(t.Context(), h.schedule(h.entry(entry.Name))))
				assert.Empty(t, h.s3.Keys())
			})
		}
	}
}
