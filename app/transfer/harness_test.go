package transfer_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const connectionsPath = "/api/collections/connections/records"

// startWithMeetings starts a server with a user who has a valid Fathom key and synced meetings.
func startWithMeetings(t *testing.T, opts apptest.Options) (*apptest.Server, apptest.Person) {
	t.Helper()
	s := apptest.Start(t, opts)
	return s, s.SignUpWithMeetings("ada@example.com")
}

// startWithTransfer is startWithMeetings with the recordings of some meetings transferred, ready for the
// user to upload them to Loom.
func startWithTransfer(t *testing.T, opts apptest.Options, recordingIDs ...int64) (*apptest.Server, apptest.Person) {
	t.Helper()
	s, p := startWithMeetings(t, opts)
	for _, id := range recordingIDs {
		completeTransfer(p, id)
	}
	return s, p
}

func enqueueTransfer(p apptest.Person, recordingID int64) apptest.Answer {
	p.T.Helper()
	job := p.Enqueue("recording.transfer", map[string]any{"recording_id": recordingID})
	require.Equal(p.T, 200, job.Status, job.Raw)
	return job
}

// runTransfer transfers a recording and returns the finished job.
func runTransfer(p apptest.Person, recordingID int64) apptest.Answer {
	p.T.Helper()
	return p.RunJob("recording.transfer", map[string]any{"recording_id": recordingID})
}

// completeTransfer is runTransfer for a transfer that must succeed.
func completeTransfer(p apptest.Person, recordingID int64) apptest.Answer {
	p.T.Helper()
	job := runTransfer(p, recordingID)
	require.Equal(p.T, "completed", job.Text("status"), job.Raw)
	return job
}

// runSync syncs the newest meetings, or all of them, and returns the finished job.
func runSync(p apptest.Person, full bool) apptest.Answer {
	p.T.Helper()
	payload := map[string]any{}
	if full {
		payload["full"] = true
	}
	return p.RunJob("fathom.sync", payload)
}

// waitForJobStatus returns the job once it has a status.
func waitForJobStatus(p apptest.Person, id, status string) (job apptest.Answer) {
	p.T.Helper()
	p.Eventually(func() bool {
		job = p.Job(id)
		return job.Text("status") == status
	})
	return job
}

// recordFor returns the only record that a collection has for a recording.
func recordFor(p apptest.Person, collection string, recordingID int64) map[string]any {
	p.T.Helper()
	records := p.ListOwn(collection, apptest.RecordingFilter(recordingID))
	require.Len(p.T, records, 1)
	return records[0]
}

func transferPath(p apptest.Person, recordingID int64) string {
	p.T.Helper()
	return "/api/collections/transfers/records/" + recordFor(p, "transfers", recordingID)["id"].(string)
}

func waitForTransferStatus(p apptest.Person, recordingID int64, status string) {
	p.T.Helper()
	p.Eventually(func() bool { return recordFor(p, "transfers", recordingID)["status"] == status })
}

// connection returns the only connection of a person.
func connection(p apptest.Person) map[string]any {
	p.T.Helper()
	connections := p.ListOwn("connections", "")
	require.Len(p.T, connections, 1)
	return connections[0]
}

func waitForConnectionStatus(p apptest.Person, status string) {
	p.T.Helper()
	p.Eventually(func() bool { return connection(p)["status"] == status })
}

// original returns a meeting as the simulated Fathom has it.
func original(s *apptest.Server, recordingID int64) simulator.Meeting {
	s.T.Helper()
	meeting, ok := s.Simulator.Meeting(recordingID)
	require.True(s.T, ok, recordingID)
	return meeting
}

// fileURL returns a link to a stored recording, as a browser uses it.
func fileURL(p apptest.Person, recordingID int64) string {
	p.T.Helper()
	recording := recordFor(p, "recordings", recordingID)
	token := p.Own("POST", "/api/files/token", nil)
	require.Equal(p.T, 200, token.Status, token.Raw)
	return p.DatabaseURL + "/api/files/recordings/" + recording["id"].(string) + "/" + recording["file"].(string) +
		"?token=" + url.QueryEscape(token.Text("token"))
}

// storedFile returns the content of a stored recording.
func storedFile(p apptest.Person, recordingID int64) string {
	p.T.Helper()
	file := p.Call("GET", fileURL(p, recordingID), "", nil)
	require.Equal(p.T, 200, file.Status)
	return file.Raw
}

// uploadToLoom uploads a stored recording as a person does, and returns its share URL.
func uploadToLoom(p apptest.Person, recordingID int64) string {
	p.T.Helper()
	fileName := recordFor(p, "transfers", recordingID)["file_name"].(string)
	share, err := p.Simulator.Upload(p.T.Context(), fileName, strings.NewReader(storedFile(p, recordingID)))
	require.NoError(p.T, err)
	return share
}

func checksum(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}
