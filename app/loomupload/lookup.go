package loomupload

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
)

const (
	maxLookUpPages = 5

	// clockSlack is how much the clocks of Loom and of this server may differ.
	clockSlack = 5 * time.Minute
)

// lookUp looks for the published video of this upload: by the ids that are known, and then by title, length and time
// among the account's videos. It returns nil if there is none, and a *[Problem] of KindUnclear if several fit.
func (r *run) lookUp(ctx context.Context) (*answered, error) {
	ids := append(slices.Clone(r.state.GivenUp), r.state.RemoteID)
	ids = slices.DeleteFunc(ids, func(id string) bool { return id == "" })
	if err := r.line.load(ctx); err != nil {
		return nil, err
	}
	if r.line.catalog.has(opGet) {
		for _, id := range slices.Backward(ids) {
			video, err := r.line.get(ctx, id)
			switch {
			case err == nil && video.isPublished():
				return &video, nil
			case err != nil && !isKind(err, KindNotFound, KindForbidden, KindContract, KindRefused):
				return nil, err
			}
		}
	}
	if !r.line.catalog.has(opList) {
		return nil, nil
	}
	return r.lookUpInList(ctx, ids)
}

func (r *run) lookUpInList(ctx context.Context, ids []string) (*answered, error) {
	var fitting []answered
	cursor := ""
	for range maxLookUpPages {
		videos, next, err := r.line.list(ctx, cursor)
		if err != nil {
			return nil, err
		}
		for _, video := range videos {
			if video.unpublished {
				continue
			}
			if slices.ContainsFunc(ids, func(id string) bool { return sameVideo(id, video.ID) }) {
				return &video, nil
			}
			if r.fits(video) {
				fitting = append(fitting, video)
			}
		}
		if next == "" {
			break
		}
		cursor = next
	}
	switch len(fitting) {
	case 0:
		return nil, nil
	case 1:
		return &fitting[0], nil
	}
	return nil, unclearProblem("Loom may have published this recording, but it has several videos with its title.")
}

// fits reports whether a video has the title of this upload, and neither another length nor an earlier time.
func (r *run) fits(video answered) bool {
	if r.state.Title == "" || !strings.EqualFold(strings.TrimSpace(video.Title), strings.TrimSpace(r.state.Title)) {
		return false
	}
	if !video.CreatedAt.IsZero() && video.CreatedAt.Before(r.state.StartedAt.Add(-clockSlack)) {
		return false
	}
	if r.state.OtherFile {
		return true // of unknown length
	}
	length, _ := r.recording.Expectation().Compare(loom.Video{Title: video.Title, Duration: video.Duration})
	return length != loom.Differs
}
