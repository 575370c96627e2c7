package transfer_test

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestTransferRecoversFromTemporaryFaults(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	download, status, media := "/external/v1/recordings/*/download", "/external/v1/recordings/*/downloads/*", "/media/*"
	for i, faults := range [][]simulator.Fault{
		{{Path: download, Status: 500}, {Path: status, Status: 503}},
		{{Path: download, Status: 429, RetryAfter: time.Second}},
		{{Path: media, CutAfter: 10_000}, {Path: media, CutAfter: 10_000}},
		{{Path: media, Status: 403}},
		{{Path: "/external/v1/recordings/*/summary", Status: 404}, {Path: "/external/v1/recordings/*/transcript", Status: 404}},
		{{Path: status, CloseConnection: true, Times: 2}, {Path: media, NoLength: true}},
	} {
		recordingID := int64(1001 + i)
		for _, fault := range faults {
			s.Simulator.Inject(fault)
		}
		earlier := len(s.Simulator.Requests())
		job := runTransfer(p, recordingID)
		require.Equal(t, "completed", job.Text("status"), "%v: %s", faults, job.Raw)
		assert.Equal(t, original(s, recordingID).SHA256, recordFor(p, "recordings", recordingID)["sha256"], "%v", faults)
		for _, fault := range faults {
			assert.True(t, hadFault(t, s.Simulator.Requests()[earlier:], fault), "%+v did not occur", fault)
		}
		s.Simulator.ClearFaults()
	}
}

// hadFault reports whether a fault's traces are among the requests: its status, or otherwise any request
// that the fault matches.
func hadFault(t *testing.T, requests []simulator.Request, fault simulator.Fault) bool {
	t.Helper()
	for _, request := range requests {
		matches, err := path.Match(fault.Path, request.Path)
		require.NoError(t, err)
		if matches && (fault.Status == 0 || request.Status == fault.Status) {
			return true
		}
	}
	return false
}

func TestFileOfTheWrongSizeIsNotStored(t *testing.T) {
	t.Parallel()
	s, p := startWithMeetings(t, apptest.Options{})
	s.Simulator.Inject(simulator.Fault{Path: "/media/*", WrongLength: true, Times: -1})
	job := waitForJobStatus(p, enqueueTransfer(p, 1001).Text("id"), "failed")
	assert.NotEmpty(t, job.Text("error"))
	assert.Empty(t, p.ListOwn("recordings", apptest.RecordingFilter(1001)))
	waitForTransferStatus(p, 1001, "queued")
}

// Case C27: a file of unknown size that ends early is not taken for the whole recording.
func TestFileOfUnknownSizeThatEndsEarlyIsNotStored(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault     simulator.Fault
		downloads int
	}{
		"cut connection":   {simulator.Fault{Path: mediaPath, NoLength: true, CutAfter: 200_000}, 1},
		"complete answer":  {simulator.Fault{Path: mediaPath, NoLength: true, WrongLength: true}, 2},
		"announced length": {simulator.Fault{Path: mediaPath, CutAfter: 200_000}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, p := startWithMeetings(t, apptest.Options{SimulatorConfig: simulator.Config{RecordingSize: 1 << 20}})
			_, err := s.Simulator.Change(1001, simulator.WithAnnouncement("video/mp4", 0))
			require.NoError(t, err)
			s.Simulator.Inject(test.fault)
			job := runWithRetries(p, 1001)
			require.Equal(t, "completed", job.Text("status"), job.Raw)
			requireStoredAsAtFathom(p, 1001)
			assert.Equal(t, test.downloads, countRequests(s, "POST", "/external/v1/recordings/1001/download"))
			assert.Equal(t, 2, mediaRequests(p))
		})
	}
}

func TestResumedFileOfUnknownSizeThatEndsEarlyIsNotStored(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string][]simulator.Fault{
		"once":              {{NoLength: true, WrongLength: true}},
		"again as a whole":  {{NoLength: true, WrongLength: true}, {NoLength: true, WrongLength: true}},
		"cut as a whole":    {{NoLength: true, WrongLength: true}, {NoLength: true, CutAfter: 4 << 20}},
		"cut while resumed": {{NoLength: true, CutAfter: 1 << 20}, {NoLength: true, WrongLength: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, p := startWithMeetings(t, apptest.Options{SimulatorConfig: simulator.Config{RecordingSize: 8 << 20}})
			_, err := s.Simulator.Change(1001, simulator.WithAnnouncement("video/mp4", 0))
			require.NoError(t, err)
			s.Simulator.Inject(simulator.Fault{Path: mediaPath, NoLength: true, HoldAfter: 3 << 20, Hold: make(chan struct{})})
			enqueueTransfer(p, 1001)
			s.Eventually(func() bool {
				transfers := p.ListOwn("transfers", apptest.RecordingFilter(1001))
				return len(transfers) == 1 && transfers[0]["bytes_done"].(float64) >= 1<<20
			})
			require.NoError(t, s.Stop())
			for _, fault := range faults {
				fault.Path = mediaPath
				s.Simulator.Inject(fault)
			}

			p = p.On(s.Restart())
			job := runWithRetries(p, 1001)
			require.Equal(t, "completed", job.Text("status"), job.Raw)
			requireStoredAsAtFathom(p, 1001)
			var resumed bool
			for _, request := range s.Simulator.Requests() {
				resumed = resumed || request.Range != ""
			}
			assert.True(t, resumed, "the second run continues the file")
		})
	}
}

func TestStoppedDownloadIsResumedAfterRestart(t *testing.T) {
	t.Parallel()
	const downloaded = 1 << 20 // at least, before the stop
	s, p := startWithMeetings(t, apptest.Options{SimulatorConfig: simulator.Config{RecordingSize: 8 << 20}})
	s.Simulator.Inject(simulator.Fault{Path: "/media/*", HoldAfter: 3 << 20, Hold: make(chan struct{})})
	created := enqueueTransfer(p, 1001)
	s.Eventually(func() bool {
		transfers := p.ListOwn("transfers", apptest.RecordingFilter(1001))
		return len(transfers) == 1 && transfers[0]["bytes_done"].(float64) >= downloaded
	})

	p = p.On(s.Restart())
	job := waitForJobStatus(p, created.Text("id"), "completed")
	assert.EqualValues(t, 1, job.Get("attempts"), "a stop uses up no attempt")
	assert.Equal(t, original(s, 1001).SHA256, recordFor(p, "recordings", 1001)["sha256"])
	var ranges []string
	for _, request := range s.Simulator.Requests() {
		if request.Range != "" {
			ranges = append(ranges, request.Range)
		}
	}
	require.NotEmpty(t, ranges, "the download is resumed")
	var start int64
	_, err := fmt.Sscanf(ranges[0], "bytes=%d-", &start)
	require.NoError(t, err, ranges[0])
	assert.GreaterOrEqual(t, start, int64(downloaded), "the download continues where it stopped")
}

func TestDamagedFileIsDownloadedAgain(t *testing.T) {
	t.Parallel()
	s, p := startWithTransfer(t, apptest.Options{}, 1001)
	stored, err := filepath.Glob(filepath.Join(s.App.Databases.Dir(p.Name), "storage", "*", "*", "recording.mp4"))
	require.NoError(t, err)
	require.Len(t, stored, 1)
	require.NoError(t, os.Truncate(stored[0], 100))
	completeTransfer(p, 1001)
	assert.Equal(t, original(s, 1001).SHA256, checksum(storedFile(p, 1001)))
}
