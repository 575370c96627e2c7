package transfer_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// fileURL is a link to a stored recording as a browser would use it.
func fileURL(p apptest.Person, recording map[string]any) string {
	p.T.Helper()
	token := p.Own("POST", "/api/files/token", nil)
	require.Equal(p.T, 200, token.Status, token.Raw)
	return p.DatabaseURL + "/api/files/recordings/" + recording["id"].(string) + "/" + recording["file"].(string) + "?token=" + url.QueryEscape(token.Text("token"))
}

func checksum(raw string) string {
	sum := sha256.Sum256([]byte(raw))
	return hex.EncodeToString(sum[:])
}

func TestTheMainJob(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUpWithMeetings("ada@example.com")
	meetings := p.ListOwn("meetings", "")
	require.Len(t, meetings, 24)

	truth, ok := s.Simulator.Meeting(1001)
	require.True(t, ok)
	job := p.RunJob("recording.transfer", map[string]any{"recording_id": 1001})
	require.Equal(t, "completed", job.Text("status"), job.Raw)
	assert.EqualValues(t, 1, job.Get("progress"))
	assert.Equal(t, "awaiting_share_url", job.Text("result.status"))

	meeting := p.ListOwn("meetings", apptest.RecordingFilter(1001))[0]
	assert.Equal(t, truth.Title, meeting["title"])
	assert.Regexp(t, "^## ", meeting["summary"])
	assert.NotEmpty(t, meeting["action_items"])
	transcript := p.ListOwn("transcripts", apptest.RecordingFilter(1001))[0]
	assert.NotEmpty(t, transcript["items"])
	assert.Regexp(t, `^\[00:00:00\] \w+`, transcript["text"])
	recording := p.ListOwn("recordings", apptest.RecordingFilter(1001))[0]
	assert.EqualValues(t, truth.Size, recording["size"])
	assert.Equal(t, truth.SHA256, recording["sha256"])
	transfer := p.ListOwn("transfers", apptest.RecordingFilter(1001))[0]
	assert.Equal(t, "awaiting_share_url", transfer["status"])
	assert.EqualValues(t, truth.Size, transfer["bytes_done"])
	assert.EqualValues(t, truth.Size, transfer["bytes_total"])

	file := s.Call("GET", fileURL(p, recording)+"&download=1", "", nil)
	require.Equal(t, 200, file.Status)
	assert.Equal(t, truth.SHA256, checksum(file.Raw))
	assert.Equal(t, "video/mp4", file.Header.Get("Content-Type"))
	assert.Contains(t, file.Header.Get("Content-Disposition"), "attachment")
	assert.Contains(t, file.Header.Get("Content-Disposition"), transfer["file_name"])

	share, err := s.Simulator.Upload(t.Context(), transfer["file_name"].(string), bytes.NewReader([]byte(file.Raw)))
	require.NoError(t, err)
	delivered := p.Own("PATCH", "/api/collections/transfers/records/"+transfer["id"].(string), map[string]any{"share_url": "  " + share + "?sid=abc "})
	require.Equal(t, 200, delivered.Status, delivered.Raw)
	assert.Equal(t, "delivered", delivered.Text("status"))
	assert.Equal(t, share, delivered.Text("share_url"))
	assert.Equal(t, share, p.ListOwn("meetings", apptest.RecordingFilter(1001))[0]["loom_url"])

	again := p.RunJob("recording.transfer", map[string]any{"recording_id": 1001})
	assert.Equal(t, "completed", again.Text("status"))
	assert.Equal(t, "delivered", again.Text("result.status"), "what is delivered is not delivered again")
	downloads := 0
	for _, request := range s.Simulator.Requests() {
		if request.Method == "POST" && request.Path == "/external/v1/recordings/1001/download" {
			downloads++
		}
	}
	assert.Equal(t, 1, downloads)
	assert.Empty(t, s.Simulator.Violations(), "a credential reached the file host")
	partials, err := os.ReadDir(filepath.Join(s.App.Databases.Dir(p.Name), "partial"))
	require.NoError(t, err)
	assert.Empty(t, partials)
}

