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

	"github.com/dustin/go-humanize"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const (
	handOvers          = 2 // transfers whose file the user uploads; the last one goes through Atlassian
	transfers          = handOvers + 1
	walkthroughTimeout = 10 * time.Minute
	progressWidth      = 20
)

// Ways of a file to Loom.
const (
	wayByUser    = "by the user"
	wayAtlassian = "through Atlassian"
)

// transferResult is a row of the table that the walkthrough prints at the end.
type transferResult struct {
	title    string
	size     int64 // bytes
	duration time.Duration
	way      string // how the file came to Loom
	loomURL  string
}

// walkthrough signs up, syncs, transfers a few meetings to Loom and prints each step.
func (d *demo) walkthrough(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, walkthroughTimeout)
	defer cancel()
	c := newClient(d.server.url)

	d.println("Signing up as " + email)
	if err := c.signUp(ctx, email, password); err != nil {
		return err
	}
	d.println("Created a PocketBase for this user at " + c.database.url)
	if err := c.saveKey(ctx, simulator.DemoAPIKey); err != nil {
		return err
	}
	d.println("Saved the Fathom API key, which Fathom accepts")

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
	d.println(fmt.Sprintf("Synced %d meetings", len(meetings)))
	if len(meetings) < transfers {
		return fmt.Errorf("found %d meetings, need %d", len(meetings), transfers)
	}

	var results []transferResult
	for i, meeting := range meetings[:transfers] {
		way := wayByUser
		if i == handOvers {
			way = wayAtlassian
			if err := c.saveToken(ctx, simulator.DemoAtlassianEmail, simulator.DemoAtlassianToken); err != nil {
				return err
			}
			d.println("Connected Loom with an Atlassian API token: from now on, files upload themselves")
		}
		result, err := d.transferMeeting(ctx, c, meeting)
		if err != nil {
			return fmt.Errorf("transfer %q: %w", meeting.text("title"), err)
		}
		if result.way != way {
			return fmt.Errorf("transfer %q: the file was uploaded %s instead of %s", meeting.text("title"), result.way, way)
		}
		results = append(results, result)
	}
	return d.printResults(results)
}

// transferMeeting transfers a meeting. If the file is handed over, it plays the user's part.
func (d *demo) transferMeeting(ctx context.Context, c *client, meeting record) (transferResult, error) {
	start := time.Now()
	id := int64(meeting.number("recording_id"))
	job, err := c.enqueue(ctx, "recording.transfer", map[string]any{"recording_id": id})
	if err != nil {
		return transferResult{}, err
	}
	if _, err := c.await(ctx, job, d.progress(meeting.text("title"))); err != nil {
		return transferResult{}, err
	}

	query := url.Values{"filter": {"recording_id = " + strconv.FormatInt(id, 10)}}
	transfer, err := single(c.database.list(ctx, "transfers", query))
	if err != nil {
		return transferResult{}, fmt.Errorf("find the transfer: %w", err)
	}
	recording, err := single(c.database.list(ctx, "recordings", query))
	if err != nil {
		return transferResult{}, fmt.Errorf("find the recording: %w", err)
	}
	way := wayAtlassian
	switch transfer.text("status") {
	case "awaiting_share_url":
		way = wayByUser
		if transfer, err = d.completeHandOver(ctx, c, transfer, recording); err != nil {
			return transferResult{}, err
		}
	case "delivered":
		if err := d.checkUpload(recording); err != nil {
			return transferResult{}, err
		}
	default:
		return transferResult{}, fmt.Errorf("transfer is %s after its job", transfer.text("status"))
	}
	linked, err := single(c.database.list(ctx, "meetings", query))
	if err != nil {
		return transferResult{}, fmt.Errorf("find the meeting: %w", err)
	}
	if loomURL := linked.text("loom_url"); loomURL == "" || loomURL != transfer.text("share_url") {
		return transferResult{}, errors.New("meeting has no Loom link after the transfer")
	}
	return transferResult{
		title: meeting.text("title"), size: int64(recording.number("size")), duration: time.Since(start),
		way: way, loomURL: linked.text("loom_url"),
	}, nil
}

