package loomupload

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/backoff"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
)

// maxStepTries is how many runs may try a step that fails temporarily.
const maxStepTries = 5

var processingBackoff = backoff.Policy{Base: 2 * time.Second, Max: 15 * time.Second}

// finish sets visibility, title and folder of a published video. Each is a step of its own: one that fails for good
// leaves a note, and the others follow. One that fails temporarily is tried again in later runs before that.
func (r *run) finish(ctx context.Context) (Video, error) {
	if r.state.RemoteID == "" {
		return r.withoutID()
	}
	current, err := r.line.get(ctx, r.state.RemoteID)
	if err := r.stepFailed(ctx, err); err != nil {
		return Video{}, err
	}
	if r.state.ShareURL == "" {
		r.state.ShareURL = current.ShareURL
	}
	for _, step := range []struct {
		name string
		do   func(context.Context, answered) (note string, err error)
	}{{"visibility", r.setVisibility}, {"title", r.setTitle}, {"folder", r.setFolder}} {
		if slices.Contains(r.state.Steps, step.name) {
			continue
		}
		note, err := step.do(ctx, current)
		if err := r.stepFailed(ctx, err); err != nil {
			return Video{}, err
		}
		if note != "" {
			r.state.addNote(note)
		}
		r.state.Steps = append(slices.Clone(r.state.Steps), step.name)
		if err := r.save(); err != nil {
			return Video{}, err
		}
	}
	current, err = r.awaitProcessing(ctx)
	if err != nil {
		return Video{}, err
	}
	if r.state.ShareURL == "" {
		return r.withoutID()
	}
	r.state.Stage, r.state.Visibility = StageDone, firstText(current.Visibility, r.state.Visibility)
	return r.video(current), r.save()
}

// withoutID ends an upload whose video exists, but can't be named.
func (r *run) withoutID() (Video, error) {
	return Video{}, unclearProblem("Loom has published this recording, but didn't say at which address.")
}

// stepFailed returns an error that should end the run: that of ctx, or a temporary one unless it has happened in too many
// runs. Others end in the note of their step.
func (r *run) stepFailed(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return err
	}
	if !isKind(err, KindBusy, KindUnavailable) || r.state.Tries >= maxStepTries {
		r.uploads.logger.InfoContext(ctx, "a step after the upload to loom failed", "error", err)
		return nil
	}
	r.state.Tries++
	if err := r.save(); err != nil {
		return err
	}
	return err
}

var audience = map[string]string{
	loom.VisibilityOwner: "only you", loom.VisibilityWorkspace: "everyone in your workspace", loom.VisibilityPublic: "everyone with the link",
}

// setVisibility sets who may see the video, and reads it back. The state says what Loom says.
func (r *run) setVisibility(ctx context.Context, current answered) (string, error) {
	wanted := r.options.Visibility
	if r.state.Visibility = current.Visibility; current.Visibility == wanted {
		return "", nil
	}
	known := r.uploads.videoValues(r.state.RemoteID)
	v := visibilityValue(wanted)
	v.described = false // Atlassian documents the words of this operation
	known[meansVisibility] = v
	_, failure := r.line.call(ctx, opPermissions, true, r.line.fillVideo(known, meansVisibility))
	r.state.Visibility = "" // the call may have changed it
	if failure != nil && isKind(failure, KindBusy, KindUnavailable) || ctx.Err() != nil {
		return r.visibilityNote(""), failure
	}
	after, err := r.line.get(ctx, r.state.RemoteID)
	if err != nil {
		return r.visibilityNote(""), err
	}
	if r.state.Visibility = after.Visibility; after.Visibility == wanted {
		return "", nil
	}
	return r.visibilityNote(after.Visibility), failure
}

// UncertainVisibility returns a sentence for the user about a video whose visibility is unknown.
func UncertainVisibility(wanted loom.Options) string {
	return fmt.Sprintf("It is not certain who can see this video at Loom. It should be %s. Please check it there.", audience[wanted.Resolved().Visibility])
}

func (r *run) visibilityNote(actual string) string {
	if actual == "" {
		return UncertainVisibility(r.options)
	}
	return fmt.Sprintf("At Loom, %s can see this video instead of %s. Please change it there.", audience[actual], audience[r.options.Visibility])
}

// setTitle sets the title if it isn't the one that was sent with the upload.
func (r *run) setTitle(ctx context.Context, current answered) (string, error) {
	wanted := r.recording.Expectation().UploadTitle()
	if strings.TrimSpace(current.Title) == strings.TrimSpace(wanted) {
		return "", nil
	}
	known := r.uploads.videoValues(r.state.RemoteID).with(values{meansTitle: {plain: wanted, shorten: true}})
	_, err := r.line.call(ctx, opTitle, true, r.line.fillVideo(known, meansTitle))
	if err != nil {
		return "The title of this video could not be set at Loom.", err
	}
	return "", nil
}

// setFolder moves the video to the chosen folder.
func (r *run) setFolder(ctx context.Context, current answered) (string, error) {
	wanted := r.options.Folder
	if wanted == "" || current.folder == wanted {
		return "", nil
	}
	known := r.uploads.videoValues(r.state.RemoteID).with(values{meansFolder: text(wanted)})
	_, err := r.line.call(ctx, opMove, true, r.line.fillVideo(known, meansFolder))
	switch {
	case isKind(err, KindNotFound):
		return "The video is not in a folder, because Loom doesn't have the chosen one any more.", err
	case err != nil:
		return "This video could not be moved to the chosen folder at Loom.", err
	}
	return "", nil
}

// awaitProcessing waits within limits until Loom has processed the video. Loom may need longer.
func (r *run) awaitProcessing(ctx context.Context) (current answered, err error) {
	until := r.uploads.now().Add(r.uploads.processingWait)
	for attempt := 1; ; attempt++ {
		latest, err := r.line.get(ctx, r.state.RemoteID)
		if err != nil && ctx.Err() != nil {
			return current, err
		}
		if err == nil {
			current = latest
		}
		switch {
		case current.Complete, err == nil && !current.knowsComplete:
			return current, nil
		case current.failed:
			r.state.addNote("Loom failed to process this video. Open it at Loom to see why.")
			return current, nil
		}
		wait := processingBackoff.Delay(attempt)
		if r.uploads.now().Add(wait).After(until) {
			if r.uploads.processingWait > 0 {
				r.state.addNote("Loom was still processing this video when it was checked last.")
			}
			return current, nil
		}
		if err := r.uploads.sleep(ctx, wait); err != nil {
			return current, fmt.Errorf("wait for loom to process a video: %w", err)
		}
	}
}

// video returns the result of the upload. current may be zero.
func (r *run) video(current answered) Video {
	video := current.Video
	video.ID = r.state.RemoteID
	video.ShareURL = r.state.ShareURL
	video.Visibility = firstText(video.Visibility, r.state.Visibility)
	video.Title = firstText(video.Title, r.state.Title)
	video.Notes = slices.Clone(r.state.Notes)
	return video
}
