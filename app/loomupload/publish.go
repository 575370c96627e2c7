package loomupload

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
)

// lookUpWaits are the waits before each look-up after a publication with an unclear outcome. A video may appear in a list
// a little after it was published.
var lookUpWaits = []time.Duration{0, 2 * time.Second, 5 * time.Second}

// publish is the second step: it makes a video of the file. A call whose outcome isn't clear is looked up before it is
// repeated, and repeated once.
func (r *run) publish(ctx context.Context) error {
	for attempt := 1; ; attempt++ {
		if r.wasPublishing {
			r.wasPublishing = false
			found, err := r.adoptUnclear(ctx)
			if err != nil || found {
				return err
			}
		}
		if r.state.OtherFile { // Loom has no video of it
			r.state.beginAgain()
			return r.save()
		}
		r.state.Stage = StagePublishing
		if err := r.save(); err != nil {
			return err
		}
		answer, err := r.line.call(ctx, opPublish, false, r.publishInputs)
		switch {
		case err == nil:
			return r.adoptAnswer(ctx, answer)
		case ctx.Err() != nil:
			return err
		case isUnclear(err) && attempt == 1:
			r.uploads.logger.InfoContext(ctx, "looking up whether a video was published", "error", err)
			r.wasPublishing = true
		case isUnclear(err):
			return err // the next run looks it up
		default:
			return r.publishFailed(ctx, err)
		}
	}
}

// publishFailed handles a publication that was certainly not executed, or that failed because it had been executed before.
func (r *run) publishFailed(ctx context.Context, failure error) error {
	if isKind(failure, KindRefused, KindNotFound, KindContract) && !isUnsent(failure) {
		found, err := r.lookUp(ctx)
		if err != nil {
			return err
		}
		if found != nil {
			return r.adopt(found.ID, found.ShareURL)
		}
	}
	r.state.Stage = StageSent
	expired := isKind(failure, KindNotFound)
	// A secret that publishing asks for isn't stored, so that it is lost with the process that has got it.
	lost := isKind(failure, KindContract) && isUnsent(failure) && len(r.named) == 0
	if (expired || lost) && !r.restarted {
		r.restarted = true
		r.state.giveUp()
	}
	if err := r.save(); err != nil {
		return err
	}
	if r.state.Stage == StageNone {
		return nil
	}
	return failure
}

// isUnsent reports whether a problem was found before anything was sent.
func isUnsent(err error) bool {
	_, sent := errors.AsType[*atlassian.Error](err)
	return !sent
}

// publishInputs fills in what publishing asks for.
func (r *run) publishInputs(operation atlassian.Operation) (map[string]any, error) {
	return r.fillPublish(operation, nil)
}

// fillPublish fills in what publishing asks for, apart from what is expected until then.
func (r *run) fillPublish(operation atlassian.Operation, expected func(string, meaning) bool) (map[string]any, error) {
	known := uploadValues(r.recording, r.options).with(values{meansSite: text(r.line.catalog.site)})
	if r.state.RemoteID != "" {
		known = known.with(r.uploads.videoValues(r.state.RemoteID))
		delete(known, meansShareURL) // there is none yet
	}
	named := map[string]any{}
	for name, value := range r.state.Named {
		named[name] = value
	}
	for name, value := range r.named {
		named[name] = value
	}
	if id, ok := named["fileid"]; ok {
		known[meansFile] = value{plain: id}
	}
	if len(r.state.Parts) > 0 {
		var parts []values
		for _, part := range r.state.Parts {
			item := values{meansPartNumber: {plain: int64(part.Number)}, meansSize: {plain: part.Size}}
			item.setText(meansETag, part.ETag)
			parts = append(parts, item)
		}
		known[meansParts] = value{plain: parts}
	}
	inputs, _, err := fillUntil(operation.Name, operation.InputSchema, known, named, expected)
	return inputs, err
}

// adoptAnswer takes the video from the answer of a successful publication.
func (r *run) adoptAnswer(ctx context.Context, raw json.RawMessage) error {
	answer := decodeAnswer(raw)
	id := firstText(videoIDOf(answer), r.state.RemoteID)
	share := ""
	if text, ok := answer.(string); ok {
		share = r.uploads.shareURLIn(object{fields: map[string]any{"text": text}})
	}
	for _, o := range objectsOf(answer) {
		if share == "" {
			share = r.uploads.shareURLIn(o)
		}
	}
	if id == "" {
		id = hexID(share)
	}
	if id == "" { // the answer names nothing
		found, err := r.lookUp(ctx)
		if err != nil {
			return err
		}
		if found != nil {
			id, share = found.ID, found.ShareURL
		}
	}
	return r.adopt(id, share)
}

// adopt records that the video exists.
func (r *run) adopt(id, share string) error {
	if hex := hexID(share); hex != "" && !sameVideo(hex, id) && hexID(id) != "" {
		share = "" // it is that of something else
	}
	if r.state.OtherFile {
		r.state.OtherFile = false
		r.state.addNote(noteOtherFile)
	}
	r.state.RemoteID = id
	r.state.ShareURL = firstText(share, r.uploads.shareURLOf(id))
	r.state.Stage = StagePublished
	return r.save()
}

// adoptEarlier takes a video that an earlier run has created without learning it.
func (r *run) adoptEarlier(ctx context.Context) (bool, error) {
	found, err := r.lookUp(ctx)
	if err != nil || found == nil {
		return false, err
	}
	return true, r.adopt(found.ID, found.ShareURL)
}

// adoptUnclear looks for a video after a publication with an unclear outcome. Without a way to look, it returns a
// *[Problem], because a repetition could create a second video.
func (r *run) adoptUnclear(ctx context.Context) (bool, error) {
	if err := r.line.load(ctx); err != nil {
		return false, err
	}
	if !r.line.catalog.has(opGet) && !r.line.catalog.has(opList) {
		return false, unclearProblem("Loom may have published this recording, but its answer was lost and Atlassian offers no operation to look for it.")
	}
	for _, wait := range lookUpWaits {
		if err := r.uploads.sleep(ctx, wait); err != nil {
			return false, fmt.Errorf("look up a video at loom: %w", err)
		}
		if found, err := r.adoptEarlier(ctx); err != nil || found {
			return found, err
		}
	}
	return false, nil
}

func unclearProblem(message string) error {
	return &Problem{
		Kind: KindUnclear, Message: message, Link: loomPage,
		Advice: "Look at your videos at Loom. If it is there, paste its link here, otherwise upload the file there.",
	}
}

func firstText(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
