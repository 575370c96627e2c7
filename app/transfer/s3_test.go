package transfer_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// threeParts is the size in bytes of a recording that S3 receives in three parts.
const threeParts = 40 << 20

func startWithS3(t *testing.T, size int64) (*s3test.Server, apptest.Person) {
	t.Helper()
	bucket := s3test.Start(t, s3test.Options{})
	_, p := startWithMeetings(t, apptest.Options{
		Settings: bucket.Settings(), SimulatorConfig: simulator.Config{RecordingSize: size},
	})
	return bucket, p
}

// storedKey returns the key of the only object in a bucket.
func storedKey(t *testing.T, bucket *s3test.Server) string {
	t.Helper()
	keys := bucket.Keys()
	require.Len(t, keys, 1)
	return keys[0]
}

func TestRecordingIsStoredInS3(t *testing.T) {
	t.Parallel()
	bucket, p := startWithS3(t, threeParts)
	job := completeTransfer(p, 1001)
	truth, _ := p.Simulator.Meeting(1001)
	assert.Equal(t, truth.SHA256, job.Text("result.sha256"))
	object, ok := bucket.Object(storedKey(t, bucket))
	require.True(t, ok)
	assert.Equal(t, truth.Size, object.Size)
	assert.Empty(t, bucket.Uploads())
	assert.Empty(t, partialFiles(p))
	requireNoStoredFiles(p)
	assert.Equal(t, 3, bucket.Count(s3test.UploadPart))
	assert.True(t, strings.HasPrefix(storedKey(t, bucket), p.Name+"/1001/"))

	recording := recordFor(p, "recordings", 1001)
	assert.Equal(t, "recording.mp4", recording["file"], "URLs of files look the same as on disk")
	assert.NotContains(t, recording, "blob")
	assert.NotContains(t, recordFor(p, "transfers", 1001), "upload")
	assert.GreaterOrEqual(t, usedBytes(p), truth.Size)

	share := uploadProxied(p, 1001)
	require.Equal(t, 200, p.Own("PATCH", transferPath(p, 1001), map[string]any{"share_url": share}).Status)
	completeTransfer(p, 1001)
	assert.Len(t, bucket.Keys(), 1, "a delivered recording is not stored again")
}

// uploadProxied uploads a stored recording to Loom, as a client that can't reach S3 does.
func uploadProxied(p apptest.Person, recordingID int64) string {
	p.T.Helper()
	file := p.Call("GET", fileURL(p, recordingID)+"&proxy=1", "", nil)
	require.Equal(p.T, 200, file.Status)
	name := recordFor(p, "transfers", recordingID)["file_name"].(string)
	share, err := p.Simulator.Upload(p.T.Context(), name, strings.NewReader(file.Raw))
	require.NoError(p.T, err)
	return share
}

