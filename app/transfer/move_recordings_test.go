package transfer_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// moveRecordings moves a person's recordings and returns the results.
func moveRecordings(p apptest.Person, to blob.Engine) (moves []userdb.RecordingMove) {
	p.T.Helper()
	err := p.App.Databases.MoveRecordings(p.T.Context(), nil, to, func(m userdb.RecordingMove) { moves = append(moves, m) })
	require.NoError(p.T, err)
	return moves
}

// verifyRecordings returns the problems of a person's recordings.
func verifyRecordings(p apptest.Person, checksums bool) (problems []string) {
	p.T.Helper()
	err := p.App.Databases.VerifyRecordings(p.T.Context(), []string{p.Name}, checksums, func(v userdb.Verification) {
		problems = append(problems, v.Problems...)
	})
	require.NoError(p.T, err)
	return problems
}

// content follows the link of a recording to its content.
func content(p apptest.Person, recordingID int64) string {
	p.T.Helper()
	response, err := http.Get(fileURL(p, recordingID))
	require.NoError(p.T, err)
	defer response.Body.Close()
	require.Equal(p.T, 200, response.StatusCode)
	raw, err := io.ReadAll(response.Body)
	require.NoError(p.T, err)
	return string(raw)
}

func requireMoved(t *testing.T, moves []userdb.RecordingMove, count int) {
	t.Helper()
	require.Len(t, moves, count)
	for i, move := range moves {
		assert.Empty(t, move.Error)
		assert.Equal(t, i+1, move.Done)
		assert.Equal(t, count, move.Total)
	}
}

func TestRecordingsMoveToS3AndBack(t *testing.T) {
	t.Parallel()
	bucket := s3test.Start(t, s3test.Options{})
	s, p := startWithTransfer(t, apptest.Options{SimulatorConfig: simulator.Config{RecordingSize: 3 << 20}}, 1001, 1002)
	p = p.On(s.Restart(bucket.Settings()...))
	hashes := map[int64]string{}
	for _, id := range []int64{1001, 1002} {
		hashes[id] = recordFor(p, "recordings", id)["sha256"].(string)
	}
	before := usedBytes(p)

	requireMoved(t, moveRecordings(p, blob.EngineS3), 2)
	requireNoStoredFiles(p)
	assert.Len(t, bucket.Keys(), 2)
	for id, hash := range hashes {
		assert.Equal(t, hash, checksum(content(p, id)))
	}
	assert.InDelta(t, before, usedBytes(p), 200_000)
	assert.Empty(t, verifyRecordings(p, true))
	assert.Equal(t, []userdb.RecordingMove{{Database: p.Name}}, moveRecordings(p, blob.EngineS3), "nothing is left to move")

	requireMoved(t, moveRecordings(p, blob.EngineDisk), 2)
	assert.Empty(t, bucket.Keys())
	assert.Empty(t, partialFiles(p))
	for id, hash := range hashes {
		assert.Equal(t, hash, checksum(content(p, id)))
	}
	assert.Empty(t, verifyRecordings(p, true))
	completeTransfer(p, 1003)
	assert.Len(t, bucket.Keys(), 1, "new recordings still go to S3")
}

func TestInterruptedMoveContinuesInTheMiddleOfAFile(t *testing.T) {
	t.Parallel()
	bucket := s3test.Start(t, s3test.Options{})
	s, p := startWithTransfer(t, apptest.Options{SimulatorConfig: simulator.Config{RecordingSize: threeParts}}, 1001)
	p = p.On(s.Restart(bucket.Settings()...))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	bucket.Before(s3test.UploadPart, 1, func() {}) // the first part is stored
	var stored atomic.Int64
	bucket.Before(s3test.UploadPart, 1, func() { stored.Add(1); cancel() })
	err := p.App.Databases.MoveRecordings(ctx, nil, blob.EngineS3, func(m userdb.RecordingMove) { t.Error("reported", m) })
	require.ErrorIs(t, err, context.Canceled)
	require.EqualValues(t, 1, stored.Load())
	assert.Len(t, bucket.Uploads(), 1)
	assert.Equal(t, 200, p.Call("GET", fileURL(p, 1001), "", nil).Status, "the recording is still on disk")

	p = p.On(p.Restart(bucket.Settings()...))
	sent := bucket.Count(s3test.UploadPart)
	requireMoved(t, moveRecordings(p, blob.EngineS3), 1)
	assert.Equal(t, 2, bucket.Count(s3test.UploadPart)-sent, "the first part isn't sent again")
	assert.Equal(t, recordFor(p, "recordings", 1001)["sha256"], checksum(content(p, 1001)))
	assert.Empty(t, bucket.Uploads())
}

func TestDamagedRecordingIsNotMoved(t *testing.T) {
	t.Parallel()
	bucket := s3test.Start(t, s3test.Options{})
	s, p := startWithTransfer(t, apptest.Options{}, 1001, 1002)
	stored, err := filepath.Glob(filepath.Join(p.FolderPath(p.Name), "storage", "*", recordFor(p, "recordings", 1001)["id"].(string), "recording.mp4"))
	require.NoError(t, err)
	require.Len(t, stored, 1)
	raw, err := os.ReadFile(stored[0])
	require.NoError(t, err)
	raw[100] ^= 1
	require.NoError(t, os.WriteFile(stored[0], raw, 0o600))

	p = p.On(s.Restart(bucket.Settings()...))
	moves := moveRecordings(p, blob.EngineS3)
	require.Len(t, moves, 2)
	assert.Contains(t, moves[0].Error, "damaged")
	assert.Empty(t, moves[1].Error, "one damaged recording doesn't stop the others")
	assert.FileExists(t, stored[0])
	assert.Len(t, bucket.Keys(), 1)
	assert.Empty(t, bucket.Uploads())
	assert.Empty(t, verifyRecordings(p, false))
	problems := verifyRecordings(p, true)
	require.Len(t, problems, 1)
	assert.Contains(t, problems[0], "checksum")
}

