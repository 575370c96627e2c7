package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const (
	partSize   = 16 << 20 // bytes of the parts in which S3 receives a recording
	threeParts = 40 << 20 // bytes of a recording that S3 receives in three parts
)

// killPoint is a request to S3 during which the server is killed.
type killPoint struct {
	kind   s3test.Kind
	number int  // of the request among those of its kind that a transfer makes, from 1
	stored bool // whether S3 processes the request first; the answer is lost in any case
}

// killPoints are the steps of a transfer of three parts, in order. HEAD is the last request before the record is saved.
var killPoints = []killPoint{
	{s3test.CreateMultipartUpload, 1, false},
	{s3test.CreateMultipartUpload, 1, true},
	{s3test.UploadPart, 1, false},
	{s3test.UploadPart, 1, true},
	{s3test.UploadPart, 2, false},
	{s3test.UploadPart, 2, true},
	{s3test.UploadPart, 3, false},
	{s3test.UploadPart, 3, true},
	{s3test.CompleteMultipartUpload, 1, false},
	{s3test.CompleteMultipartUpload, 1, true},
	{s3test.HeadObject, 1, true},
}

func (k killPoint) String() string {
	when := "before"
	if k.stored {
		when = "after"
	}
	return fmt.Sprintf("%s %s %d", when, k.kind, k.number)
}

// storedParts returns how many parts the state of the transfer names at this point.
func (k killPoint) storedParts() int {
	switch k.kind {
	case s3test.CreateMultipartUpload:
		return 0
	case s3test.UploadPart:
		return k.number - 1
	default:
		return 3
	}
}

func TestTransferToS3ResumesAfterEveryKill(t *testing.T) {
	t.Parallel()
	random := testseed.New(t)
	for round := range testsize.Of(1, 6) {
		// A crash uses up one of a job's eight attempts, so one transfer can't be killed at all points.
		order := random.Perm(len(killPoints))
		half := len(order) / 2
		for i, chosen := range [][]int{order[:half], order[half:]} {
			slices.Sort(chosen)
			points := make([]killPoint, len(chosen))
			for j, index := range chosen {
				points[j] = killPoints[index]
			}
			t.Run(fmt.Sprintf("%d-%d", round, i), func(t *testing.T) {
				t.Parallel()
				killDuringTransferToS3(t, points)
			})
		}
	}
}

func killDuringTransferToS3(t *testing.T, points []killPoint) {
	t.Logf("kills: %v", points)
	sim := startSimulator(t, simulator.Config{RecordingSize: threeParts})
	bucket := s3test.Start(t, s3test.Options{})
	in := install(t, sim, bucket.Settings()...)
	server := in.serve()
	who := in.newDemoAccount()
	var job string
	var recorded []int // the parts that are stored and recorded when each server starts
	for i, point := range points {
		launched, killed := make(chan *process, 1), make(chan struct{})
		skip := point.number - 1
		switch {
		case i > 0 && point.kind == s3test.UploadPart:
			skip -= recorded[i-1] // they are not sent again
		case i > 0 && point.kind == s3test.CreateMultipartUpload:
			skip++ // the server checks the storage when it starts
		}
		bucket.ClearFaults()
		bucket.Before(point.kind, skip, func() {})
		kill := func() { (<-launched).kill(); close(killed) }
		if point.stored {
			bucket.After(point.kind, 1, kill)
		} else {
			bucket.Before(point.kind, 1, func() { kill(); panic(http.ErrAbortHandler) })
		}
		if i == 0 {
			job = in.transfer(who, 1001)
			launched <- server
		} else {
			launched <- in.launch()
		}
		polltest.Until(t, 5*time.Millisecond, func() bool {
			select {
			case <-killed:
				return true
			default:
				return false
			}
		}, "the transfer did not come to %s", point)
		recorded = append(recorded, point.storedParts())
	}
	in.serve()
	in.requireCompleted(who, job)
	in.requireOneObject(who, bucket, sim, 1001)

	answer := in.mustCall(http.MethodGet, in.url+jobsPath+"/"+job, who.token, nil)
	assert.EqualValues(t, len(points)+1, answer["attempts"], "each kill is an attempt")
	sent, begun := 3, 0
	for _, point := range points {
		switch {
		case point.kind == s3test.UploadPart:
			sent++
		case point.kind == s3test.CreateMultipartUpload && point.stored:
			begun++ // nobody knows its ID
		}
	}
	assert.Equal(t, sent, bucket.Count(s3test.UploadPart), "only parts that were under way are sent again")
	require.Len(t, bucket.Uploads(), begun)
	requireMediaRequests(t, sim, recorded)

	bucket.Backdate(48 * time.Hour)
	status, err := call(http.MethodPost, in.url+"/api/crons/userDatabaseMaintenance", in.superuserToken(in.keys.AdminEmail), nil, nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusNoContent, status)
	polltest.Until(t, 20*time.Millisecond, func() bool { return len(bucket.Uploads()) == 0 }, "the upload that a kill left was not removed")
	in.requireOneObject(who, bucket, sim, 1001)
}

// requireOneObject requires that the bucket contains one recording and nothing else, and that it is complete.
func (in *installation) requireOneObject(who account, bucket *s3test.Server, sim *simulator.Server, recordingID int64) {
	in.t.Helper()
	truth, _ := sim.Meeting(recordingID)
	keys := bucket.Keys()
	require.Len(in.t, keys, 1)
	assert.True(in.t, strings.HasPrefix(keys[0], fmt.Sprintf("%s/%d/", who.name, recordingID)), keys[0])
	stored, ok := bucket.Object(keys[0])
	require.True(in.t, ok)
	assert.Equal(in.t, truth.Size, stored.Size)
	assert.Equal(in.t, truth.SHA256, stored.SHA256)
	recordings := in.records(who, "recordings", fmt.Sprintf("recording_id = %d", recordingID))
	require.Len(in.t, recordings, 1)
	assert.Equal(in.t, truth.SHA256, recordings[0].(object)["sha256"])
}

// requireMediaRequests requires that Fathom was asked for one file, and for its bytes once by the first server and by
// each server that found the given number of parts, if that wasn't all of them.
func requireMediaRequests(t *testing.T, sim *simulator.Server, recorded []int) {
	t.Helper()
	requested := 0
	var offsets []int64
	for _, request := range sim.Requests() {
		switch {
		case request.Method == http.MethodPost && strings.HasSuffix(request.Path, "/1001/download"):
			requested++
		case strings.HasPrefix(request.Path, "/media/"):
			var offset int64
			_, _ = fmt.Sscanf(request.Range, "bytes=%d-", &offset) // a request for the whole file has no range
			offsets = append(offsets, offset)
		}
	}
	assert.Equal(t, 1, requested, "Fathom was asked for one file")
	var want []int64
	for _, parts := range append([]int{0}, recorded...) {
		if parts < 3 {
			want = append(want, int64(parts)*partSize)
		}
	}
	assert.Subset(t, want, offsets, "downloads begin behind the parts that are stored")
	assert.LessOrEqual(t, len(offsets), len(want), "the file is requested at most once per server")
}