func TestFileURLLeadsToS3(t *testing.T) {
	t.Parallel()
	bucket, p := startWithS3(t, 3<<20)
	completeTransfer(p, 1001)
	truth, _ := p.Simulator.Meeting(1001)
	link := fileURL(p, 1001)

	redirect := p.Call("GET", link+"&download=1", "", nil)
	require.Equal(t, 302, redirect.Status, redirect.Raw)
	assert.Equal(t, "no-store", redirect.Header.Get("Cache-Control"))
	target, err := url.Parse(redirect.Header.Get("Location"))
	require.NoError(t, err)
	assert.Equal(t, bucket.URL, target.Scheme+"://"+target.Host)
	assert.Equal(t, "900", target.Query().Get("X-Amz-Expires"), "15 minutes")
	file := p.Call("GET", target.String(), "", nil)
	require.Equal(t, 200, file.Status, file.Raw)
	assert.Equal(t, truth.SHA256, checksum(file.Raw))
	assert.Equal(t, "video/mp4", file.Header.Get("Content-Type"))
	assert.Contains(t, file.Header.Get("Content-Disposition"), "attachment")
	assert.Contains(t, file.Header.Get("Content-Disposition"), ".mp4")
	inline := p.Call("GET", p.Call("GET", link, "", nil).Header.Get("Location"), "", nil)
	assert.Contains(t, inline.Header.Get("Content-Disposition"), "inline")

	head, err := http.NewRequest(http.MethodHead, link, nil)
	require.NoError(t, err)
	described := p.Do(head)
	assert.Equal(t, 200, described.Status, "a link to S3 would refuse HEAD")
	assert.Equal(t, "3145728", described.Header.Get("Content-Length"))
	assert.Equal(t, "bytes", described.Header.Get("Accept-Ranges"))

	for name, address := range map[string]string{
		"redirected": redirect.Header.Get("Location"), "proxied": link + "&proxy=1",
	} {
		ranged, err := http.NewRequest(http.MethodGet, address, nil)
		require.NoError(t, err)
		ranged.Header.Set("Range", "bytes=4-7")
		got := p.Do(ranged)
		assert.Equal(t, 206, got.Status, name)
		assert.Equal(t, "ftyp", got.Raw, name)
	}
	several, err := http.NewRequest(http.MethodGet, link+"&proxy=1", nil)
	require.NoError(t, err)
	several.Header.Set("Range", "bytes=0-0,9-9,0-0")
	reads := bucket.Count(s3test.GetObject)
	assert.Equal(t, 200, p.Do(several).Status, "each range would be a request to S3")
	assert.Equal(t, 1, bucket.Count(s3test.GetObject)-reads)
	proxied := p.Call("GET", link+"&proxy=1", "", nil)
	assert.Equal(t, truth.SHA256, checksum(proxied.Raw))
	assert.Equal(t, "video/mp4", proxied.Header.Get("Content-Type"))
	assert.Equal(t, 401, p.Call("GET", strings.Split(link, "?")[0]+"?proxy=1", "", nil).Status)

	bucket.Remove(storedKey(t, bucket))
	assert.Equal(t, 404, p.Call("GET", link+"&proxy=1", "", nil).Status)
}

func TestTransferWaitsForS3(t *testing.T) {
	t.Parallel()
	for name, breakIt := range map[string]func(*s3test.Server){
		"no bucket":            func(b *s3test.Server) { b.Fail(s3test.CreateMultipartUpload, -1, 404, "NoSuchBucket") },
		"wrong credentials":    func(b *s3test.Server) { b.Fail(s3test.CreateMultipartUpload, -1, 403, "InvalidAccessKeyId") },
		"full":                 func(b *s3test.Server) { b.Fail(s3test.UploadPart, -1, 507, "QuotaExceeded") },
		"broken in the middle": func(b *s3test.Server) { b.Fail(s3test.CompleteMultipartUpload, -1, 403, "AccessDenied") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bucket, p := startWithS3(t, 3<<20)
			breakIt(bucket)
			created := enqueueTransfer(p, 1001)
			var job apptest.Answer
			p.Eventually(func() bool {
				job = p.Job(created.Text("id"))
				return job.Text("error") != ""
			})
			assert.Contains(t, job.Text("error"), "storage for recordings")
			assert.Contains(t, job.Text("error"), "Nothing is lost")
			assert.NotContains(t, job.Raw, bucket.URL)
			assert.Equal(t, "pending", job.Text("status"), "the job waits until the storage works")
			assert.EqualValues(t, 0, job.Get("attempts"))

			bucket.ClearFaults()
			require.Equal(t, 200, p.Call("PATCH", p.URL+apptest.JobsPath+"/"+created.Text("id"), p.SuperuserToken(),
				map[string]any{"run_at": "2020-01-01 00:00:00.000Z"}).Status)
			waitForJobStatus(p, created.Text("id"), "completed")
			truth, _ := p.Simulator.Meeting(1001)
			object, _ := bucket.Object(storedKey(t, bucket))
			assert.Equal(t, truth.Size, object.Size)
			assert.Empty(t, bucket.Uploads())
		})
	}
}

