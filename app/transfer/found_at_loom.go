package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
)

// endIfFound ends the delivery of a recording that was handed over before, if its owner has, or may have, uploaded it in
// the meantime. It does nothing for others, or if the video may be the uploader's own, which the uploader finds out.
func (r *transferRun) endIfFound(ctx context.Context, stored *core.Record) (ended bool, err error) {
	if !r.unlessFound || r.byHand || r.service.lister == nil {
		return false, nil
	}
	begun, _, err := deliveryState(r.transfer, stored, r.service.uploader)
	if err != nil || begun != nil && r.service.mayHaveVideo(begun) {
		return false, err
	}
	videos, err := r.service.lister.Recent(ctx, r.db.Name, stored.GetDateTime("stored_at").Time().Add(-earlierVideos))
	if failed, ok := errors.AsType[*loom.Error](err); ok {
		return false, &loom.DelayError{Message: "Loom can't be asked whether it has this recording already.", After: failed.RetryAfter, Err: err}
	}
	if errors.Is(err, loom.ErrNotFound) { // the uploader explains what is wrong with the connection
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return r.endWith(ctx, videos)
}

// mayHaveVideo reports whether Loom may have the video of what the uploader has begun.
func (s *Service) mayHaveVideo(begun json.RawMessage) bool {
	reader, ok := s.uploader.(loom.StateReader)
	return !ok || reader.MayHaveVideo(begun)
}

// endWith ends the delivery with one of the owner's videos: with its link if it leaves no doubt, and with a hand-over if it
// may be the recording.
func (r *transferRun) endWith(ctx context.Context, videos []loom.ListedVideo) (ended bool, err error) {
	undelivered, err := undeliveredTransfers(ctx, r.db)
	if err != nil {
		return false, err
	}
	own := slices.IndexFunc(undelivered, func(t waitingTransfer) bool { return t.Transfer == r.transfer.Id })
	if own < 0 {
		return false, nil
	}
	found, ranks, err := rankListed(ctx, r.db, videos, undelivered)
	if err != nil {
		return false, err
	}
	for i, video := range found {
		if j, ok := onlyMatch(ranks, i); ok && j == own {
			return true, r.recordDelivered(ctx, loom.Outcome{ShareURL: video.share.String(), Verified: true})
		}
	}
	for i, video := range found {
		if length, _ := undelivered[own].expected.Compare(video.Video); ranks[i][own] != rankNone && length != loom.Differs {
			return true, r.handOver(ctx, doubtNote(video)+" Otherwise, choose “Try the upload again” on the page of this recording.", handoverDoubtful)
		}
	}
	return false, nil
}
