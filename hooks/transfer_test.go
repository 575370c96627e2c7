package hooks_test

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

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// fileURL is a link to a stored recording as a browser would use it.
func (p person) fileURL(recording map[string]any) string {
	p.t.Helper()
	token := p.own("POST", "/api/files/token", nil)
	require.Equal(p.t, 200, token.Status, token.Raw)
	return p.db + "/api/files/recordings/" + recording["id"].(string) + "/" + recording["file"].(string) + "?token=" + url.QueryEscape(token.text("token"))
}

func checksum(raw string) string {
	sum := sha256.Sum256([]byte(raw))
	return hex.EncodeToString(sum[:])
}

func TestTheMainJob(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.connected("ada@example.com")
	meetings := p.listOwn("meetings", "")
	require.Len(t, meetings, 24)

	truth, ok := s.sim.Meeting(1001)
	require.True(t, ok)
	job := p.run("recording.transfer", map[string]any{"recording_id": 1001})
	require.Equal(t, "completed", job.text("status"), job.Raw)
	assert.EqualValues(t, 1, job.get("progress"))
	assert.Equal(t, "awaiting_share_url", job.text("result.status"))

	meeting := p.listOwn("meetings", recordingFilter(1001))[0]
	assert.Equal(t, truth.Title, meeting["title"])
	assert.Regexp(t, "^## ", meeting["summary"])
	assert.NotEmpty(t, meeting["action_items"])
	transcript := p.listOwn("transcripts", recordingFilter(1001))[0]
	assert.NotEmpty(t, transcript["items"])
	assert.Regexp(t, `^\[00:00:00\] \w+`, transcript["text"])
	recording := p.listOwn("recordings", recordingFilter(1001))[0]
	assert.EqualValues(t, truth.Size, recording["size"])
	assert.Equal(t, truth.SHA256, recording["sha256"])
	transfer := p.listOwn("transfers", recordingFilter(1001))[0]
	assert.Equal(t, "awaiting_share_url", transfer["status"])
	assert.EqualValues(t, truth.Size, transfer["bytes_done"])
	assert.EqualValues(t, truth.Size, transfer["bytes_total"])

	file := s.call("GET", p.fileURL(recording)+"&download=1", "", nil)
	require.Equal(t, 200, file.Status)
	assert.Equal(t, truth.SHA256, checksum(file.Raw))
	assert.Equal(t, "video/mp4", file.Header.Get("Content-Type"))
	assert.Contains(t, file.Header.Get("Content-Disposition"), "attachment")
	assert.Contains(t, file.Header.Get("Content-Disposition"), transfer["file_name"])

	share, err := s.sim.Upload(t.Context(), transfer["file_name"].(string), bytes.NewReader([]byte(file.Raw)))
	require.NoError(t, err)
	delivered := p.own("PATCH", "/api/collections/transfers/records/"+transfer["id"].(string), map[string]any{"share_url": "  " + share + "?sid=abc "})
	require.Equal(t, 200, delivered.Status, delivered.Raw)
	assert.Equal(t, "delivered", delivered.text("status"))
	assert.Equal(t, share, delivered.text("share_url"))
	assert.Equal(t, share, p.listOwn("meetings", recordingFilter(1001))[0]["loom_url"])

	again := p.run("recording.transfer", map[string]any{"recording_id": 1001})
	assert.Equal(t, "completed", again.text("status"))
	assert.Equal(t, "delivered", again.text("result.status"), "what is delivered is not delivered again")
	downloads := 0
	for _, request := range s.sim.Requests() {
		if request.Method == "POST" && request.Path == "/external/v1/recordings/1001/download" {
			downloads++
		}
	}
	assert.Equal(t, 1, downloads)
	assert.Empty(t, s.sim.Violations(), "a credential reached the file host")
	partials, err := os.ReadDir(filepath.Join(s.app.Databases.Dir(p.name), "partial"))
	require.NoError(t, err)
	assert.Empty(t, partials)
}

