package loomupload

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/dustin/go-humanize"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
)

// Upload uploads a recording, publishes it, and then sets its visibility, title and folder. It returns the video with
// notes about what it couldn't set.
//
// It continues at state, which is what an earlier call passed to save last, and calls save before each next step; it
// ends with the error of save if there is one. Whenever a call ends, or is killed, the next one with the saved state
// creates no second video that could be known of.
//
// progress receives the number of bytes of the file that have been sent, which decreases when some are sent again. It may
// be called on another goroutine, returns immediately, and may be nil. Errors
// are a *[loom.RejectedError] for a file that Loom's own page wouldn't take either, a *[Problem], or those of save, of the
// recording and of ctx. After a problem that is not [Problem.Temporary], the file is best handed over, unless a person
// has to do something about the connection first.
func (u *Uploads) Upload(
	ctx context.Context, account Account, recording loom.Recording, options loom.Options, state State, save func(State) error, progress func(sent int64),
) (Video, error) {
	if !state.IsPublished() {
		if err := u.checkRecording(recording); err != nil {
			return Video{}, err
		}
	}
	if progress == nil {
		progress = func(int64) {}
	}
	r := u.newRun(account, recording, options, state, save, progress)
	defer r.line.close()
	return r.run(ctx)
}

// Find ends an upload without sending or publishing anything: at StagePublishing, it looks whether Loom has the video, and
// finishes that as Upload does. found is false if there is none. Its errors are those of Upload.
func (u *Uploads) Find(
	ctx context.Context, account Account, recording loom.Recording, options loom.Options, state State, save func(State) error,
) (video Video, found bool, err error) {
	r := u.newRun(account, recording, options, state, save, func(int64) {})
	defer r.line.close()
	if state.Stage == StagePublishing {
		if found, err = r.adoptUnclear(ctx); err != nil || !found {
			return Video{}, false, err
		}
	}
	if !r.state.IsPublished() {
		return Video{}, false, nil
	}
	video, err = r.run(ctx)
	return video, err == nil, err
}

func (u *Uploads) newRun(
	account Account, recording loom.Recording, options loom.Options, state State, save func(State) error, progress func(int64),
) *run {
	return &run{
		uploads: u, line: u.open(account), recording: recording, options: options.Resolved(), state: state, store: save, progress: progress,
		named: map[string]any{}, wasCreating: state.Stage == StageCreating, wasPublishing: state.Stage == StagePublishing,
	}
}

// checkRecording refuses a file that Loom or the operator doesn't accept.
func (u *Uploads) checkRecording(recording loom.Recording) error {
	if err := loom.CheckUpload(recording); err != nil {
		return err
	}
	if recording.Size > u.maxSize {
		return refuse(ReasonSize, fmt.Sprintf("The file has %s, and this server uploads at most %s.",
			humanize.Bytes(uint64(recording.Size)), humanize.Bytes(uint64(u.maxSize))))
	}
	return nil
}

// run is one call of Upload.
type run struct {
	uploads   *Uploads
	line      *line
	recording loom.Recording
	options   loom.Options
	state     State
	store     func(State) error
	progress  func(int64)

	named         map[string]any // what publishing may ask for, with secrets
	wasCreating   bool           // an earlier run ended while it created the upload
	wasPublishing bool           // an earlier run ended while it published the video
	restarted     bool
}

// run does the steps that are left.
func (r *run) run(ctx context.Context) (Video, error) {
	for {
		if err := ctx.Err(); err != nil {
			return Video{}, fmt.Errorf("upload to loom: %w", err)
		}
		var err error
		switch r.state.Stage {
		case StageNone, StageCreating, StageCreated:
			err = r.transfer(ctx)
		case StageSent, StagePublishing:
			err = r.publish(ctx)
		case StagePublished:
			return r.finish(ctx)
		case StageDone:
			return r.video(answered{}), nil
		default:
			err = contractProblem("The upload is at a stage that this version doesn't know.")
		}
		if err != nil {
			return Video{}, err
		}
	}
}

// save records the state before the next step.
func (r *run) save() error {
	if err := r.store(r.state); err != nil {
		return fmt.Errorf("save the state of an upload to loom: %w", err)
	}
	return nil
}

// transfer brings the file to Loom. An upload whose address has been lost, with an earlier process or because it has
// expired, is begun again, once in a run.
func (r *run) transfer(ctx context.Context) error {
	if r.state.Stage == StageCreated {
		found, err := r.adoptEarlier(ctx)
		if err != nil || found {
			return err
		}
		r.state.giveUp()
	}
	for attempt := 1; ; attempt++ {
		t, err := r.create(ctx)
		if err != nil {
			return err
		}
		if err := r.requirePublishable(t); err != nil {
			return err
		}
		err = r.send(ctx, t)
		expired, ok := errors.AsType[*expiredError](err)
		if !ok {
			return err
		}
		r.state.FailedStarts++
		if attempt == 2 || r.state.FailedStarts >= maxFailedStarts {
			return r.notAccepted(expired)
		}
		r.uploads.logger.InfoContext(ctx, "the address of an upload to loom has expired", "error", err)
		r.state.giveUp()
	}
}

