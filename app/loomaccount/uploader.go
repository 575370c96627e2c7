package loomaccount

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// checkingRetry is how long a delivery waits for the first check of a connection.
const checkingRetry = 10 * time.Second

// Uploader delivers recordings through the connections of their owners. Without a connection that can upload, and after a
// refusal, it hands them over, unless Config.Required is set.
type Uploader struct{ service *Service }

var (
	_ loom.Uploader    = Uploader{}
	_ loom.StateReader = Uploader{}
)

// Uploader returns the service's uploader.
func (s *Service) Uploader() Uploader { return Uploader{s} }

// Name returns "atlassian".
func (Uploader) Name() string { return "atlassian" }

// MayHaveVideo implements loom.StateReader.
func (Uploader) MayHaveVideo(raw json.RawMessage) bool {
	var state loomupload.State
	if err := json.Unmarshal(raw, &state); err != nil {
		return true // Upload reports it
	}
	return state.Stage == loomupload.StagePublishing || state.IsPublished()
}

// delivery is one call of Upload.
type delivery struct {
	service    *Service
	db         *userdb.Database
	connection *core.Record // nil if there is none
	account    loomupload.Account
	loom.Delivery
	state loomupload.State
}

// Upload implements loom.Uploader.
func (u Uploader) Upload(ctx context.Context, d loom.Delivery) (loom.Outcome, error) {
	if err := loom.CheckUpload(d.Recording); err != nil {
		return loom.Outcome{}, err
	}
	db, err := u.service.databases.Acquire(ctx, d.Owner)
	if err != nil {
		return loom.Outcome{}, err
	}
	defer db.Release()
	run := &delivery{service: u.service, db: db.Database, Delivery: d}
	if d.State != nil {
		if err := json.Unmarshal(d.State, &run.state); err != nil {
			return loom.Outcome{}, fmt.Errorf("decode the state of an upload: %w", err)
		}
		if d.OtherFile {
			run.state = run.state.ForOtherFile()
		}
	}
	return run.upload(ctx)
}

func (d *delivery) upload(ctx context.Context) (loom.Outcome, error) {
	if d.ByHand {
		return d.uploadByHand(ctx)
	}
	var err error
	d.connection, d.account, err = d.service.open(d.db)
	if err != nil {
		d.service.recordUnusable(d.db, d.connection, err)
		return d.fail(ctx, err)
	}
	if outcome, err := d.requireAbility(); outcome != nil || err != nil {
		return *outcome, err
	}
	wasPublished := d.state.IsPublished()
	video, err := d.service.uploads.Upload(ctx, d.account, d.Recording, d.Options, d.state, d.save, d.Sent)
	if err != nil {
		if ctx.Err() == nil {
			d.service.recordRefusal(ctx, d.db, d.connection, d.account, err)
		}
		return d.fail(ctx, err)
	}
	d.recordSuccess(!wasPublished)
	return d.outcome(video), nil
}

// save records the state before the next step. It returns errReplaced instead before a step that nobody can take back, if the
// connection has been removed or changed since.
func (d *delivery) save(state loomupload.State) error {
	if state.Stage == loomupload.StageCreating || state.Stage == loomupload.StagePublishing {
		if err := d.requireUnchanged(); err != nil {
			return err
		}
	}
	d.state = state
	raw, err := json.Marshal(state)
	if err != nil {
		return fmt.Errorf("encode the state of an upload: %w", err)
	}
	return d.Save(raw)
}

// requireUnchanged returns errReplaced unless the connection is still the one that the delivery uses. The secret of a sign-in
// changes by itself.
func (d *delivery) requireUnchanged() error {
	now, err := find(d.db.App)
	if errors.Is(err, ErrNotConnected) {
		return errReplaced
	}
	if err != nil {
		return err
	}
	settings := settingsOf(d.connection)
	replaced := now.Id != d.connection.Id || settingsOf(now) != settings
	if replaced || settings.Method != MethodOAuth && now.GetString("secret") != d.connection.GetString("secret") {
		return errReplaced
	}
	return nil
}

