package e2e

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// Earlier versions kept the state of a download in the name and the size of its partial file.
func TestEarlierInstallationContinuesItsDownload(t *testing.T) {
	t.Parallel()
	const size, received = 4 << 20, 3<<20 + 12_345
	for name, withS3 := range map[string]bool{"on disk": false, "with S3": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "installation")
			require.NoError(t, durable.Unpack(t.Context(), earlierInstallation, dir, nil))
			sim := startSimulator(t, simulator.Config{RecordingSize: size})
			partial := interruptDownload(t, dir, sim, received)
			before := len(sim.Requests())
			bucket := s3test.Start(t, s3test.Options{})
			var settings []string
			if withS3 {
				settings = bucket.Settings()
			}
			in := installIn(t, dir, sim, settings...)
			in.serve()
			who, err := in.signIn("ada@example.com")
			require.NoError(t, err)
			in.requireRecording(who, 1001)
			in.requireDownload(who, 1001)

			in.requireCompleted(who, in.transfer(who, 1002))
			in.requireDownload(who, 1002)
			assert.NoFileExists(t, partial)
			truth, _ := sim.Meeting(1002)
			recording := in.records(who, "recordings", "recording_id = 1002")[0].(object)
			assert.Equal(t, truth.SHA256, recording["sha256"])
			var media []string
			for _, request := range sim.Requests()[before:] {
				if strings.HasPrefix(request.Path, "/media/") {
					media = append(media, request.Range)
				}
			}
			if withS3 { // the bytes on disk are of no use
				in.requireOneObject(who, bucket, sim, 1002)
				assert.Equal(t, []string{""}, media)
			} else {
				in.requireRecording(who, 1002)
				assert.Equal(t, []string{fmt.Sprintf("bytes=%d-", received)}, media)
			}
			in.requireSoundDatabases()
		})
	}
}

// interruptDownload leaves the data directory as a server of that version does that is killed while it downloads
// recording 1002, and returns the path of the partial file.
func interruptDownload(t *testing.T, dir string, sim *simulator.Server, received int64) (partial string) {
	t.Helper()
	download, content := prepareDownload(t, sim, 1002)
	sum := sha256.Sum256([]byte(download))
	folder := filepath.Join(dir, "user_dbs", "2026-11-26-001-ada")
	partial = filepath.Join(folder, "partial", "1002-"+hex.EncodeToString(sum[:8])+".part")
	require.NoError(t, os.MkdirAll(filepath.Dir(partial), 0o700))
	require.NoError(t, os.WriteFile(partial, content[:received], 0o600))
	db, err := sqlite.Open(filepath.Join(folder, sqlite.DataFile))
	require.NoError(t, err)
	now := time.Now().UTC().Format("2006-01-02 15:04:05.000Z")
	result, err := db.NewQuery("INSERT INTO transfers (id, recording_id, meeting, status, download_id, download_requested_at, " +
		"downloads_requested, bytes_done, bytes_total, attempts, created, updated) " +
		"SELECT 'earliertransfer', 1002, id, 'downloading', {:download}, {:now}, 1, {:done}, {:total}, 1, {:now}, {:now} " +
		"FROM meetings WHERE recording_id = 1002",
	).Bind(dbx.Params{"download": download, "now": now, "done": received, "total": len(content)}).Execute()
	require.NoError(t, err)
	inserted, err := result.RowsAffected()
	require.NoError(t, err)
	require.EqualValues(t, 1, inserted)
	require.NoError(t, db.Close())
	return partial
}

// prepareDownload requests the file of a recording from Fathom, and returns the id of the download and the file.
func prepareDownload(t *testing.T, sim *simulator.Server, recordingID int64) (id string, content []byte) {
	t.Helper()
	var answer struct {
		DownloadID string `json:"download_id"`
		Status     string
		Video      struct{ URL string }
	}
	ask := func(method, path string) {
		request, err := http.NewRequest(method, fmt.Sprintf("%s/recordings/%d/%s", sim.FathomURL(), recordingID, path), strings.NewReader("{}"))
		require.NoError(t, err)
		request.Header.Set("X-Api-Key", simulator.DemoAPIKey)
		request.Header.Set("Content-Type", "application/json")
		response, err := httpClient.Do(request)
		require.NoError(t, err)
		defer response.Body.Close()
		require.NoError(t, json.NewDecoder(response.Body).Decode(&answer))
	}
	ask(http.MethodPost, "download")
	polltest.Until(t, 10*time.Millisecond, func() bool {
		ask(http.MethodGet, "downloads/"+answer.DownloadID)
		return answer.Status == "completed"
	}, "the file is not ready: %+v", &answer)
	response, err := httpClient.Get(answer.Video.URL)
	require.NoError(t, err)
	defer response.Body.Close()
	content, err = io.ReadAll(response.Body)
	require.NoError(t, err)
	return answer.DownloadID, content
}

// requireDownload requires that the file URL of a recording leads to its file.
func (in *installation) requireDownload(who account, recordingID int) {
	in.t.Helper()
	recording := in.records(who, "recordings", fmt.Sprintf("recording_id = %d", recordingID))[0].(object)
	token := in.mustCall(http.MethodPost, who.database+"/api/files/token", who.session, nil)["token"].(string)
	response, err := httpClient.Get(fmt.Sprintf("%s/api/files/%s/%s/%s?token=%s", who.database, recording["collectionId"], recording["id"], recording["file"], token))
	require.NoError(in.t, err)
	defer response.Body.Close()
	require.Equal(in.t, http.StatusOK, response.StatusCode)
	hash := sha256.New()
	_, err = io.Copy(hash, response.Body)
	require.NoError(in.t, err)
	assert.Equal(in.t, recording["sha256"], hex.EncodeToString(hash.Sum(nil)))
}