func TestStoredFilesByRole(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUpWithMeetings("ada@example.com"), s.SignUpWithMeetings("other@example.com")
	for _, who := range []apptest.Person{p, other} {
		require.Equal(t, "completed", who.RunJob("recording.transfer", map[string]any{"recording_id": 1002}).Text("status"))
	}
	link := fileURL(p, p.ListOwn("recordings", "")[0])
	bare, _, _ := strings.Cut(link, "?")
	_, theirs, _ := strings.Cut(fileURL(other, other.ListOwn("recordings", "")[0]), "?")

	assert.Equal(t, 200, s.Call("GET", link, "", nil).Status, "owner")
	assert.Equal(t, 401, s.Call("GET", bare, "", nil).Status, "guest")
	assert.Equal(t, 403, s.Call("GET", bare+"?"+theirs, "", nil).Status, "another user's file token")
	assert.Equal(t, 403, s.Call("GET", bare+"?token="+url.QueryEscape(p.Session), "", nil).Status, "a session in the URL")
	assert.Equal(t, 401, s.Call("GET", bare+"?token=x", "", nil).Status, "garbage")

	ranged, err := http.NewRequest(http.MethodGet, link, nil)
	require.NoError(t, err)
	ranged.Header.Set("Range", "bytes=4-7")
	got := s.Do(ranged)
	assert.Equal(t, 206, got.Status, "players seek")
	assert.Equal(t, "ftyp", got.Raw)
}

func TestWhatFathomRefusesEndsTheTransfer(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUpWithMeetings("ada@example.com")
	for what, test := range map[string]struct {
		id   int64
		says string
	}{
		"limited share": {1022, "limited access"},
		"gone":          {1001, "no longer has"},
		"no media":      {1023, "no video"},
		"unknown":       {999999, "isn't among your meetings"},
	} {
		if what == "gone" {
			s.Simulator.Inject(simulator.Fault{Path: "/external/v1/recordings/1001/download", Status: 404})
		}
		job := p.RunJob("recording.transfer", map[string]any{"recording_id": test.id})
		assert.Equal(t, "dead", job.Text("status"), what)
		assert.Contains(t, job.Text("error"), test.says, what)
		assert.EqualValues(t, 1, job.Get("attempts"), "%s: trying again can't help", what)
	}
	s.Eventually(func() bool { return p.ListOwn("transfers", apptest.RecordingFilter(1022))[0]["status"] == "failed" })
	assert.Contains(t, p.ListOwn("transfers", apptest.RecordingFilter(1022))[0]["error"], "limited access")

	audio := p.RunJob("recording.transfer", map[string]any{"recording_id": 1021})
	assert.Equal(t, "dead", audio.Text("status"), "Loom takes no audio files")
	assert.Len(t, p.ListOwn("recordings", apptest.RecordingFilter(1021)), 1, "but the owner has theirs")
}

func TestTroubleOnTheWayIsGotOver(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUpWithMeetings("ada@example.com")
	download, status, media := "/external/v1/recordings/*/download", "/external/v1/recordings/*/downloads/*", "/media/*"
	for id, faults := range map[int64][]simulator.Fault{
		1001: {{Path: download, Status: 500}, {Path: status, Status: 503}},
		1002: {{Path: download, Status: 429, RetryAfter: time.Second}},
		1003: {{Path: media, CutAfter: 10_000}, {Path: media, CutAfter: 10_000}},
		1004: {{Path: media, Status: 403}},
		1005: {{Path: "/external/v1/recordings/*/summary", Status: 404}, {Path: "/external/v1/recordings/*/transcript", Status: 404}},
		1006: {{Path: status, CloseConnection: true, Times: 2}, {Path: media, NoLength: true}},
	} {
		for _, fault := range faults {
			s.Simulator.Inject(fault)
		}
		job := p.RunJob("recording.transfer", map[string]any{"recording_id": id})
		require.Equal(t, "completed", job.Text("status"), "%d: %s", id, job.Raw)
		truth, _ := s.Simulator.Meeting(id)
		assert.Equal(t, truth.SHA256, p.ListOwn("recordings", apptest.RecordingFilter(id))[0]["sha256"], id)
		s.Simulator.ClearFaults()
	}
}

func TestAFileOfTheWrongSizeIsNotStored(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUpWithMeetings("ada@example.com")
	s.Simulator.Inject(simulator.Fault{Path: "/media/*", WrongLength: true, Times: -1})
	created := p.Enqueue("recording.transfer", map[string]any{"recording_id": 1001})
	var job apptest.Answer
	s.Eventually(func() bool {
		job = p.Job(created.Text("id"))
		return job.Text("status") == "failed"
	})
	assert.NotEmpty(t, job.Text("error"))
	assert.Empty(t, p.ListOwn("recordings", apptest.RecordingFilter(1001)))
	s.Eventually(func() bool { return p.ListOwn("transfers", apptest.RecordingFilter(1001))[0]["status"] == "queued" })
}