func TestStoredPartsAreNotSentAgain(t *testing.T) {
	t.Parallel()
	bucket, p := startWithS3(t, threeParts)
	p.Simulator.Inject(simulator.Fault{Path: "/media/*", HoldAfter: 37 << 20, Hold: make(chan struct{})})
	created := enqueueTransfer(p, 1001)
	p.Eventually(func() bool {
		return bucket.Count(s3test.UploadPart) == 2
	})
	p = p.On(p.Restart(bucket.Settings()...))
	waitForJobStatus(p, created.Text("id"), "completed")
	truth, _ := p.Simulator.Meeting(1001)
	assert.Equal(t, truth.SHA256, recordFor(p, "recordings", 1001)["sha256"], "hashed across both runs")
	assert.LessOrEqual(t, bucket.Count(s3test.UploadPart), 4, "at most the part in flight is sent twice")
	object, _ := bucket.Object(storedKey(t, bucket))
	assert.Equal(t, truth.Size, object.Size)
}

func TestLostAnswersOfS3LoseNothing(t *testing.T) {
	t.Parallel()
	for _, kind := range []s3test.Kind{s3test.CreateMultipartUpload, s3test.UploadPart, s3test.CompleteMultipartUpload} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			bucket, p := startWithS3(t, 3<<20)
			bucket.Lose(kind, 1)
			completeTransfer(p, 1001)
			truth, _ := p.Simulator.Meeting(1001)
			object, _ := bucket.Object(storedKey(t, bucket))
			assert.Equal(t, truth.Size, object.Size)
			assert.Equal(t, truth.SHA256, recordFor(p, "recordings", 1001)["sha256"])
		})
	}
}

func TestMeetingIsDeletedFromS3InEveryState(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(*s3test.Server, apptest.Person){
		"stored": func(_ *s3test.Server, p apptest.Person) { completeTransfer(p, 1001) },
		"being uploaded": func(bucket *s3test.Server, p apptest.Person) {
			p.Simulator.Inject(simulator.Fault{Path: "/media/*", HoldAfter: 20 << 20, Hold: make(chan struct{})})
			enqueueTransfer(p, 1001)
			p.Eventually(func() bool { return bucket.Count(s3test.UploadPart) == 1 })
		},
		"cancelled": func(bucket *s3test.Server, p apptest.Person) {
			p.Simulator.Inject(simulator.Fault{Path: "/media/*", HoldAfter: 20 << 20, Hold: make(chan struct{})})
			created := enqueueTransfer(p, 1001)
			p.Eventually(func() bool { return bucket.Count(s3test.UploadPart) == 1 })
			ids := map[string]any{"ids": []string{created.Text("id")}}
			require.Equal(t, 200, p.Call("POST", p.URL+"/api/queue/cancel", p.Token, ids).Status)
			p.Eventually(func() bool { return len(bucket.Uploads()) == 0 })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bucket, p := startWithS3(t, threeParts)
			prepare(bucket, p)
			meeting := "/api/collections/meetings/records/" + recordFor(p, "meetings", 1001)["id"].(string)
			deleted := p.Own("DELETE", meeting, nil)
			require.Equal(t, 204, deleted.Status, deleted.Raw)
			assert.Empty(t, bucket.Keys())
			p.Eventually(func() bool { return len(bucket.Uploads()) == 0 }) // aborted in the background
			requireNothingLeft(p, 1001)
			assert.Less(t, usedBytes(p), int64(5_000_000))
		})
	}
}

func TestDeletionWaitsForS3(t *testing.T) {
	t.Parallel()
	bucket, p := startWithS3(t, 3<<20)
	completeTransfer(p, 1001)
	bucket.Fail(s3test.ListObjects, -1, 403, "AccessDenied")
	meeting := "/api/collections/meetings/records/" + recordFor(p, "meetings", 1001)["id"].(string)
	refused := p.Own("DELETE", meeting, nil)
	assert.Equal(t, 503, refused.Status, refused.Raw)
	assert.Contains(t, refused.Text("message"), "storage for recordings")
	assert.NotEmpty(t, refused.Header.Get("Retry-After"))
	recordFor(p, "recordings", 1001)

	bucket.ClearFaults()
	require.Equal(t, 204, p.Own("DELETE", meeting, nil).Status)
	assert.Empty(t, bucket.Keys())
}

