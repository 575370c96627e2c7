package loomupload

import (
	"context"
	"fmt"

	"github.com/dustin/go-humanize"

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