func TestSyncKeepsWhatItHas(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUpWithMeetings("ada@example.com")
	require.Equal(t, "completed", p.RunJob("recording.transfer", map[string]any{"recording_id": 1001}).Text("status"))
	_, err := s.Simulator.Change(1001, simulator.WithTitle("Renamed at Fathom"))
	require.NoError(t, err)
	added, err := s.Simulator.AddMeeting(simulator.WithTitle("Brand new"))
	require.NoError(t, err)

	job := p.RunJob("fathom.sync", map[string]any{})
	require.Equal(t, "completed", job.Text("status"), job.Raw)
	assert.EqualValues(t, 1, job.Get("result.added"))
	assert.EqualValues(t, 1, job.Get("result.updated"))
	meeting := p.ListOwn("meetings", apptest.RecordingFilter(1001))[0]
	assert.Equal(t, "Renamed at Fathom", meeting["title"])
	assert.NotEmpty(t, meeting["summary"], "a sync doesn't bring summaries, and takes none away")
	assert.Len(t, p.ListOwn("meetings", apptest.RecordingFilter(added.RecordingID)), 1)

	full := p.RunJob("fathom.sync", map[string]any{"full": true})
	assert.EqualValues(t, 25, full.Get("result.meetings"))
	assert.EqualValues(t, 0, full.Get("result.updated"))
}

func TestAStopInTheMiddleOfADownloadGoesOnLater(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{SimulatorConfig: simulator.Config{RecordingSize: 8 << 20}})
	p := s.SignUpWithMeetings("ada@example.com")
	s.Simulator.Inject(simulator.Fault{Path: "/media/*", HoldAfter: 3 << 20, Hold: make(chan struct{})})
	created := p.Enqueue("recording.transfer", map[string]any{"recording_id": 1001})
	require.Equal(t, 200, created.Status, created.Raw)
	s.Eventually(func() bool {
		transfers := p.ListOwn("transfers", apptest.RecordingFilter(1001))
		return len(transfers) == 1 && transfers[0]["bytes_done"].(float64) >= 1<<20
	})
	require.NoError(t, s.Stop())

	next := apptest.Start(t, apptest.Options{Dir: s.Dir, Simulator: s.Simulator})
	p.Server, p.DatabaseURL = next, next.URL+"/db/"+p.Name
	var job apptest.Answer
	s.Eventually(func() bool {
		job = p.Job(created.Text("id"))
		return job.Text("status") == "completed"
	})
	assert.EqualValues(t, 1, job.Get("attempts"), "a stop costs no attempt")
	truth, _ := s.Simulator.Meeting(1001)
	assert.Equal(t, truth.SHA256, p.ListOwn("recordings", apptest.RecordingFilter(1001))[0]["sha256"])
	var ranges []string
	for _, request := range s.Simulator.Requests() {
		if request.Range != "" {
			ranges = append(ranges, request.Range)
		}
	}
	assert.NotEmpty(t, ranges, "the download went on where it stopped")
}

func TestASyncThatBrokeOffMissesNothing(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{SimulatorConfig: simulator.Config{Meetings: 40}})
	p := s.SignUp("ada@example.com")
	require.Equal(t, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/meetings", Header: http.Header{"X-Page": {"1"}}})
	s.Simulator.Inject(simulator.Fault{Path: "/external/v1/meetings", Status: 403})
	job := p.RunJob("fathom.sync", map[string]any{})
	require.Equal(t, "dead", job.Text("status"))
	assert.Contains(t, job.Text("error"), "list meetings")
	require.Len(t, p.ListOwn("meetings", ""), 10, "the newest page is in")

	job = p.RunJob("fathom.sync", map[string]any{})
	require.Equal(t, "completed", job.Text("status"), job.Raw)
	assert.Len(t, p.ListOwn("meetings", ""), 40, "and the older ones come with the next sync")
	assert.Less(t, p.RunJob("fathom.sync", map[string]any{}).Get("result.meetings"), 10.0, "then only what is new, and two days before it")
}

func TestAFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUpWithMeetings("ada@example.com")
	_, err := s.Simulator.Change(1001, simulator.WithSize(1<<50))
	require.NoError(t, err)
	created := p.Enqueue("recording.transfer", map[string]any{"recording_id": 1001})
	require.Equal(t, 200, created.Status)
	var job apptest.Answer
	s.Eventually(func() bool {
		job = p.Job(created.Text("id"))
		return strings.Contains(job.Text("error"), "disk is full")
	})
	assert.Equal(t, "pending", job.Text("status"), "it waits for room")
	assert.EqualValues(t, 0, job.Get("attempts"))
	s.Eventually(func() bool {
		said, _ := p.ListOwn("transfers", apptest.RecordingFilter(1001))[0]["error"].(string)
		return strings.Contains(said, "disk is full")
	})
	assert.Equal(t, "completed", p.RunJob("recording.transfer", map[string]any{"recording_id": 1002}).Text("status"), "others go on")
}

func TestAStalledDownloadHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{SimulatorConfig: simulator.Config{RecordingSize: 64 << 20}})
	p := s.SignUpWithMeetings("ada@example.com")
	require.Equal(t, "completed", p.RunJob("recording.transfer", map[string]any{"recording_id": 1001}).Text("status"))
	link := fileURL(p, p.ListOwn("recordings", "")[0])

	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	_, err = conn.Write([]byte("GET " + strings.TrimPrefix(link, s.URL) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
	require.NoError(t, err)
	_, err = conn.Read(make([]byte, 1)) // the answer has begun; the rest is never read
	require.NoError(t, err)
	began := time.Now()
	require.NoError(t, s.Stop())
	assert.Less(t, time.Since(began), 10*time.Second)
}

func TestDeadJobsShowOnTheirTransfers(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"WORKER_CONCURRENCY=4"}})
	p := s.SignUpWithMeetings("ada@example.com")
	connection := p.ListOwn("connections", "")[0]
	require.Equal(t, 204, p.Own("DELETE", "/api/collections/connections/records/"+connection["id"].(string), nil).Status)
	for id := int64(1001); id <= 1020; id++ {
		require.Equal(t, 200, p.Enqueue("recording.transfer", map[string]any{"recording_id": id}).Status)
	}
	s.Eventually(func() bool { return len(p.ListOwn("transfers", "status = 'failed'")) == 20 })
	assert.Contains(t, p.ListOwn("transfers", "")[0]["error"], "API key")
}

func TestAWithdrawnJobShowsOnItsTransfer(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUpWithMeetings("ada@example.com")
	later := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	created := s.Call("POST", s.URL+apptest.JobsPath, p.Token, map[string]any{
		"kind": "recording.transfer", "payload": map[string]any{"recording_id": 1001}, "run_at": later})
	require.Equal(t, 200, created.Status, created.Raw)
	assert.Equal(t, "queued", p.ListOwn("transfers", "")[0]["status"])
	require.Equal(t, 204, s.Call("DELETE", s.URL+apptest.JobsPath+"/"+created.Text("id"), p.Token, nil).Status)
	assert.Equal(t, "cancelled", p.ListOwn("transfers", "")[0]["status"])
}

func TestADamagedFileIsFetchedAnew(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUpWithMeetings("ada@example.com")
	require.Equal(t, "completed", p.RunJob("recording.transfer", map[string]any{"recording_id": 1001}).Text("status"))
	stored, err := filepath.Glob(filepath.Join(s.App.Databases.Dir(p.Name), "storage", "*", "*", "recording.mp4"))
	require.NoError(t, err)
	require.Len(t, stored, 1)
	require.NoError(t, os.Truncate(stored[0], 100))
	require.Equal(t, "completed", p.RunJob("recording.transfer", map[string]any{"recording_id": 1001}).Text("status"))
	truth, _ := s.Simulator.Meeting(1001)
	assert.Equal(t, truth.SHA256, checksum(s.Call("GET", fileURL(p, p.ListOwn("recordings", "")[0]), "", nil).Raw))
}

func TestAForeignContentTypeIsNotShown(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUpWithMeetings("ada@example.com")
	require.Equal(t, "completed", p.RunJob("recording.transfer", map[string]any{"recording_id": 1001}).Text("status"))
	db, err := s.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer db.Release()
	recording, err := db.App.FindFirstRecordByData("recordings", "recording_id", 1001)
	require.NoError(t, err)
	recording.Set("content_type", "text/html")
	require.NoError(t, db.App.SaveNoValidate(recording))
	got := s.Call("GET", fileURL(p, p.ListOwn("recordings", "")[0]), "", nil)
	require.Equal(t, 200, got.Status)
	assert.Equal(t, "application/octet-stream", got.Header.Get("Content-Type"))
	assert.Contains(t, got.Header.Get("Content-Disposition"), "attachment")
}