func TestQuotaHoldsInS3(t *testing.T) {
	t.Parallel()
	bucket := s3test.Start(t, s3test.Options{})
	s, p := startWithMeetings(t, apptest.Options{
		Settings:        append(bucket.Settings(), "USER_DB_QUOTA=12MB"),
		SimulatorConfig: simulator.Config{RecordingSize: 7 << 20},
	})
	_, err := s.Simulator.Change(1002, simulator.WithAnnouncement("video/mp4", 0))
	require.NoError(t, err)
	completeTransfer(p, 1001)
	for _, recordingID := range []int64{1002, 1003} { // of unknown and of known size
		job := runTransfer(p, recordingID)
		assert.Equal(t, "dead", job.Text("status"))
		assert.Contains(t, job.Text("error"), "your 12 MB")
	}
	assert.Len(t, bucket.Keys(), 1)
	p.Eventually(func() bool { return len(bucket.Uploads()) == 0 }) // aborted in the background
	assert.InDelta(t, 7<<20, usedBytes(p), 2_000_000)
}

// Recordings that were stored before S3 was configured stay on disk, and new ones go to S3.
func TestBothStoresWorkSideBySide(t *testing.T) {
	t.Parallel()
	bucket := s3test.Start(t, s3test.Options{})
	s, p := startWithTransfer(t, apptest.Options{SimulatorConfig: simulator.Config{RecordingSize: 3 << 20}}, 1001)
	p = p.On(s.Restart(bucket.Settings()...))
	completeTransfer(p, 1002)
	assert.Len(t, bucket.Keys(), 1)
	onDisk := p.Call("GET", fileURL(p, 1001), "", nil)
	assert.Equal(t, 200, onDisk.Status)
	assert.Equal(t, recordFor(p, "recordings", 1001)["sha256"], checksum(onDisk.Raw))
	assert.Equal(t, 302, p.Call("GET", fileURL(p, 1002), "", nil).Status)

	p = p.On(p.Restart()) // the operator removes the settings too early
	missing := p.Call("GET", fileURL(p, 1002), "", nil)
	assert.Equal(t, 503, missing.Status)
	assert.Contains(t, missing.Text("message"), "Ask the operator")
	assert.Equal(t, 200, p.Call("GET", fileURL(p, 1001), "", nil).Status)
}

// A storage folder may be a link to a larger disk, also on another file system.
func TestLinkedStorageFolder(t *testing.T) {
	t.Parallel()
	other := otherFileSystem(t)
	s, p := startWithTransfer(t, apptest.Options{SimulatorConfig: simulator.Config{RecordingSize: 3 << 20}}, 1001)
	storage := filepath.Join(p.FolderPath(p.Name), "storage")
	moved := filepath.Join(other, "storage")
	require.NoError(t, s.Stop())
	require.NoError(t, os.CopyFS(moved, os.DirFS(storage)))
	require.NoError(t, os.RemoveAll(storage))
	require.NoError(t, os.Symlink(moved, storage))

	p = p.On(s.Restart())
	completeTransfer(p, 1002)
	for _, recordingID := range []int64{1001, 1002} {
		assert.Equal(t, recordFor(p, "recordings", recordingID)["sha256"], checksum(storedFile(p, recordingID)))
	}
	stored, err := filepath.Glob(filepath.Join(moved, "*", "*", "recording.mp4"))
	require.NoError(t, err)
	assert.Len(t, stored, 2)
	assert.InDelta(t, 6<<20, usedBytes(p), 2_000_000)
	meeting := "/api/collections/meetings/records/" + recordFor(p, "meetings", 1002)["id"].(string)
	require.Equal(t, 204, p.Own("DELETE", meeting, nil).Status)
	stored, err = filepath.Glob(filepath.Join(moved, "*", "*", "recording.mp4"))
	require.NoError(t, err)
	assert.Len(t, stored, 1)
}
