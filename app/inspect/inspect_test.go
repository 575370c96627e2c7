package inspect_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/inspect"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock is a clock that sleepers advance.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 8, 3, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return ctx.Err()
}

// startSimulator starts a simulator and returns it with the settings of a run against it.
func startSimulator(t *testing.T, cfg simulator.Config) (*simulator.Server, inspect.Config) {
	t.Helper()
	clock := newClock()
	cfg.Now = clock.Now
	sim, err := simulator.New(cfg)
	require.NoError(t, err)
	require.NoError(t, sim.Start(context.Background()))
	t.Cleanup(func() { assert.NoError(t, sim.Stop(context.Background())) })
	return sim, inspect.Config{BaseURL: sim.FathomURL(), Key: simulator.DemoAPIKey, Version: "v1", Sleep: clock.Sleep}
}

// answers returns the answers of a report by question.
func answers(report inspect.Report) map[string]string {
	out := map[string]string{}
	for _, answer := range report.Answers {
		out[answer.Question] = answer.Answer
	}
	return out
}

func TestReportAnswersWhatTheDocumentationLeavesOpen(t *testing.T) {
	t.Parallel()
	sim, cfg := startSimulator(t, simulator.Config{RateLimits: true, Limits: simulator.Limits{Heavy: 5}})
	cfg.Download, cfg.WebhookURL = sim.Meetings()[0].RecordingID, "https://hooks.example/fathom"
	cfg.DestinationURL = "https://hooks.example/download"
	var out bytes.Buffer
	report, err := inspect.Run(t.Context(), cfg, &out)
	require.NoError(t, err)
	got := answers(report)
	for question, want := range map[string]string{
		"transcript without include_transcript":                   "absent (10 times)",
		"Meetings on a page":                                      "10, limit 10",
		"An invalid cursor":                                       "status 400, an object with message",
		"Meetings are listed newest first":                        "true",
		"created_after includes the moment itself":                "false",
		"An unknown recording":                                    "status 404, an object with message",
		"A second request for the same file is the same download": "false",
		"The file":                            "completed after 7 s",
		"A requested file with a destination": "status 202, an object with download_id, recording_id, status",
		"Range at the file's host":            `status 206, 1024 bytes, Content-Range "bytes 0-1023/` + strconv.FormatInt(sim.Meetings()[0].Size, 10) + `"`,
		"A removed webhook":                   "status 204",
		"A webhook that no longer exists":     "status 404",
	} {
		assert.Equal(t, want, got[question], question)
	}
	assert.Contains(t, got["Parts with a list"], "status 200 for include_action_items, include_highlights, include_summary, include_transcript")
	assert.Empty(t, sim.Webhooks(), "the webhook is removed")
	assert.Empty(t, sim.Violations(), "the key is sent to no other host")
	assert.LessOrEqual(t, len(sim.Requests()), 40)
	for _, request := range sim.Requests() {
		assert.NotEqual(t, 429, request.Status, "a request each second stays within the limits")
	}
	var read inspect.Report
	require.NoError(t, json.Unmarshal(out.Bytes(), &read), "the report is JSON")
	assert.Equal(t, report.Answers, read.Answers)
}

func TestDestinationIsOnlyTriedOnRequest(t *testing.T) {
	t.Parallel()
	sim, cfg := startSimulator(t, simulator.Config{})
	cfg.Download = sim.Meetings()[0].RecordingID
	report, err := inspect.Run(t.Context(), cfg, &bytes.Buffer{})
	require.NoError(t, err)
	assert.Contains(t, answers(report), "A requested file")
	assert.NotContains(t, answers(report), "A requested file with a destination")
}

