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
	id := recordFor(p, "recordings", 1001)["id"].(string)
	stored, err := filepath.Glob(filepath.Join(p.FolderPath(p.Name), "storage", "*", id, "recording.mp4"))
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

// interruptMoveToDisk moves the only recording from S3 to disk and interrupts it while S3 sends the second half.
func interruptMoveToDisk(t *testing.T, bucket *s3test.Server, p apptest.Person, received int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	bucket.Freeze(s3test.GetObject, 1, received)
	done := make(chan error, 1)
	go func() {
		done <- p.App.Databases.MoveRecordings(ctx, nil, blob.EngineDisk, func(userdb.RecordingMove) {})
	}()
	p.Eventually(func() bool {
		partial := partialFiles(p)
		if len(partial) != 1 {
			return false
		}
		info, err := os.Stat(partial[0])
		return err == nil && info.Size() >= int64(received)/2
	})
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)
	bucket.ClearFaults()
}

// A power cut can leave a partial file with the right size and wrong bytes. The recording itself isn't damaged.
func TestDamagedCopyIsMadeAgain(t *testing.T) {
	t.Parallel()
	bucket, p := startWithS3(t, 6<<20)
	completeTransfer(p, 1001)
	interruptMoveToDisk(t, bucket, p, 4<<20)
	partial := partialFiles(p)
	require.Len(t, partial, 1)
	file, err := os.OpenFile(partial[0], os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = file.WriteAt(make([]byte, 4096), 64<<10)
	require.NoError(t, errors.Join(err, file.Close()))

	requireMoved(t, moveRecordings(p, blob.EngineDisk), 1)
	assert.Equal(t, recordFor(p, "recordings", 1001)["sha256"], checksum(content(p, 1001)))
	assert.Empty(t, partialFiles(p))
	assert.Empty(t, bucket.Keys())
}

func TestCopyCountsOnceTowardsTheQuota(t *testing.T) {
	t.Parallel()
	bucket, p := startWithS3(t, 6<<20)
	completeTransfer(p, 1001)
	before := usedBytes(p)
	interruptMoveToDisk(t, bucket, p, 4<<20)
	db, err := p.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	db.StorageChanged()
	db.Release()
	require.Len(t, partialFiles(p), 1)
	assert.InDelta(t, before, usedBytes(p), 200_000)
	requireMoved(t, moveRecordings(p, blob.EngineDisk), 1)
	assert.InDelta(t, before, usedBytes(p), 200_000)
}

func TestChangeOfDirectionRemovesTheCopy(t *testing.T) {
	t.Parallel()
	bucket, p := startWithS3(t, 6<<20)
	completeTransfer(p, 1001)
	interruptMoveToDisk(t, bucket, p, 4<<20)
	require.Len(t, partialFiles(p), 1)
	nothing := []userdb.RecordingMove{{Database: p.Name}}
	assert.Equal(t, nothing, moveRecordings(p, blob.EngineS3), "the recording is there already")
	assert.Empty(t, partialFiles(p))

	requireMoved(t, moveRecordings(p, blob.EngineDisk), 1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	bucket.Before(s3test.UploadPart, 1, cancel)
	err := p.App.Databases.MoveRecordings(ctx, nil, blob.EngineS3, func(userdb.RecordingMove) {})
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, bucket.Uploads(), 1)
	assert.Equal(t, nothing, moveRecordings(p, blob.EngineDisk))
	assert.Empty(t, bucket.Uploads())
	assert.Empty(t, bucket.Keys())
	assert.Empty(t, verifyRecordings(p, true))
	assert.Equal(t, recordFor(p, "recordings", 1001)["sha256"], checksum(content(p, 1001)))
}

func TestFailureOfS3EndsTheMove(t *testing.T) {
	t.Parallel()
	bucket := s3test.Start(t, s3test.Options{})
	s, p := startWithTransfer(t, apptest.Options{}, 1001, 1002, 1003)
	p = p.On(s.Restart(bucket.Settings()...))
	bucket.Fail(s3test.UploadPart, s3test.Always, 507, "QuotaExceeded")
	var moves []userdb.RecordingMove
	err := p.App.Databases.MoveRecordings(t.Context(), nil, blob.EngineS3, func(m userdb.RecordingMove) {
		moves = append(moves, m)
	})
	failure, ok := errors.AsType[*blob.Error](err)
	require.True(t, ok, err)
	assert.Equal(t, blob.KindFull, failure.Kind)
	assert.Contains(t, err.Error(), "S3_BUCKET", "the error says what to do")
	require.Len(t, moves, 1, "the other recordings would fail as well")
	assert.NotEmpty(t, moves[0].Error)
	assert.Equal(t, 200, p.Call("GET", fileURL(p, 1001), "", nil).Status)

	bucket.ClearFaults()
	requireMoved(t, moveRecordings(p, blob.EngineS3), 3)
	assert.Empty(t, bucket.Uploads())
	assert.Empty(t, verifyRecordings(p, true))
}

func TestLostAnswersDuringTheMoveChangeNothing(t *testing.T) {
	t.Parallel()
	bucket := s3test.Start(t, s3test.Options{})
	s, p := startWithTransfer(t, apptest.Options{SimulatorConfig: simulator.Config{RecordingSize: 3 << 20}}, 1001)
	p = p.On(s.Restart(bucket.Settings()...))
	for _, kind := range []s3test.Kind{s3test.UploadPart, s3test.CompleteMultipartUpload} {
		bucket.Lose(kind, 1)
	}
	requireMoved(t, moveRecordings(p, blob.EngineS3), 1)
	assert.Len(t, bucket.Keys(), 1)
	assert.Empty(t, verifyRecordings(p, true))
	bucket.Cut(s3test.GetObject, 1, 1<<20)
	requireMoved(t, moveRecordings(p, blob.EngineDisk), 1)
	assert.Empty(t, bucket.Keys())
	assert.Empty(t, verifyRecordings(p, true))
}

func TestMissingRecordingAndArchivedDatabaseAreReported(t *testing.T) {
	t.Parallel()
	bucket, p := startWithS3(t, 3<<20)
	completeTransfer(p, 1001)
	bucket.Remove(storedKey(t, bucket))
	moves := moveRecordings(p, blob.EngineDisk)
	require.Len(t, moves, 1)
	assert.Contains(t, moves[0].Error, "missing")
	assert.Empty(t, partialFiles(p), "a copy that can't be completed isn't kept")

	require.NoError(t, p.App.Databases.Archive(t.Context(), []string{p.Name}, func(o userdb.Outcome) {
		assert.Empty(t, o.Error)
	}))
	assert.Equal(t, []userdb.RecordingMove{{Database: p.Name, Skipped: "archived"}}, moveRecordings(p, blob.EngineDisk))
	err := p.App.Databases.VerifyRecordings(t.Context(), nil, false, func(v userdb.Verification) {
		assert.True(t, v.Skipped)
		assert.Empty(t, v.Problems)
	})
	require.NoError(t, err)
}

// While recordings move both ways, their owner plays, transfers and deletes others.
func TestPeopleWorkWhileRecordingsMove(t *testing.T) {
	t.Parallel()
	bucket := s3test.Start(t, s3test.Options{})
	s, p := startWithTransfer(t, apptest.Options{SimulatorConfig: simulator.Config{RecordingSize: 3 << 20}}, 1001, 1002, 1003)
	p = p.On(s.Restart(bucket.Settings()...))
	meeting := "/api/collections/meetings/records/" + recordFor(p, "meetings", 1002)["id"].(string)
	link, hash := fileURL(p, 1003), recordFor(p, "recordings", 1003)["sha256"]

	transferred := make(chan int, 1)
	bucket.Before(s3test.UploadPart, 1, func() { // 1001 is moving
		deleted, err := apptest.Send("DELETE", p.DatabaseURL+meeting, p.Session, nil)
		if assert.NoError(t, err) {
			assert.Equal(t, 204, deleted.Status)
		}
		file, err := apptest.Send("GET", link, "", nil)
		if assert.NoError(t, err) {
			assert.Equal(t, hash, checksum(file.Raw))
		}
		job, err := apptest.Send("POST", p.URL+apptest.JobsPath, p.Token, map[string]any{
			"kind": "recording.transfer", "payload": map[string]any{"recording_id": 1004},
		})
		if assert.NoError(t, err) {
			transferred <- job.Status
		}
	})
	for _, move := range moveRecordings(p, blob.EngineS3) {
		assert.Empty(t, move.Error)
	}
	require.Equal(t, 200, <-transferred)
	waitForTransferStatus(p, 1004, "awaiting_share_url")
	requireNothingLeft(p, 1002)
	assert.Len(t, bucket.Keys(), 3)
	assert.Empty(t, bucket.Uploads())
	for _, id := range []int64{1001, 1003, 1004} {
		assert.Equal(t, recordFor(p, "recordings", id)["sha256"], checksum(content(p, id)))
	}
	assert.Empty(t, verifyRecordings(p, true))
}
