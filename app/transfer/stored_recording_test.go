package transfer_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// mediaRequests returns how often a recording's file was requested from Fathom.
func mediaRequests(p apptest.Person) int { return countRequests(p.Server, "", mediaPath) }

func TestFailedTransferKeepsACompleteUpload(t *testing.T) {
	t.Parallel()
	bucket, p := startWithS3(t, threeParts)
	bucket.Fail(s3test.CompleteMultipartUpload, s3test.Always, 403, "AccessDenied")
	id := enqueueTransfer(p, 1001).Text("id")
	p.Eventually(func() bool { return p.Job(id).Text("error") != "" })
	downloads, parts := mediaRequests(p), bucket.Count(s3test.UploadPart)
	require.NoError(t, p.Stop())
	apptest.Execute(t, p.GlobalFile(), // as after a day of waiting
		"UPDATE global_queue SET status = 'dead', finished_at = strftime('%Y-%m-%d %H:%M:%fZ') WHERE id = '"+id+"'")
	p = p.On(p.Restart(bucket.Settings()...))
	waitForTransferStatus(p, 1001, "failed")
	assert.Len(t, bucket.Uploads(), 1)

	bucket.ClearFaults()
	retried := p.Call("POST", p.URL+"/api/queue/retry", p.Token, map[string]any{"ids": []string{id}})
	require.Equal(t, 200, retried.Status, retried.Raw)
	p.Eventually(func() bool { return recordFor(p, "transfers", 1001)["status"] == "awaiting_share_url" })
	truth, _ := p.Simulator.Meeting(1001)
	object, _ := bucket.Object(storedKey(t, bucket))
	assert.Equal(t, truth.Size, object.Size)
	assert.Empty(t, bucket.Uploads())
	assert.Equal(t, downloads, mediaRequests(p), "nothing is downloaded twice")
	assert.Equal(t, parts, bucket.Count(s3test.UploadPart), "nothing is sent twice")
}

func TestFailedTransferDiscardsAPartOfAFile(t *testing.T) {
	t.Parallel()
	bucket, p := startWithS3(t, threeParts)
	p.Simulator.Inject(simulator.Fault{Path: "/media/*", HoldAfter: 20 << 20, Hold: make(chan struct{})})
	id := enqueueTransfer(p, 1001).Text("id")
	p.Eventually(func() bool { return bucket.Count(s3test.UploadPart) == 1 })
	require.NoError(t, p.Stop())
	apptest.Execute(t, p.GlobalFile(),
		"UPDATE global_queue SET status = 'dead', finished_at = strftime('%Y-%m-%d %H:%M:%fZ') WHERE id = '"+id+"'")
	p = p.On(p.Restart(bucket.Settings()...))
	waitForTransferStatus(p, 1001, "failed")
	p.Eventually(func() bool { return len(bucket.Uploads()) == 0 })
}

// An earlier version saved the record without its file, then moved the file into storage, then named it in the record.
func TestFileThatAnEarlierVersionStoredIsPublished(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		damage    func(t *testing.T, file string)
		downloads int
	}{
		"moved into storage": {func(*testing.T, string) {}, 0},
		"not moved":          {func(t *testing.T, file string) { require.NoError(t, os.Remove(file)) }, 1},
		"of another size":    {func(t *testing.T, file string) { require.NoError(t, os.Truncate(file, 1<<20)) }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, p := startWithTransfer(t, apptest.Options{SimulatorConfig: simulator.Config{RecordingSize: 3 << 20}}, 1001)
			record := recordFor(p, "recordings", 1001)
			id := record["id"].(string)
			stored, err := filepath.Glob(filepath.Join(p.FolderPath(p.Name), "storage", "*", id, "recording.mp4"))
			require.NoError(t, err)
			require.Len(t, stored, 1)
			require.NoError(t, s.Stop())
			apptest.Execute(t, p.DataFile(),
				"UPDATE recordings SET file = ''", "UPDATE transfers SET status = 'downloading', job = 'gone'")
			test.damage(t, stored[0])

			p = p.On(s.Restart())
			before := mediaRequests(p)
			completeTransfer(p, 1001)
			assert.Equal(t, test.downloads, mediaRequests(p)-before)
			assert.Equal(t, "recording.mp4", recordFor(p, "recordings", 1001)["file"])
			assert.Equal(t, id, recordFor(p, "recordings", 1001)["id"])
			assert.Equal(t, record["sha256"], checksum(storedFile(p, 1001)))
		})
	}
}

// movingUploader moves the recordings to disk before it opens the first one, as `blobs migrate` may do at any time.
type movingUploader struct {
	server *apptest.Server
	once   sync.Once
}

func (*movingUploader) Name() string { return "test" }

func (u *movingUploader) Upload(ctx context.Context, d loom.Delivery) (outcome loom.Outcome, err error) {
	u.once.Do(func() {
		err = u.server.App.Databases.MoveRecordings(ctx, nil, blob.EngineDisk, func(userdb.RecordingMove) {})
	})
	if err != nil {
		return outcome, err
	}
	file, err := d.Recording.Open(ctx)
	if err != nil {
		return outcome, err
	}
	defer file.Close()
	if _, err := io.CopyN(io.Discard, file, d.Recording.Size); err != nil {
		return outcome, err
	}
	return loom.Outcome{AwaitShareURL: true}, nil
}

func TestRecordingMovesWhileItIsDelivered(t *testing.T) {
	t.Parallel()
	bucket := s3test.Start(t, s3test.Options{})
	_, p := startWithMeetings(t, apptest.Options{
		Settings: bucket.Settings(), SimulatorConfig: simulator.Config{RecordingSize: 3 << 20},
		Prepare: func(s *apptest.Server) { s.App.Uploader = &movingUploader{server: s} },
	})
	job := completeTransfer(p, 1001)
	assert.EqualValues(t, 1, job.Get("attempts"), "the delivery finds the file at its new place")
	assert.Empty(t, bucket.Keys())
	assert.Equal(t, recordFor(p, "recordings", 1001)["sha256"], checksum(storedFile(p, 1001)))
}