// completeHandOver uploads the file and pastes the link, as the user does. It returns the delivered transfer.
func (d *demo) completeHandOver(ctx context.Context, c *client, transfer, recording record) (record, error) {
	shareURL, err := d.handOver(ctx, c, recording)
	if err != nil {
		return nil, err
	}
	path := "/api/collections/transfers/records/" + transfer.text("id")
	if err := c.database.call(ctx, http.MethodPatch, path, map[string]any{"share_url": shareURL}, &transfer); err != nil {
		return nil, fmt.Errorf("save the Loom link: %w", err)
	}
	if transfer.text("status") != "delivered" {
		return nil, fmt.Errorf("transfer is %s after its link was saved", transfer.text("status"))
	}
	return transfer, nil
}

// checkUpload returns an error unless the latest video at Loom has the checksum of the recording.
func (d *demo) checkUpload(recording record) error {
	videos := d.simulator.Uploads()
	if len(videos) == 0 {
		return errors.New("no video arrived at Loom")
	}
	if got := videos[len(videos)-1].SHA256; got != recording.text("sha256") {
		return fmt.Errorf("uploaded file has checksum %s, the recording has %s", got, recording.text("sha256"))
	}
	return nil
}

// handOver downloads the prepared file and uploads it to Loom, as the user does in a browser. It returns an
// error if the checksum of the file differs from that of the recording.
func (d *demo) handOver(ctx context.Context, c *client, recording record) (shareURL string, err error) {
	var file struct{ Token string }
	if err := c.database.call(ctx, http.MethodPost, "/api/files/token", nil, &file); err != nil {
		return "", fmt.Errorf("request a file token: %w", err)
	}
	fileURL := fmt.Sprintf("%s/api/files/recordings/%s/%s?token=%s", c.database.url,
		recording.text("id"), url.PathEscape(recording.text("file")), url.QueryEscape(file.Token))
	download, err := get(ctx, fileURL)
	if err != nil {
		return "", fmt.Errorf("download the prepared file: %w", err)
	}
	defer download.Close()

	sum := sha256.New()
	uploadURL := d.simulator.LoomURL() + "/_simulator/loom/upload?filename=" + url.QueryEscape(recording.text("file_name"))
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, uploadURL, io.TeeReader(download, sum))
	if err != nil {
		return "", err
	}
	response, err := localClient.Do(request)
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
		return "", fmt.Errorf("downloaded file has checksum %s, the recording has %s", got, recording.text("sha256"))
	}
	return uploaded.ShareURL, nil
}

func get(ctx context.Context, link string) (io.ReadCloser, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return nil, err
	}
	response, err := localClient.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, errors.Join(fmt.Errorf("status %d", response.StatusCode), response.Body.Close())
	}
	return response.Body, nil
}

func single(records []record, err error) (record, error) {
	if err != nil {
		return nil, err
	}
	if len(records) != 1 {
		return nil, fmt.Errorf("found %d records instead of 1", len(records))
	}
	return records[0], nil
}

// progress returns a function that prints a line when the stage of a job changes.
func (d *demo) progress(title string) func(record) {
	last := ""
	return func(job record) {
		stage := job.text("stage")
		if stage == "" {
			stage = job.text("status")
		}
		if stage == last {
			return
		}
		last = stage
		done := int(job.number("progress") * progressWidth)
		bar := strings.Repeat("#", done) + strings.Repeat(".", progressWidth-done)
		fmt.Fprintf(d.out, "  [%s] %-20s %s\n", bar, stage, title)
	}
}

func (d *demo) println(text string) { fmt.Fprintln(d.out, text) }

func (d *demo) printResults(results []transferResult) error {
	fmt.Fprintln(d.out)
	w := tabwriter.NewWriter(d.out, 0, 0, 3, ' ', 0)
	fmt.Fprintln(w, "MEETING\tSIZE\tSECONDS\tUPLOADED\tLOOM URL")
	for _, r := range results {
		fmt.Fprintf(w, "%s\t%s\t%.1f\t%s\t%s\n", r.title, humanize.Bytes(uint64(r.size)), r.duration.Seconds(), r.way, r.loomURL)
	}
	return w.Flush()
}