// requireAbility ends the delivery if the last check of the connection has shown that it can't upload.
func (d *delivery) requireAbility() (*loom.Outcome, error) {
	status, details := d.connection.GetString("status"), detailsOf(d.connection)
	canUpload := slices.Contains(d.connection.GetStringSlice("abilities"), string(loomupload.AbilityUpload))
	switch {
	case d.state.IsPublished() || status != "invalid" && canUpload:
		return nil, nil
	case status == "checking":
		return &loom.Outcome{}, &loom.DelayError{
			Message: "Your connection to Loom is being checked.", After: checkingRetry, Err: errors.New("connection is being checked"),
		}
	case status == "unchecked":
		return nil, nil // Atlassian may be reachable again
	}
	note := strings.TrimSpace(details.Message + " " + details.Advice)
	if note == "" {
		note = d.connection.GetString("reason")
	}
	outcome, err := d.handOver(note, errors.New("connection can't upload"))
	return &outcome, err
}

// fail ends a delivery that can't continue now.
func (d *delivery) fail(ctx context.Context, err error) (loom.Outcome, error) {
	if ctx.Err() != nil {
		return loom.Outcome{}, err
	}
	if errors.Is(err, ErrNotConnected) {
		return d.handOver("", queue.Permanent("Connect Loom in Settings first.", err))
	}
	if errors.Is(err, errReplaced) {
		return loom.Outcome{}, &loom.DelayError{Message: "Your connection to Loom has just changed.", After: checkingRetry, Err: err}
	}
	problem, ok := errors.AsType[*loomupload.Problem](err)
	if !ok {
		return loom.Outcome{}, err
	}
	if problem.Temporary() {
		return loom.Outcome{}, &loom.DelayError{Message: problem.Message, After: problem.RetryAfter, Err: err}
	}
	return d.handOver(strings.TrimSpace(problem.Message+" "+problem.Advice), err)
}

// handOver leaves the upload to the owner, with a note. A video that Loom has already remains the result.
func (d *delivery) handOver(note string, err error) (loom.Outcome, error) {
	switch {
	case d.state.IsPublished() && d.state.ShareURL != "":
		return d.published(note), nil
	case d.service.required && !d.ByHand:
		if _, ok := errors.AsType[*queue.Failure](err); ok {
			return loom.Outcome{}, err
		}
		return loom.Outcome{}, queue.Permanent(note, err)
	}
	if d.state.IsPublished() {
		return d.published(note), nil
	}
	if d.state.Stage == loomupload.StagePublishing {
		note = strings.TrimSpace(note + " Loom may have this video already: look there before you upload it.")
	}
	return loom.Outcome{AwaitShareURL: true, Note: note}, nil
}

// outcome describes a video that Loom has. It counts as verified if what Loom says about it agrees with the recording.
func (d *delivery) outcome(video loomupload.Video) loom.Outcome {
	note := strings.Join(slices.DeleteFunc(video.Notes, func(note string) bool { return note == "" }), " ")
	if video.ShareURL == "" {
		return loom.Outcome{AwaitShareURL: true, Note: strings.TrimSpace(note + " The video is at Loom, but Loom didn't say its link. Copy it there and paste it here.")}
	}
	length, title := d.Recording.Expectation().Compare(loom.Video{Title: video.Title, Duration: video.Duration})
	agrees := (length == loom.Agrees || title == loom.Agrees) && length != loom.Differs && title != loom.Differs
	return loom.Outcome{ShareURL: video.ShareURL, Verified: agrees, Visibility: video.Visibility, Note: note}
}

// recordSuccess records that a connection works which could not be checked before, or which had an upload refused.
func (d *delivery) recordSuccess(uploaded bool) {
	details := detailsOf(d.connection)
	if d.connection.GetString("status") != "unchecked" && details.Refusal == "" || details.Refusal != "" && !uploaded {
		return
	}
	details.State, details.Message, details.Advice, details.Link, details.Refusal = StateReady, "", "", "", ""
	d.service.recordResult(d.db, d.connection, Result{Abilities: []loomupload.Ability{loomupload.AbilityUpload, loomupload.AbilityRead}, Details: details})
}
