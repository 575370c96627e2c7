package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const (
	transfers     = 3
	jobMayTake    = 10 * time.Minute
	progressWidth = 20
)

// moved is a row of the table that the walkthrough ends with.
type moved struct {
	title   string
	size    int64
	took    time.Duration
	loomURL string
}

// walkthrough does the whole main job once and prints what happened.
func (d *demo) walkthrough(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, jobMayTake)
	defer cancel()
	c := newClient(d.server.url)

	d.say("Signing up as " + email)
	if err := c.signUp(ctx, email, password); err != nil {
		return err
	}
	d.say("Got a PocketBase of your own at " + c.database.url)
	if err := c.saveKey(ctx, simulator.DemoAPIKey); err != nil {
		return err
	}
	d.say("Saved the Fathom API key; Fathom accepts it")

	job, err := c.enqueue(ctx, "fathom.sync", map[string]any{})
	if err != nil {
		return err
	}
	if _, err := c.await(ctx, job, nil); err != nil {
		return err
	}
	meetings, err := c.database.list(ctx, "meetings", url.Values{"sort": {"-recorded_at"}, "perPage": {"200"}})
	if err != nil {
		return fmt.Errorf("list meetings: %w", err)
	}
	d.say(fmt.Sprintf("Synced %d meetings", len(meetings)))
	if len(meetings) < transfers {
		return fmt.Errorf("there are %d meetings, %d are needed", len(meetings), transfers)
	}

	var rows []moved
	for _, meeting := range meetings[:transfers] {
		row, err := d.moveOne(ctx, c, meeting)
		if err != nil {
			return fmt.Errorf("transfer %q: %w", meeting.text("title"), err)
		}
		rows = append(rows, row)
	}
	return d.table(rows)
}

// moveOne transfers a meeting and does the owner's part of the hand-over.
func (d *demo) moveOne(ctx context.Context, c *client, meeting record) (moved, error) {
	began := time.Now()
	id := int64(meeting.number("recording_id"))
	job, err := c.enqueue(ctx, "recording.transfer", map[string]any{"recording_id": id})
	if err != nil {
		return moved{}, err
	}
	if _, err := c.await(ctx, job, d.progress(meeting.text("title"))); err != nil {
		return moved{}, err
	}

	where := url.Values{"filter": {"recording_id = " + strconv.FormatInt(id, 10)}}
	transfer, err := one(c.database.list(ctx, "transfers", where))
	if err != nil {
		return moved{}, fmt.Errorf("find the transfer: %w", err)
	}
	if transfer.text("status") != "awaiting_share_url" {
		return moved{}, fmt.Errorf("the transfer is %s, not awaiting its Loom link", transfer.text("status"))
	}
	recording, err := one(c.database.list(ctx, "recordings", where))
	if err != nil {
		return moved{}, fmt.Errorf("find the recording: %w", err)
	}
	shareURL, err := d.handOver(ctx, c, recording)
	if err != nil {
		return moved{}, err
	}
	path := "/api/collections/transfers/records/" + transfer.text("id")
	if err := c.database.call(ctx, http.MethodPatch, path, map[string]any{"share_url": shareURL}, &transfer); err != nil {
		return moved{}, fmt.Errorf("paste the Loom link: %w", err)
	}
	linked, err := one(c.database.list(ctx, "meetings", where))
	if err != nil {
		return moved{}, fmt.Errorf("find the meeting: %w", err)
	}
	if transfer.text("status") != "delivered" || linked.text("loom_url") != shareURL {
		return moved{}, errors.New("the meeting doesn't show its Loom link")
	}
	return moved{
		title: meeting.text("title"), size: int64(recording.number("size")),
		took: time.Since(began), loomURL: linked.text("loom_url"),
	}, nil
}

// handOver downloads the prepared file and uploads it to Loom, as the owner
// would in a browser, and checks on the way that the bytes are the right ones.
func (d *demo) handOver(ctx context.Context, c *client, recording record) (shareURL string, err error) {
	var file struct{ Token string }
	if err := c.database.call(ctx, http.MethodPost, "/api/files/token", nil, &file); err != nil {
		return "", fmt.Errorf("ask for a file token: %w", err)
	}
	link := fmt.Sprintf("%s/api/files/recordings/%s/%s?token=%s", c.database.url,
		recording.text("id"), url.PathEscape(recording.text("file")), url.QueryEscape(file.Token))
	download, err := get(ctx, link)
	if err != nil {
		return "", fmt.Errorf("download the prepared file: %w", err)
	}
	defer download.Close()

	sum := sha256.New()
	upload := d.simulator.LoomURL() + "/_simulator/loom/upload?filename=" + url.QueryEscape(recording.text("file_name"))
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, upload, io.TeeReader(download, sum))
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", fmt.Errorf("upload to Loom: %w", err)
	}
	defer response.Body.Close()
	var uploaded struct {
		ShareURL string `json:"share_url"`
	}
	if err := json.NewDecoder(response.Body).Decode(&uploaded); err != nil || uploaded.ShareURL == "" {
		return "", fmt.Errorf("upload to Loom: status %d: %w", response.StatusCode, errors.Join(err, errors.New("no share link")))
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != recording.text("sha256") {
		return "", fmt.Errorf("the file that was served has checksum %s, the stored one %s", got, recording.text("sha256"))
	}
	return uploaded.ShareURL, nil
}

func get(ctx context.Context, link string) (io.ReadCloser, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, errors.Join(fmt.Errorf("status %d", response.StatusCode), response.Body.Close())
	}
	return response.Body, nil
}

func one(records []record, err error) (record, error) {
	if err != nil {
		return nil, err
	}
	if len(records) != 1 {
		return nil, fmt.Errorf("found %d, not 1", len(records))
	}
	return records[0], nil
}

// progress prints a line whenever a job has a new stage.
func (d *demo) progress(title string) func(record) {
	shown := ""
	return func(job record) {
		stage := job.text("stage")
		if stage == "" {
			stage = job.text("status")
		}
		if stage == shown {
			return
		}
		shown = stage
		done := int(job.number("progress") * progressWidth)
		bar := strings.Repeat("#", done) + strings.Repeat(".", progressWidth-done)
		fmt.Fprintf(d.out, "  [%s] %-20s %s\n", bar, stage, title)
	}
}

func (d *demo) say(text string) { fmt.Fprintln(d.out, text) }

func (d *demo) table(rows []moved) error {
	fmt.Fprintln(d.out)
	w := tabwriter.NewWriter(d.out, 0, 0, 3, ' ', 0)
	fmt.Fprintln(w, "MEETING\tSIZE\tSECONDS\tLOOM URL")
	for _, row := range rows {
		fmt.Fprintf(w, "%s\t%s\t%.1f\t%s\n", row.title, bytesText(row.size), row.took.Seconds(), row.loomURL)
	}
	return w.Flush()
}

func bytesText(n int64) string {
	const unit = 1000
	if n < unit*unit {
		return fmt.Sprintf("%d kB", n/unit)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(unit*unit))
}
