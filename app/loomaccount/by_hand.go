package loomaccount

import (
	"context"
	"errors"
	"slices"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
)

// uploadByHand hands the recording over, unless Loom has it already. Then it also does what is left after the publication.
func (d *delivery) uploadByHand(ctx context.Context) (loom.Outcome, error) {
	if d.state.Stage != loomupload.StagePublishing && !d.state.IsPublished() {
		return d.handOver("", nil)
	}
	connection, account, err := d.service.open(d.db)
	if d.connection = connection; err != nil || connection.GetString("status") == "invalid" {
		return d.handOver("", nil)
	}
	video, found, err := d.service.uploads.Find(ctx, account, d.Recording, d.Options, d.state, d.save)
	problem, _ := errors.AsType[*loomupload.Problem](err)
	switch {
	case ctx.Err() != nil:
		return loom.Outcome{}, ctx.Err()
	case problem != nil && problem.Temporary() && d.state.IsPublished(): // it may be visible to more people than wanted
		return loom.Outcome{}, &loom.DelayError{Message: problem.Message, After: problem.RetryAfter, Err: err}
	case err != nil || !found: // the note says that Loom may have it
		return d.handOver("", nil)
	}
	return d.outcome(video), nil
}

// published describes a video that Loom has, as far as the state knows it, with another note.
func (d *delivery) published(note string) loom.Outcome {
	notes := slices.Clone(d.state.Notes)
	if !slices.Contains(d.state.Steps, "visibility") && d.state.Visibility == "" {
		notes = append(notes, loomupload.UncertainVisibility(d.Options))
	}
	return d.outcome(loomupload.Video{ShareURL: d.state.ShareURL, Visibility: d.state.Visibility, Notes: append(notes, note)})
}
