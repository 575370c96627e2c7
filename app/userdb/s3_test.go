package userdb

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

func TestUsageAndQuotaCountRecordingsInS3(t *testing.T) {
	t.Parallel()
	const quota = 50_000_000
	h := newS3Harness(t, func(cfg *Config) { cfg.Quota = quota })
	handle := h.acquire(h.provision("ada@example.com").Name)
	defer handle.Release()
	before, err := h.Usage(handle.Database)
	require.NoError(t, err)
	used := func() int64 {
		t.Helper()
		handle.StorageChanged()
		usage, err := h.Usage(handle.Database)
		require.NoError(t, err)
		return usage.Bytes - before.Bytes
	}
	inRows := func(db *Database) int64 { // what the rows of the test themselves take
		size, err := rowsSize(h.Dir(db.Name), db.App)
		require.NoError(t, err)
		return size - before.Bytes
	}

	recording := h.saveRecording(handle.Database, 1, handle.Name+"/1/a", "x")
	setSize := func(size int) {
		recording.Set("size", size)
		require.NoError(t, handle.App.UnsafeWithoutHooks().SaveNoValidate(recording))
	}
	setSize(20_000_000)
	assert.Equal(t, 20_000_000+inRows(handle.Database), used())

	upload := blob.Upload{Engine: blob.EngineS3, Key: handle.Name + "/2/b", ID: "id", Size: 16_000_000}
	h.saveUpload(handle.Database, 2, upload)
	h.saveUpload(handle.Database, 3, blob.Upload{Engine: blob.EngineS3, Key: handle.Name + "/3/c"}) // nothing is stored yet
	h.saveUpload(handle.Database, 4, blob.Upload{
		Engine: blob.EngineDisk, Key: handle.Name + "/storage/a/b/recording.mp4", Size: 9_000_000,
	})
	assert.Equal(t, 36_000_000+inRows(handle.Database), used(), "of uploads to the disk, the file counts")

	space, err := handle.Space.OpenFile(ledger.FileSpec{
		What: "video", Remote: true, Key: upload.Key, Existing: upload.Size, Size: 20_000_000,
	})
	require.NoError(t, err)
	usage, err := h.Usage(handle.Database)
	require.NoError(t, err)
	assert.Equal(t, 36_000_000+inRows(handle.Database), usage.Bytes-before.Bytes, "it doesn't count twice")
	assert.EqualValues(t, 4_000_000, usage.Reserved)
	var over *ledger.QuotaError
	_, err = handle.Space.OpenFile(ledger.FileSpec{What: "video", Remote: true, Size: 12_000_000})
	require.ErrorAs(t, err, &over)
	require.NoError(t, space.Close())

	// The recording has been published, but its transfer still refers to the upload.
	h.saveRecording(handle.Database, 5, upload.Key, strings.Repeat("v", 100))
	assert.Equal(t, 20_000_100+inRows(handle.Database), used())
	require.NoError(t, handle.App.UnsafeWithoutHooks().Delete(recording))
	assert.Equal(t, 100+inRows(handle.Database), used())
	details, err := h.Show(t.Context(), handle.Name)
	require.NoError(t, err)
	assert.EqualValues(t, 100, details.InS3)
}

// exported returns the content of the files in an export, and the unpacked folder.
func (h *harness) exported(db *Database) (files map[string]string, dir string) {
	h.t.Helper()
	var archive bytes.Buffer
	require.NoError(h.t, h.Export(h.t.Context(), db, &archive))
	return unzipExport(h.t, archive.Bytes())
}