func TestStoredFilesByRole(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p, other := s.connected("ada@example.com"), s.connected("other@example.com")
	for _, who := range []person{p, other} {
		require.Equal(t, "completed", who.run("recording.transfer", map[string]any{"recording_id": 1002}).text("status"))
	}
	link := p.fileURL(p.listOwn("recordings", "")[0])
	bare, _, _ := strings.Cut(link, "?")
	_, theirs, _ := strings.Cut(other.fileURL(other.listOwn("recordings", "")[0]), "?")

	assert.Equal(t, 200, s.call("GET", link, "", nil).Status, "owner")
	assert.Equal(t, 401, s.call("GET", bare, "", nil).Status, "guest")
	assert.Equal(t, 403, s.call("GET", bare+"?"+theirs, "", nil).Status, "another user's file token")
	assert.Equal(t, 403, s.call("GET", bare+"?token="+url.QueryEscape(p.session), "", nil).Status, "a session in the URL")
	assert.Equal(t, 401, s.call("GET", bare+"?token=x", "", nil).Status, "garbage")

	ranged, err := http.NewRequest(http.MethodGet, link, nil)
	require.NoError(t, err)
	ranged.Header.Set("Range", "bytes=4-7")
	got := s.do(ranged)
	assert.Equal(t, 206, got.Status, "players seek")
	assert.Equal(t, "ftyp", got.Raw)
}

func TestWhatFathomRefusesEndsTheTransfer(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.connected("ada@example.com")
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
			s.sim.Inject(simulator.Fault{Path: "/external/v1/recordings/1001/download", Status: 404})
		}
		job := p.run("recording.transfer", map[string]any{"recording_id": test.id})
		assert.Equal(t, "dead", job.text("status"), what)
		assert.Contains(t, job.text("error"), test.says, what)
		assert.EqualValues(t, 1, job.get("attempts"), "%s: trying again can't help", what)
	}
	s.eventually(func() bool { return p.listOwn("transfers", recordingFilter(1022))[0]["status"] == "failed" })
	assert.Contains(t, p.listOwn("transfers", recordingFilter(1022))[0]["error"], "limited access")

	audio := p.run("recording.transfer", map[string]any{"recording_id": 1021})
	assert.Equal(t, "dead", audio.text("status"), "Loom takes no audio files")
	assert.Len(t, p.listOwn("recordings", recordingFilter(1021)), 1, "but the owner has theirs")
}

func TestTroubleOnTheWayIsGotOver(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.connected("ada@example.com")
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
			s.sim.Inject(fault)
		}
		job := p.run("recording.transfer", map[string]any{"recording_id": id})
		require.Equal(t, "completed", job.text("status"), "%d: %s", id, job.Raw)
		truth, _ := s.sim.Meeting(id)
		assert.Equal(t, truth.SHA256, p.listOwn("recordings", recordingFilter(id))[0]["sha256"], id)
		s.sim.ClearFaults()
	}
}

func TestAFileOfTheWrongSizeIsNotStored(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.connected("ada@example.com")
	s.sim.Inject(simulator.Fault{Path: "/media/*", WrongLength: true, Times: -1})
	created := p.enqueue("recording.transfer", map[string]any{"recording_id": 1001})
	var job answer
	s.eventually(func() bool {
		job = p.job(created.text("id"))
		return job.text("status") == "failed"
	})
	assert.NotEmpty(t, job.text("error"))
	assert.Empty(t, p.listOwn("recordings", recordingFilter(1001)))
	s.eventually(func() bool { return p.listOwn("transfers", recordingFilter(1001))[0]["status"] == "queued" })
}

