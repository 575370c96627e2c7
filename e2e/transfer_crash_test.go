package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestTransferResumesAfterEveryKill(t *testing.T) {
	t.Parallel()
	size := int64(testsize.Of(3, 24)) << 20
	points := drawKillPoints(t, testsize.Of(2, 4), size/8, size*7/8) // a crash uses up one of a job's eight attempts
	sim := startSimulator(t, simulator.Config{RecordingSize: size})
	in := install(t, sim)
	server := in.serve()
	who := in.newDemoAccount()
	sim.Inject(simulator.Fault{Path: "/media/*", BytesPerSecond: 640 << 10, Times: -1})
	job := in.transfer(who, 1001)
	// The server is killed while bytes arrive. A kill between Fathom's answer and the record of it would
	// make the next attempt request a second file.
	partialDir := filepath.Join(in.dir, "user_dbs", who.name, "partial")
	for _, point := range points {
		polltest.Until(t, 5*time.Millisecond, func() bool { return partialSize(t, partialDir) >= point }, "the download did not reach %d bytes", point)
		server.kill()
		require.GreaterOrEqual(t, partialSize(t, partialDir), point, "the kill came after the download")
		server = in.serve()
	}
	in.requireCompleted(who, job)

	truth, _ := sim.Meeting(1001)
	recordings := in.records(who, "recordings", "recording_id = 1001")
	require.Len(t, recordings, 1)
	recording := recordings[0].(object)
	assert.Equal(t, truth.SHA256, recording["sha256"])
	assert.EqualValues(t, truth.Size, recording["size"])
	stored, err := filepath.Glob(filepath.Join(in.dir, "user_dbs", who.name, "storage", "*", "*", "*"))
	require.NoError(t, err)
	assert.Len(t, stored, 1, "the file is stored once")
	partials, err := os.ReadDir(partialDir)
	require.NoError(t, err)
	assert.Empty(t, partials)
	requested := 0
	var offsets []int64 // where the requests for the file start
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
	require.Len(t, offsets, len(points)+1, "the file is requested once per server")
	for i, point := range points {
		assert.GreaterOrEqual(t, offsets[i+1], point, "the download continues where it stopped")
	}
}

// drawKillPoints draws n ascending numbers of bytes, one from each nth of the range, and logs them.
func drawKillPoints(t *testing.T, n int, first, last int64) []int64 {
	t.Helper()
	random := testseed.New(t)
	points := make([]int64, n)
	width := (last - first) / int64(n)
	for i := range points {
		points[i] = first + int64(i)*width + random.Int64N(width)
	}
	t.Logf("bytes downloaded before each kill: %v", points)
	return points
}

// partialSize returns the size of the one file that is being downloaded, or 0.
func partialSize(t *testing.T, dir string) int64 {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.part"))
	require.NoError(t, err)
	if len(files) != 1 {
		return 0
	}
	info, err := os.Stat(files[0])
	if err != nil {
		return 0 // the download has just ended
	}
	return info.Size()
}
