package loominspect

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
)

// askUpload uploads the clip exactly as a recording is uploaded.
func (p *probe) askUpload(ctx context.Context) {
	const question = "The upload of the clip"
	if p.check.Ability != loomupload.AbilityUpload {
		p.fail(question, limitOf(p.check))
		return
	}
	started := p.cfg.Now()
	var stages []string
	visibility := ""
	save := func(state loomupload.State) error {
		stages = append(stages, fmt.Sprintf("%s after %d ms", state.Stage, p.cfg.Now().Sub(started).Milliseconds()))
		if state.Stage == loomupload.StagePublished && visibility == "" {
			visibility = p.readVisibility(ctx, state.RemoteID)
		}
		return nil
	}
	video, err := p.uploads.Upload(ctx, p.account(), clipRecording(), loom.Options{Visibility: loom.VisibilityOwner}, loomupload.State{}, save, nil)
	p.answer("Steps of the upload", "%s", strings.Join(stages, ", "))
	p.answerSending()
	if visibility != "" {
		p.answer("Who could see the clip after publishing", "%s", visibility)
	}
	if err != nil {
		p.fail(question, err)
		return
	}
	p.answer(question, "done, complete %t, %.1f seconds, share link %t", video.Complete, video.Duration.Seconds(), video.ShareURL != "")
	p.answer("Who can see the clip now", "%s", orUnknown(video.Visibility))
	for _, note := range video.Notes {
		p.answer("A note", "%s", note)
	}
}

// readVisibility asks who can see the clip before the program has changed it.
func (p *probe) readVisibility(ctx context.Context, id string) string {
	if id == "" {
		return "unknown, because publishing names no video"
	}
	video, err := p.uploads.Get(ctx, p.account(), id)
	if err != nil {
		return "unknown: " + explain(err)
	}
	return orUnknown(video.Visibility)
}

// answerSending describes the requests to the host of uploads.
func (p *probe) answerSending() {
	for _, e := range p.journal.all() {
		if e.to == toHost {
			p.answer("Sending the clip", "%s to %s, %d bytes: status %d", e.method, e.url.Hostname(), e.requestSize, e.status)
		}
	}
}

func orUnknown(text string) string {
	if text == "" {
		return "unknown"
	}
	return text
}

// limitOf is why an account can't upload.
func limitOf(check loomupload.Check) error {
	if check.Limited != nil {
		return check.Limited
	}
	return errNotChecked
}

var errNotChecked = errors.New("the connection could not be checked")
