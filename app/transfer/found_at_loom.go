package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

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
	// The file may have been fetched again since the owner got it, but not before there was a transfer.
	videos, complete, err := r.service.lister.Recent(ctx, r.db.Name, r.transfer.GetDateTime("created").Time().Add(-earlierVideos))
	if failed, ok := errors.AsType[*loom.Error](err); ok {
		return false, &loom.DelayError{Message: "Loom can't be asked whether it has this recording already.", After: failed.RetryAfter, Err: err}
	}
	if refused, ok := errors.AsType[*loom.ListRefusedError](err); ok {
		return true, r.leaveToOwner(ctx, strings.TrimSpace("This server can't look whether Loom has this recording already. "+refused.Message)+" If it isn't there")
	}
	if errors.Is(err, loom.ErrNotFound) { // the uploader explains what is wrong with the connection
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if ended, err := r.endWith(ctx, videos); ended || err != nil || complete {
		return ended, err
	}
	return true, r.leaveToOwner(ctx, "You have too many new videos at Loom to look whether this recording is among them. If it isn't")
}

// leaveToOwner hands the recording over because Loom may have it. The note begins with why, and with when to upload it.
func (r *transferRun) leaveToOwner(ctx context.Context, why string) error {
	return r.handOver(ctx, why+", choose “Try the upload again” on the page of this recording.", handoverDoubtful)
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
			return true, r.recordFound(ctx, video.share)
		}
	}
	for i, video := range found {
		if length, _ := undelivered[own].expected.Compare(video.Video); ranks[i][own] != rankNone && length != loom.Differs {
			return true, r.leaveToOwner(ctx, doubtNote(video)+" Otherwise")
		}
	}
	return false, nil
}

// recordFound delivers the recording with the link of a video that its owner has uploaded, whose visibility the owner chose.
func (r *transferRun) recordFound(ctx context.Context, share loom.ShareURL) error {
	_, err := r.updateTransfer(func(transfer *core.Record) { transfer.Set("uploader", loom.Handover{}.Name()) })
	if err != nil {
		return err
	}
	return r.recordDelivered(ctx, loom.Outcome{ShareURL: share.String(), Verified: true})
}