func TestExportContainsRecordingsInS3(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	handle := h.acquire(h.provision("ada@example.com").Name)
	defer handle.Release()
	remote := h.storeRecording(handle.Database, 1, "in S3")
	local := h.saveRecording(handle.Database, 2, "", "on disk")
	copied := h.storeRecording(handle.Database, 3, "moved to S3")
	h.writeRecording(handle.Name, copied, "the copy that the move has left on disk")
	h.saveUpload(handle.Database, 4, blob.Upload{Engine: blob.EngineS3, Key: handle.Name + "/4/d", ID: "secret-upload-id"})

	files, dir := h.exported(handle.Database)
	for recording, want := range map[*core.Record]string{remote: "in S3", local: "on disk", copied: "moved to S3"} {
		assert.Equal(t, want, files[RecordingPath(recording, "recording.mp4")])
	}
	db, err := sqlite.Open(filepath.Join(dir, sqlite.DataFile))
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	var inS3, uploads int
	require.NoError(t, db.NewQuery("SELECT COUNT(*) FROM recordings WHERE blob != ''").Row(&inS3))
	require.NoError(t, db.NewQuery("SELECT COUNT(*) FROM transfers WHERE upload IS NOT NULL").Row(&uploads))
	assert.Zero(t, inS3, "all recordings of the export are on disk")
	assert.Zero(t, uploads)
	raw, err := os.ReadFile(filepath.Join(dir, sqlite.DataFile))
	require.NoError(t, err)
	assert.NotContains(t, string(raw), "secret-upload-id")
}

func TestExportFollowsRecordingsThatMoveMeanwhile(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	handle := h.acquire(h.provision("ada@example.com").Name)
	defer handle.Release()
	first := h.storeRecording(handle.Database, 1, "first")
	moved, deleted := h.storeRecording(handle.Database, 2, "moved"), h.storeRecording(handle.Database, 3, "deleted")
	toS3 := h.saveRecording(handle.Database, 4, "", "moved to S3")
	db := handle.App.UnsafeWithoutHooks()
	changes := make(chan error, 10)
	h.s3.Before(s3test.HeadObject, 1, func() { // the snapshot has been taken
		for _, recording := range []*core.Record{moved, deleted} {
			h.s3.Remove(recording.GetString("blob"))
		}
		changes <- os.MkdirAll(filepath.Join(h.Dir(handle.Name), "storage", moved.BaseFilesPath()), 0o700)
		file := filepath.Join(h.Dir(handle.Name), RecordingPath(moved, "recording.mp4"))
		changes <- os.WriteFile(file, []byte("moved"), 0o600)
		moved.Set("blob", "")
		changes <- db.SaveNoValidate(moved)
		changes <- db.Delete(deleted)
		h.s3.Put(t, handle.Name+"/4/new", []byte("moved to S3"))
		toS3.Set("blob", handle.Name+"/4/new")
		changes <- db.SaveNoValidate(toS3)
		changes <- os.Remove(filepath.Join(h.Dir(handle.Name), RecordingPath(toS3, "recording.mp4")))
	})
	files, _ := h.exported(handle.Database)
	require.Len(t, changes, 6)
	for range 6 {
		require.NoError(t, <-changes)
	}
	assert.Equal(t, "first", files[RecordingPath(first, "recording.mp4")])
	assert.Equal(t, "moved", files[RecordingPath(moved, "recording.mp4")])
	assert.Equal(t, "moved to S3", files[RecordingPath(toS3, "recording.mp4")])
	assert.NotContains(t, files, RecordingPath(deleted, "recording.mp4"))
}

func TestExportIsRefusedIfS3LacksARecording(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	handle := h.acquire(h.provision("ada@example.com").Name)
	defer handle.Release()
	missing, foreign := h.storeRecording(handle.Database, 1, "missing"), h.storeRecording(handle.Database, 2, "foreign")
	refused := func(text string) {
		t.Helper()
		var archive bytes.Buffer
		require.ErrorContains(t, h.Export(t.Context(), handle.Database, &archive), text)
		assert.Zero(t, archive.Len(), "nothing was sent, so the client gets an error instead of half an archive")
	}
	content := h.s3.Content(t, missing.GetString("blob"))
	h.s3.Remove(missing.GetString("blob"))
	refused(missing.Id)
	h.s3.Put(t, missing.GetString("blob"), content)

	h.s3.Put(t, "2020-01-01-001-other/1/a", []byte("of another user"))
	key := foreign.GetString("blob")
	foreign.Set("blob", "2020-01-01-001-other/1/a")
	require.NoError(t, handle.App.UnsafeWithoutHooks().SaveNoValidate(foreign))
	refused(foreign.Id)
	foreign.Set("blob", key)
	require.NoError(t, handle.App.UnsafeWithoutHooks().SaveNoValidate(foreign))

	h.s3.Fail(s3test.ListObjects, s3test.Always, 403, "AccessDenied")
	refused("credentials")
	h.s3.ClearFaults()
	files, _ := h.exported(handle.Database)
	assert.Contains(t, files, RecordingPath(missing, "recording.mp4"))
}