func TestSyncKeepsWhatItHas(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.connected("ada@example.com")
	require.Equal(t, "completed", p.run("recording.transfer", map[string]any{"recording_id": 1001}).text("status"))
	_, err := s.sim.Change(1001, simulator.WithTitle("Renamed at Fathom"))
	require.NoError(t, err)
	added, err := s.sim.AddMeeting(simulator.WithTitle("Brand new"))
	require.NoError(t, err)

	job := p.run("fathom.sync", map[string]any{})
	require.Equal(t, "completed", job.text("status"), job.Raw)
	assert.EqualValues(t, 1, job.get("result.added"))
	assert.EqualValues(t, 1, job.get("result.updated"))
	meeting := p.listOwn("meetings", recordingFilter(1001))[0]
	assert.Equal(t, "Renamed at Fathom", meeting["title"])
	assert.NotEmpty(t, meeting["summary"], "a sync doesn't bring summaries, and takes none away")
	assert.Len(t, p.listOwn("meetings", recordingFilter(added.RecordingID)), 1)

	full := p.run("fathom.sync", map[string]any{"full": true})
	assert.EqualValues(t, 25, full.get("result.meetings"))
	assert.EqualValues(t, 0, full.get("result.updated"))
}

func TestAStopInTheMiddleOfADownloadGoesOnLater(t *testing.T) {
	t.Parallel()
	s := start(t, options{simCfg: simulator.Config{RecordingSize: 8 << 20}})
	p := s.connected("ada@example.com")
	s.sim.Inject(simulator.Fault{Path: "/media/*", HoldAfter: 3 << 20, Hold: make(chan struct{})})
	created := p.enqueue("recording.transfer", map[string]any{"recording_id": 1001})
	require.Equal(t, 200, created.Status, created.Raw)
	s.eventually(func() bool {
		transfers := p.listOwn("transfers", recordingFilter(1001))
		return len(transfers) == 1 && transfers[0]["bytes_done"].(float64) >= 1<<20
	})
	require.NoError(t, s.stop())

	next := start(t, options{dir: s.dir, sim: s.sim})
	p.server, p.db = next, next.url+"/db/"+p.name
	var job answer
	s.eventually(func() bool {
		job = p.job(created.text("id"))
		return job.text("status") == "completed"
	})
	assert.EqualValues(t, 1, job.get("attempts"), "a stop costs no attempt")
	truth, _ := s.sim.Meeting(1001)
	assert.Equal(t, truth.SHA256, p.listOwn("recordings", recordingFilter(1001))[0]["sha256"])
	var ranges []string
	for _, request := range s.sim.Requests() {
		if request.Range != "" {
			ranges = append(ranges, request.Range)
		}
	}
	assert.NotEmpty(t, ranges, "the download went on where it stopped")
}

func TestASyncThatBrokeOffMissesNothing(t *testing.T) {
	t.Parallel()
	s := start(t, options{simCfg: simulator.Config{Meetings: 40}})
	p := s.signUp("ada@example.com")
	require.Equal(t, "valid", p.saveKey(simulator.DemoAPIKey).text("status"))
	s.sim.Inject(simulator.Fault{Path: "/external/v1/meetings", Header: http.Header{"X-Page": {"1"}}})
	s.sim.Inject(simulator.Fault{Path: "/external/v1/meetings", Status: 403})
	job := p.run("fathom.sync", map[string]any{})
	require.Equal(t, "dead", job.text("status"))
	assert.Contains(t, job.text("error"), "list meetings")
	require.Len(t, p.listOwn("meetings", ""), 10, "the newest page is in")

	job = p.run("fathom.sync", map[string]any{})
	require.Equal(t, "completed", job.text("status"), job.Raw)
	assert.Len(t, p.listOwn("meetings", ""), 40, "and the older ones come with the next sync")
	assert.Less(t, p.run("fathom.sync", map[string]any{}).get("result.meetings"), 10.0, "then only what is new, and two days before it")
}

func TestAFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.connected("ada@example.com")
	_, err := s.sim.Change(1001, simulator.WithSize(1<<50))
	require.NoError(t, err)
	created := p.enqueue("recording.transfer", map[string]any{"recording_id": 1001})
	require.Equal(t, 200, created.Status)
	var job answer
	s.eventually(func() bool {
		job = p.job(created.text("id"))
		return strings.Contains(job.text("error"), "disk is full")
	})
	assert.Equal(t, "pending", job.text("status"), "it waits for room")
	assert.EqualValues(t, 0, job.get("attempts"))
	s.eventually(func() bool {
		said, _ := p.listOwn("transfers", recordingFilter(1001))[0]["error"].(string)
		return strings.Contains(said, "disk is full")
	})
	assert.Equal(t, "completed", p.run("recording.transfer", map[string]any{"recording_id": 1002}).text("status"), "others go on")
}

func TestAStalledDownloadHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	s := start(t, options{simCfg: simulator.Config{RecordingSize: 64 << 20}})
	p := s.connected("ada@example.com")
	require.Equal(t, "completed", p.run("recording.transfer", map[string]any{"recording_id": 1001}).text("status"))
	link := p.fileURL(p.listOwn("recordings", "")[0])

	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	_, err = conn.Write([]byte("GET " + strings.TrimPrefix(link, s.url) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
	require.NoError(t, err)
	_, err = conn.Read(make([]byte, 1)) // the answer has begun; the rest is never read
	require.NoError(t, err)
	began := time.Now()
	require.NoError(t, s.stop())
	assert.Less(t, time.Since(began), 10*time.Second)
}

func TestDeadJobsShowOnTheirTransfers(t *testing.T) {
	t.Parallel()
	s := start(t, options{settings: []string{"WORKER_CONCURRENCY=4"}})
	p := s.connected("ada@example.com")
	connection := p.listOwn("connections", "")[0]
	require.Equal(t, 204, p.own("DELETE", "/api/collections/connections/records/"+connection["id"].(string), nil).Status)
	for id := int64(1001); id <= 1020; id++ {
		require.Equal(t, 200, p.enqueue("recording.transfer", map[string]any{"recording_id": id}).Status)
	}
	s.eventually(func() bool { return len(p.listOwn("transfers", "status = 'failed'")) == 20 })
	assert.Contains(t, p.listOwn("transfers", "")[0]["error"], "API key")
}

func TestAWithdrawnJobShowsOnItsTransfer(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.connected("ada@example.com")
	later := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	created := s.call("POST", s.url+queuePath, p.token, map[string]any{
		"kind": "recording.transfer", "payload": map[string]any{"recording_id": 1001}, "run_at": later})
	require.Equal(t, 200, created.Status, created.Raw)
	assert.Equal(t, "queued", p.listOwn("transfers", "")[0]["status"])
	require.Equal(t, 204, s.call("DELETE", s.url+queuePath+"/"+created.text("id"), p.token, nil).Status)
	assert.Equal(t, "cancelled", p.listOwn("transfers", "")[0]["status"])
}

func TestADamagedFileIsFetchedAnew(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.connected("ada@example.com")
	require.Equal(t, "completed", p.run("recording.transfer", map[string]any{"recording_id": 1001}).text("status"))
	stored, err := filepath.Glob(filepath.Join(s.app.Databases.Dir(p.name), "storage", "*", "*", "recording.mp4"))
	require.NoError(t, err)
	require.Len(t, stored, 1)
	require.NoError(t, os.Truncate(stored[0], 100))
	require.Equal(t, "completed", p.run("recording.transfer", map[string]any{"recording_id": 1001}).text("status"))
	truth, _ := s.sim.Meeting(1001)
	assert.Equal(t, truth.SHA256, checksum(s.call("GET", p.fileURL(p.listOwn("recordings", "")[0]), "", nil).Raw))
}

func TestAForeignContentTypeIsNotShown(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.connected("ada@example.com")
	require.Equal(t, "completed", p.run("recording.transfer", map[string]any{"recording_id": 1001}).text("status"))
	db, err := s.app.Databases.Acquire(t.Context(), p.name)
	require.NoError(t, err)
	defer db.Release()
	recording, err := db.App.FindFirstRecordByData("recordings", "recording_id", 1001)
	require.NoError(t, err)
	recording.Set("content_type", "text/html")
	require.NoError(t, db.App.SaveNoValidate(recording))
	got := s.call("GET", p.fileURL(p.listOwn("recordings", "")[0]), "", nil)
	require.Equal(t, 200, got.Status)
	assert.Equal(t, "application/octet-stream", got.Header.Get("Content-Type"))
	assert.Contains(t, got.Header.Get("Content-Disposition"), "attachment")
}