// create is the first step: it tells Loom about the file, and learns how to send it.
func (r *run) create(ctx context.Context) (*ticket, error) {
	if r.wasCreating {
		r.state.addNote("An earlier attempt ended while it was being started. If Loom shows an empty video of this recording, you can delete it.")
		r.wasCreating = false
	}
	if r.state.StartedAt.IsZero() {
		r.state.StartedAt = r.uploads.now().UTC()
	}
	if err := r.line.load(ctx); err != nil {
		return nil, err
	}
	operation, err := r.line.catalog.find(opCreate)
	if err != nil {
		return nil, err
	}
	known := uploadValues(r.recording, r.options).with(values{meansSite: text(r.line.catalog.site)})
	inputs, placed, err := fill(operation.Name, operation.InputSchema, known, nil)
	if err != nil {
		return nil, err
	}
	if err := r.line.catalog.checkPublish(known); err != nil {
		return nil, err
	}
	r.state.Title = sentTitle(placed)
	r.state.Stage = StageCreating
	if err := r.save(); err != nil {
		return nil, err
	}
	answer, err := r.line.call(ctx, opCreate, false, func(atlassian.Operation) (map[string]any, error) { return inputs, nil })
	if err != nil {
		return nil, r.createFailed(ctx, err)
	}
	t, err := readTicket(answer, fileOf(r.recording))
	if err != nil {
		return nil, err
	}
	r.keep(t)
	return t, r.save()
}

// sentTitle returns the title that the video will have: the one that was sent, or what Loom makes of the file's name.
func sentTitle(placed placed) string {
	if title := placed.text(meansTitle); title != "" {
		return title
	}
	name := firstText(placed.text(meansFileName), placed.text(meansFilePath))
	return strings.TrimSuffix(name, filepath.Ext(name))
}

// keep records what a ticket says. Parts that were sent for the same upload needn't be sent again.
func (r *run) keep(t *ticket) {
	named := withoutSecrets(t.named)
	same := t.video != "" && slices.ContainsFunc(r.state.GivenUp, func(id string) bool { return id == t.video }) && maps.Equal(named, r.state.Named)
	if !same {
		r.state.Parts = nil
	}
	if same {
		r.state.GivenUp = slices.DeleteFunc(slices.Clone(r.state.GivenUp), func(id string) bool { return id == t.video })
	}
	r.state.Stage, r.state.RemoteID, r.state.Named = StageCreated, t.video, named
	r.named = t.named
}

// uploadValues is what is known about a recording that is to be uploaded. A folder is a step of its own, because a
// folder that no longer exists must not prevent the upload.
func uploadValues(recording loom.Recording, options loom.Options) values {
	f := fileOf(recording)
	v := values{
		meansTitle:       {plain: recording.Expectation().UploadTitle(), shorten: true},
		meansFileName:    text(f.name),
		meansFilePath:    text(plainName(f.name)),
		meansSize:        {plain: f.size, tooLarge: tooLarge(f.size)},
		meansContentType: contentTypeValue(filepath.Ext(f.name)),
		meansVisibility:  visibilityValue(options.Visibility),
	}
	if seconds := int64(recording.Duration.Round(time.Second) / time.Second); seconds > 0 {
		v[meansSeconds] = value{plain: seconds, tooLarge: tooLong}
		v[meansMillis] = value{plain: recording.Duration.Milliseconds(), tooLarge: tooLong}
	}
	if options.Folder != "" {
		v[meansFolder] = value{plain: options.Folder, ifRequired: true}
	}
	return v
}

// plainName returns a file name without characters that a shell would interpret. A server that is told a path puts it into a
// command, and may not quote it well. The title doesn't depend on it.
func plainName(name string) string {
	ext := filepath.Ext(name)
	plain := strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) || c == '_' || c == '.' {
			return c
		}
		return '-'
	}, strings.TrimSuffix(name, ext))
	if plain = strings.Trim(plain, "-."); plain == "" {
		plain = "recording"
	}
	return plain + ext
}

func tooLarge(size int64) func(float64) error {
	return func(limit float64) error {
		return refuse(ReasonSize, fmt.Sprintf("The file has %s, and Loom's upload accepts at most %s.", humanize.Bytes(uint64(size)), humanize.Bytes(uint64(limit))))
	}
}

func tooLong(float64) error {
	return refuse(ReasonLength, "The recording is longer than Loom's upload accepts.")
}

func fileOf(recording loom.Recording) file {
	name := filepath.Base(recording.FileName)
	return file{name: name, size: recording.Size, contentType: contentTypeValue(filepath.Ext(name)).plain.(string)}
}