func TestRecordingThatIsDeletedDuringTheMoveLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, kind := range []s3test.Kind{s3test.CreateMultipartUpload, s3test.UploadPart, s3test.CompleteMultipartUpload} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			bucket := s3test.Start(t, s3test.Options{})
			s, p := startWithTransfer(t, apptest.Options{SimulatorConfig: simulator.Config{RecordingSize: 3 << 20}}, 1001)
			p = p.On(s.Restart(bucket.Settings()...))
			path := "/api/collections/meetings/records/" + recordFor(p, "meetings", 1001)["id"].(string)
			var status atomic.Int64
			bucket.Before(kind, 1, func() {
				answer, err := apptest.Send("DELETE", p.DatabaseURL+path, p.Session, nil)
				if err == nil {
					status.Store(int64(answer.Status))
				}
			})
			for _, move := range moveRecordings(p, blob.EngineS3) {
				assert.Empty(t, move.Error)
			}
			assert.EqualValues(t, 204, status.Load())
			assert.Empty(t, bucket.Keys())
			assert.Empty(t, bucket.Uploads())
			requireNothingLeft(p, 1001)
		})
	}
}

func TestMoveToAFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	bucket := s3test.Start(t, s3test.Options{})
	var full atomic.Bool
	s, p := startWithMeetings(t, apptest.Options{
		Settings: bucket.Settings(), SimulatorConfig: simulator.Config{RecordingSize: 3 << 20},
		Prepare: func(s *apptest.Server) {
			s.App.FreeSpace = func(string) (int64, error) {
				if full.Load() {
					return ledger.DefaultReserve + 1<<20, nil
				}
				return 1 << 40, nil
			}
		},
	})
	completeTransfer(p, 1001)
	full.Store(true)
	moves := moveRecordings(p, blob.EngineDisk)
	require.Len(t, moves, 1)
	assert.Contains(t, moves[0].Error, "too little disk space")
	assert.Len(t, bucket.Keys(), 1)
	assert.Equal(t, recordFor(p, "recordings", 1001)["sha256"], checksum(content(p, 1001)))
	full.Store(false)
	requireMoved(t, moveRecordings(p, blob.EngineDisk), 1)
	assert.Empty(t, s.Simulator.Violations())
}

func TestMoveWithoutSettingsOrTwice(t *testing.T) {
	t.Parallel()
	bucket := s3test.Start(t, s3test.Options{})
	s, p := startWithTransfer(t, apptest.Options{}, 1001)
	err := s.App.Databases.MoveRecordings(t.Context(), nil, blob.EngineS3, func(userdb.RecordingMove) {})
	failure, ok := errors.AsType[*blob.Error](err)
	require.True(t, ok, err)
	assert.Equal(t, blob.KindNotConfigured, failure.Kind)

	p = p.On(s.Restart(bucket.Settings()...))
	bucket.Before(s3test.UploadPart, 1, func() {
		err := p.App.Databases.MoveRecordings(context.Background(), nil, blob.EngineS3, func(userdb.RecordingMove) {})
		assert.ErrorIs(t, err, userdb.ErrMoving)
	})
	requireMoved(t, moveRecordings(p, blob.EngineS3), 1)
}

func TestVerifyFindsMissingAndOrphanedRecordings(t *testing.T) {
	t.Parallel()
	bucket, p := startWithS3(t, 3<<20)
	completeTransfer(p, 1001)
	assert.Empty(t, verifyRecordings(p, true))
	bucket.Put(t, p.Name+"/1009/aaaa-bbbb", []byte("orphan"))
	orphan := filepath.Join(p.FolderPath(p.Name), "storage", collectionID(t, p), "aaaaaaaaaaaaaaa", "recording.mp4")
	require.NoError(t, os.MkdirAll(filepath.Dir(orphan), 0o700))
	require.NoError(t, os.WriteFile(orphan, []byte("orphan"), 0o600))
	assert.Empty(t, verifyRecordings(p, false), "what is young may not be recorded yet")
	bucket.Backdate(48 * time.Hour)
	old := time.Now().Add(-48 * time.Hour)
	require.NoError(t, os.Chtimes(orphan, old, old))
	problems := strings.Join(verifyRecordings(p, false), "\n")
	assert.Contains(t, problems, "/1009/aaaa-bbbb")
	assert.Contains(t, problems, "aaaaaaaaaaaaaaa/recording.mp4")

	for _, key := range bucket.Keys() {
		bucket.Remove(key)
	}
	require.NoError(t, os.Remove(orphan))
	problems = strings.Join(verifyRecordings(p, false), "\n")
	assert.Contains(t, problems, "missing in S3")
}

func collectionID(t *testing.T, p apptest.Person) string {
	t.Helper()
	db, err := p.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer db.Release()
	collection, err := db.App.FindCollectionByNameOrId("recordings")
	require.NoError(t, err)
	return collection.Id
}