func TestArchivingLeavesRecordingsInS3(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	entry := h.provision("ada@example.com")
	handle := h.acquire(entry.Name)
	recording := h.storeRecording(handle.Database, 1, "video")
	handle.Release()
	requests := h.s3.Count(s3test.ListObjects) + h.s3.Count(s3test.HeadObject)
	archived := h.archiveNow(h.entry(entry.Name))
	assert.EqualValues(t, 5, archived.SizeInS3)
	details, err := h.Show(t.Context(), entry.Name)
	require.NoError(t, err)
	assert.EqualValues(t, 5, details.InS3)
	stats, err := h.Stats(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 5, stats.SizeInS3)
	_, err = h.unarchive(t.Context(), archived)
	require.NoError(t, err)
	assert.Equal(t, requests, h.s3.Count(s3test.ListObjects)+h.s3.Count(s3test.HeadObject), "S3 isn't needed")
	assert.Equal(t, []string{recording.GetString("blob")}, h.s3.Keys())
}

func TestPurgeDeletesRecordingsInS3(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	var entries []registry.Entry
	for _, email := range []string{"folder@example.com", "archived@example.com", "restored@example.com"} {
		entry := h.provision(email)
		handle := h.acquire(entry.Name)
		h.storeRecording(handle.Database, 1, "video")
		handle.Release()
		entries = append(entries, entry)
	}
	other := "2020-01-01-001-other/1/a"
	h.s3.Put(t, other, []byte("of another user"))
	h.archiveNow(h.entry(entries[1].Name))
	for _, entry := range entries {
		row := h.entry(entry.Name)
		require.NoError(t, h.scheduleDeletion(t.Context(), &row, h.now().Add(time.Hour)))
	}
	require.NoError(t, h.ApplyRetention(t.Context()))
	assert.Len(t, h.s3.Keys(), 4, "nothing is deleted during the grace period")
	require.NoError(t, h.undelete(t.Context(), h.entry(entries[2].Name)))

	h.clock.Advance(2 * time.Hour)
	h.s3.Fail(s3test.ListObjects, s3test.Always, 503, "SlowDown")
	mark := len(h.log.String())
	require.NoError(t, h.ApplyRetention(t.Context()))
	logged := h.log.String()[mark:]
	assert.Equal(t, 1, strings.Count(logged, "level=ERROR"), "one pass reports the failure once: %s", logged)
	assert.Contains(t, logged, "databases=2")
	failed := h.entry(entries[0].Name)
	assert.Equal(t, registry.StatusDeleting, failed.Status)
	assert.Contains(t, failed.Error, "delete recordings in S3")
	assert.FileExists(t, filepath.Join(h.Dir(entries[0].Name), sqlite.DataFile), "nothing is lost as long as S3 fails")

	h.s3.ClearFaults()
	require.NoError(t, h.ApplyRetention(t.Context()))
	for _, entry := range entries[:2] {
		_, err := h.registry.ByName(t.Context(), entry.Name)
		require.ErrorIs(t, err, registry.ErrNotFound)
		assert.NoDirExists(t, h.Dir(entry.Name))
	}
	assert.ElementsMatch(t, []string{other, entries[2].Name + "/1/aaaa-1"}, h.s3.Keys(), "others keep theirs")
}