func TestReportContainsNothingPrivate(t *testing.T) {
	t.Parallel()
	sim, cfg := startSimulator(t, simulator.Config{NullOptionals: true})
	meeting, err := sim.AddMeeting(simulator.WithTitle("Перемовини з Acme & Söhne <2026>"), simulator.WithRecordingID(987654321),
		simulator.RecordedBy("Zoë Quillfeather", "zoe.quillfeather@northwind.example"),
		simulator.WithLines("Our secret number is 4711-0815."), simulator.WithSummary("# Layoffs\nCall zoe.quillfeather@northwind.example"),
		simulator.WithField("zoe.quillfeather@northwind.example", []any{"Quillfeather", map[string]any{"Zoë Quillfeather": 815.5}}))
	require.NoError(t, err)
	cfg.Download, cfg.WebhookURL = meeting.RecordingID, "https://hooks.quillfeather.example/fathom?token=f00dface"
	cfg.DestinationURL = "https://download.quillfeather.example/hook?token=deadbea7"
	var out bytes.Buffer
	_, err = inspect.Run(t.Context(), cfg, &out)
	require.NoError(t, err)
	for _, private := range []string{
		simulator.DemoAPIKey, "Перемовини", "Acme", "Söhne", "Quillfeather", "quillfeather", "northwind", "4711", "Layoffs", "987654321",
		"f00dface", "deadbea7", "127.0.0.1", "815.5", meeting.CreatedAt.Format(time.DateOnly),
	} {
		assert.NotContains(t, out.String(), private)
	}
	assert.Contains(t, out.String(), `"transcript": null`, "shapes remain")
}

func TestReplayedReportGivesTheSameAnswers(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]simulator.Config{
		"absent parts": {}, "null parts": {NullOptionals: true}, "no headers": {HeadersOff: true, RateLimits: true},
		"another key": {APIKeys: []string{"admin", simulator.DemoAPIKey}, AdminKeys: []string{"admin"}}, "no meetings": {Meetings: -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, run := startSimulator(t, cfg)
			var out bytes.Buffer
			first, err := inspect.Run(t.Context(), run, &out)
			require.NoError(t, err)
			recorded, err := simulator.ReadReport(&out)
			require.NoError(t, err)

			sim, run := startSimulator(t, simulator.Config{Recorded: recorded})
			second, err := inspect.Run(t.Context(), run, &bytes.Buffer{})
			require.NoError(t, err)
			assert.Equal(t, answers(first), answers(second))
			requireReadable(t, sim)
		})
	}
}

// requireReadable requires that the client of Fathom can read what a simulator answers, and fetch a file.
func requireReadable(t *testing.T, sim *simulator.Server) {
	t.Helper()
	client, err := fathom.New(fathom.Config{BaseURL: sim.FathomURL()})
	require.NoError(t, err)
	defer client.Close()
	account := client.Account(simulator.DemoAPIKey)
	for page, err := range account.MeetingPages(t.Context(), fathom.MeetingQuery{IncludeTranscript: true, IncludeSummary: true}, "") {
		require.NoError(t, err)
		for _, meeting := range page.Items {
			require.NotZero(t, meeting.RecordingID)
			require.NotEmpty(t, meeting.Title)
		}
	}
	if meetings := sim.Meetings(); len(meetings) > 0 {
		_, err := account.RequestDownload(t.Context(), meetings[0].RecordingID, "")
		require.NoError(t, err)
	}
}

func TestRunWithoutAReport(t *testing.T) {
	t.Parallel()
	sim, cfg := startSimulator(t, simulator.Config{})
	for name, test := range map[string]struct {
		change func(*inspect.Config)
		want   string
	}{
		"wrong key":   {func(c *inspect.Config) { c.Key = "wrong-key-of-somebody" }, "fathom refused the API key"},
		"wrong URL":   {func(c *inspect.Config) { c.BaseURL = "ftp://x" }, "parse FATHOM_API_URL"},
		"unreachable": {func(c *inspect.Config) { c.BaseURL = "http://127.0.0.1:1/external/v1" }, "fathom can't be reached"},
		"is cancelled": {func(c *inspect.Config) {
			c.Sleep = func(context.Context, time.Duration) error { return context.Canceled }
		}, "context canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := cfg
			test.change(&cfg)
			var out bytes.Buffer
			_, err := inspect.Run(t.Context(), cfg, &out)
			require.ErrorContains(t, err, test.want)
			assert.NotContains(t, err.Error(), "wrong-key")
			assert.Empty(t, out.String())
		})
	}
	assert.Empty(t, sim.Webhooks())
}
