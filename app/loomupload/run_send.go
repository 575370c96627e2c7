package loomupload

import (
	"context"
	"maps"
)

// send sends the file as a ticket says, part by part if it has parts, and records that it was sent. It returns an
// *expiredError if the ticket isn't accepted any more.
func (r *run) send(ctx context.Context, t *ticket) error {
	var done int64
	for _, request := range t.requests {
		if request.number > 0 && r.state.isSent(request) {
			done += request.size
			r.progress(done)
			continue
		}
		receipt, err := r.uploads.sendRequest(ctx, r.recording, request, func(sent int64) { r.progress(done + sent) })
		if err != nil {
			return err
		}
		done += request.size
		r.state.FailedStarts = 0
		if request.number == 0 {
			r.keepReceipt(receipt)
			break
		}
		r.state.Parts = append(r.state.Parts, Part{Number: request.number, Size: request.size, ETag: receipt.etag})
		if request.number < len(t.requests) {
			if err := r.save(); err != nil {
				return err
			}
		}
	}
	r.state.Stage = StageSent
	return r.save()
}

// keepReceipt records the identifiers in the upload host's response. The id in it is that of the video only if the first
// step had none; otherwise, it is that of the file.
func (r *run) keepReceipt(got receipt) {
	named := got.named()
	if id, ok := named["id"]; ok {
		named["fileid"] = firstOf(named["fileid"], id)
		delete(named, "id")
	}
	if r.state.RemoteID == "" {
		r.state.RemoteID = videoIDOf(got.value)
	}
	merged := maps.Clone(named)
	if merged == nil {
		merged = map[string]any{}
	}
	maps.Copy(merged, r.named) // what the first step has said comes first
	r.named = merged
	kept := Values(withoutSecrets(named))
	if kept == nil {
		kept = Values{}
	}
	maps.Copy(kept, r.state.Named)
	r.state.Named = kept
}

func firstOf(values ...any) any {
	for _, value := range values {
		if value != nil {
			return value
		}
	}
	return nil
}