func TestDatabaseIsNotPurgedWhileItsRecordingsCannotBe(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	folder, archive := h.provision("folder@example.com"), h.provision("archive@example.com")
	without := h.provision("without@example.com")
	for _, entry := range []registry.Entry{folder, archive} {
		handle := h.acquire(entry.Name)
		h.storeRecording(handle.Database, 1, "video")
		handle.Release()
	}
	h.archiveNow(h.entry(archive.Name))
	store := h.blobs.S3
	h.blobs.S3 = nil // as after a restart without the settings
	for _, entry := range []registry.Entry{folder, archive, without} {
		row := h.entry(entry.Name)
		require.NoError(t, h.scheduleDeletion(t.Context(), &row, h.now()))
	}
	require.NoError(t, h.ApplyRetention(t.Context()))
	for _, entry := range []registry.Entry{folder, archive} {
		assert.Contains(t, h.entry(entry.Name).Error, "set the S3_… settings")
	}
	assert.FileExists(t, filepath.Join(h.Dir(folder.Name), sqlite.DataFile))
	assert.FileExists(t, h.archivePath(archive.Name))
	_, err := h.registry.ByName(t.Context(), without.Name)
	require.ErrorIs(t, err, registry.ErrNotFound, "databases without recordings in S3 are deleted")
	require.NoError(t, h.undelete(t.Context(), h.entry(folder.Name)))
	assert.Empty(t, h.entry(folder.Name).Error)

	h.blobs.S3 = store
	require.NoError(t, h.ApplyRetention(t.Context()))
	_, err = h.registry.ByName(t.Context(), archive.Name)
	require.ErrorIs(t, err, registry.ErrNotFound)
	assert.Equal(t, []string{folder.Name + "/1/aaaa-1"}, h.s3.Keys())
}

func (h *harness) problems(name string) (problems []string) {
	h.t.Helper()
	require.NoError(h.t, h.Verify(h.t.Context(), []string{name}, 1, func(v Verification) { problems = v.Problems }))
	return problems
}

func TestVerifyChecksRecordingsInS3WithOneList(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	handle := h.acquire(h.provision("ada@example.com").Name)
	defer handle.Release()
	for i := 1; i <= 20; i++ {
		h.storeRecording(handle.Database, i, "video")
	}
	missing, shorter := h.storeRecording(handle.Database, 21, "video"), h.storeRecording(handle.Database, 22, "video")
	assert.Empty(t, h.problems(handle.Name))
	assert.Equal(t, 1, h.s3.Count(s3test.ListObjects))
	assert.Zero(t, h.s3.Count(s3test.HeadObject))

	h.s3.Remove(missing.GetString("blob"))
	h.s3.Put(t, shorter.GetString("blob"), []byte("vid"))
	problems := strings.Join(h.problems(handle.Name), "\n")
	assert.Contains(t, problems, "file of recording "+missing.Id+" is missing in S3")
	assert.Contains(t, problems, "file of recording "+shorter.Id+" has 3 bytes in S3 instead of 5")
	assert.Equal(t, 2, strings.Count(problems, "recording "))

	h.s3.Before(s3test.ListObjects, 1, func() { // deleted during the verification
		for _, recording := range []*core.Record{missing, shorter} {
			_, err := handle.App.NonconcurrentDB().Delete(schema.Recordings, dbx.HashExp{"id": recording.Id}).Execute()
			assert.NoError(t, err)
		}
	})
	assert.Empty(t, h.problems(handle.Name))

	h.s3.Fail(s3test.ListObjects, s3test.Always, 403, "AccessDenied")
	problems = strings.Join(h.problems(handle.Name), "\n")
	assert.Equal(t, 1, strings.Count(problems, "AccessDenied"), problems)
	h.blobs.S3 = nil
	problems = strings.Join(h.problems(handle.Name), "\n")
	assert.Equal(t, 1, strings.Count(problems, "isn't configured"), problems)
}

func TestMaintenanceRemovesFilesThatNothingRefersTo(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	name := h.provision("ada@example.com").Name
	handle := h.acquire(name)
	remote := h.storeRecording(handle.Database, 1, "in S3")
	local := h.saveRecording(handle.Database, 2, "", "on disk")
	leftover := h.writeRecording(name, remote, "the copy that a move has left")
	unpublished := h.save(handle.Database, schema.Recordings, map[string]any{"meeting": "m", "recording_id": 9, "size": 5})
	half := h.writeRecording(name, unpublished, "an earlier version has moved it, but not published it yet")
	partials := filepath.Join(h.Dir(name), "storage", blob.PartialFolder)
	require.NoError(t, os.Mkdir(partials, 0o700))
	named, stale := filepath.Join(partials, "3-abc.part"), filepath.Join(partials, "4-abc.part")
	collection, err := handle.App.FindCollectionByNameOrId(schema.Recordings)
	require.NoError(t, err)
	record := func(collection, id string) string {
		path := filepath.Join(h.Dir(name), "storage", collection, id, "recording.mp4")
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		return path
	}
	orphan, foreign := record(collection.Id, "aaaaaaaaaaaaaaa"), record("pbc_1", "aaaaaaaaaaaaaaa")
	uploaded := filepath.Join(filepath.Dir(h.writeRecording(name, local, "on disk")), "recording_x1y2z3.mp4")
	for _, path := range []string{named, stale, orphan, foreign, uploaded} {
		require.NoError(t, os.WriteFile(path, []byte("bytes"), 0o600))
	}
	h.saveUpload(handle.Database, 3, blob.Upload{
		Engine: blob.EngineDisk, Key: name + "/storage/a/b/recording.mp4", ID: name + "/storage/.partial/3-abc.part",
	})
	begin := func(recording string) blob.Upload {
		upload, err := h.blobs.S3.Begin(t.Context(), blob.Target{Database: name, Recording: recording, Source: "abc"})
		require.NoError(t, err)
		return upload
	}
	continued, lost := begin("5"), begin("6")
	h.saveUpload(handle.Database, 5, continued)
	h.s3.Put(t, name+"/7/orphan", []byte("orphan"))
	h.s3.Put(t, name+"2/7/of-another-database", []byte("other"))
	handle.Release()

	maintain := func() {
		t.Helper()
		_, err := h.app.NonconcurrentDB().Update("user_databases", dbx.Params{"maintained_at": ""}, nil).Execute()
		require.NoError(t, err)
		require.NoError(t, h.Maintain(t.Context()))
	}
	maintain()
	for _, path := range []string{named, stale, orphan, foreign, uploaded, leftover, half} {
		assert.FileExists(t, path, "what is a few minutes old may be part of something that isn't recorded yet")
	}
	assert.Len(t, h.s3.Keys(), 3)
	assert.Len(t, h.s3.Uploads(), 2)
	assert.EqualValues(t, 5, h.entry(name).SizeInS3)

	old := time.Now().Add(-25 * time.Hour)
	for _, path := range []string{named, stale, orphan, foreign, uploaded, leftover, half} {
		require.NoError(t, os.Chtimes(path, old, old))
	}
	h.s3.Backdate(25 * time.Hour)
	mark := len(h.log.String())
	maintain()
	for _, path := range []string{stale, orphan, leftover} {
		assert.NoFileExists(t, path)
	}
	kept := filepath.Join(h.Dir(name), RecordingPath(local, "recording.mp4"))
	for _, path := range []string{named, foreign, uploaded, half, kept} {
		assert.FileExists(t, path)
	}
	assert.ElementsMatch(t, []string{remote.GetString("blob"), name + "2/7/of-another-database"}, h.s3.Keys())
	assert.Contains(t, h.s3.Uploads(), continued.Key)
	assert.NotContains(t, h.s3.Uploads(), lost.Key)
	logged := h.log.String()[mark:]
	assert.Equal(t, 2, strings.Count(logged, "removed stored files"), "one line for each storage: %s", logged)
	assert.Contains(t, logged, "storage=disk files=3")
	assert.Contains(t, logged, "storage=S3 files=2")
	assert.Empty(t, h.problems(name))
}

func TestMaintenanceLeavesS3AloneOnceItHasFailed(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	for _, email := range []string{"a@example.com", "b@example.com", "c@example.com"} {
		h.acquire(h.provision(email).Name).Release()
	}
	h.s3.Fail(s3test.ListObjects, s3test.Always, 403, "AccessDenied")
	require.NoError(t, h.Maintain(t.Context()))
	assert.Equal(t, 1, strings.Count(h.log.String(), "level=WARN"), "%s", h.log)
	assert.Contains(t, h.log.String(), "databases=3", "the rest of the maintenance is done")
}

// A file system that is mounted in the folder of a database would be emptied and then be in the way.
func TestNothingHappensToAFolderWithAMountPoint(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	entry := h.provision("ada@example.com")
	handle := h.acquire(entry.Name)
	recording := h.saveRecording(handle.Database, 1, "", "video")
	handle.Release()
	file := filepath.Join(h.Dir(entry.Name), RecordingPath(recording, "recording.mp4"))
	mounted := true
	h.fileSystem = func(dir string) (uint64, error) {
		if mounted && filepath.Base(dir) == "storage" {
			return 2, nil
		}
		return 1, nil
	}
	require.ErrorContains(t, h.archive(t.Context(), h.entry(entry.Name)), "storage is a mount point")
	assert.FileExists(t, file)
	assert.NoFileExists(t, h.archivePath(entry.Name))
	assert.Equal(t, registry.StatusReady, h.entry(entry.Name).Status)
	h.acquire(entry.Name).Release()

	row := h.entry(entry.Name)
	require.NoError(t, h.scheduleDeletion(t.Context(), &row, h.now()))
	require.ErrorContains(t, h.purge(t.Context(), row), "unmount it")
	assert.NoFileExists(t, file, "the recordings are deleted where they are")
	assert.Contains(t, h.entry(entry.Name).Error, "unmount it")
	mounted = false
	require.NoError(t, h.purge(t.Context(), h.entry(entry.Name)))
	assert.NoDirExists(t, h.Dir(entry.Name))
}

// Databases that were not opened since the update have no columns for S3 yet.
func TestDatabaseWithTheOldSchema(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	entry := h.provision("ada@example.com")
	handle := h.acquire(entry.Name)
	recording := h.saveRecording(handle.Database, 1, "", "video")
	handle.Release()
	require.NoError(t, h.exclusively(t.Context(), entry.Name, func() error {
		db, err := sqlite.Open(filepath.Join(h.Dir(entry.Name), sqlite.DataFile))
		require.NoError(t, err)
		for _, statement := range []string{
			"DELETE FROM _migrations WHERE file = '1796000000_recording_blobs.go'",
			"UPDATE _collections SET fields = (SELECT json_group_array(json(value)) FROM json_each(fields) " +
				"WHERE value ->> '$.name' NOT IN ('blob', 'upload')) WHERE name IN ('recordings', 'transfers')",
			"ALTER TABLE recordings DROP COLUMN blob",
			"ALTER TABLE transfers DROP COLUMN upload",
		} {
			_, err := db.NewQuery(statement).Execute()
			require.NoError(t, err)
		}
		return db.Close()
	}))
	oldest := registry.Fields{"schema_version": schema.List.Items()[0].File}
	require.NoError(t, h.registry.Change(t.Context(), h.entry(entry.Name), oldest))

	assert.Empty(t, h.problems(entry.Name))
	details, err := h.Show(t.Context(), entry.Name)
	require.NoError(t, err)
	assert.Zero(t, details.InS3)
	require.NoError(t, h.Maintain(t.Context()))
	assert.NotContains(t, h.log.String(), "level=ERROR")
	assert.False(t, h.entry(entry.Name).MaintainedAt.IsZero())
	_, err = h.unarchive(t.Context(), h.archiveNow(h.entry(entry.Name)))
	require.NoError(t, err)

	handle = h.acquire(entry.Name)
	defer handle.Release()
	files, _ := h.exported(handle.Database)
	assert.Equal(t, "video", files[RecordingPath(recording, "recording.mp4")])
	usage, err := h.Usage(handle.Database)
	require.NoError(t, err)
	assert.Positive(t, usage.Bytes)
}
