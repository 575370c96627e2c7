package transfer

import (
	"encoding/json"
	"fmt"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

// syncPayload is the payload of a sync job.
type syncPayload struct {
	Full bool `json:"full"` // read all meetings instead of new ones
}

func decodeSync(payload json.RawMessage) (p syncPayload, err error) {
	if err := queue.DecodeStrict(payload, &p); err != nil {
		return p, queue.Permanent(`The payload may contain only "full" (true or false).`, nil)
	}
	return p, nil
}

// mergeSync is the Kind.Merge of syncs. A request for a full sync makes the active one full; if that is running,
// another one follows.
func mergeSync(active, requested json.RawMessage) (merged json.RawMessage, again bool) {
	if a, err := decodeSync(active); err != nil || a.Full {
		return active, false
	}
	if r, err := decodeSync(requested); err != nil || !r.Full {
		return active, false
	}
	return requested, true
}

// transferPayload is the payload of a transfer job.
type transferPayload struct {
	RecordingID int64 `json:"recording_id"`
	Deliver     bool  `json:"deliver"` // to Loom, the default; otherwise the transfer ends when the file is stored
	Again       bool  `json:"again"`   // fetch the file even if it is stored

	ByHand      bool `json:"by_hand,omitempty"`      // leave the upload to the owner
	UnlessFound bool `json:"unless_found,omitempty"` // and so if Loom may have the recording already
	loom.Options
}

func decodeTransfer(payload json.RawMessage) (transferPayload, error) {
	p := transferPayload{Deliver: true}
	if err := queue.DecodeStrict(payload, &p); err != nil || p.RecordingID <= 0 || p.RecordingID > maxExactID {
		const format = `The payload must contain "recording_id", the number of a recording from 1 to %d, ` +
			`and may contain "deliver", "again", "by_hand" and "unless_found" (true or false), "visibility" and "folder".`
		message := fmt.Sprintf(format, int64(maxExactID))
		return p, queue.Permanent(message, nil)
	}
	if problem := p.Problem(); problem != "" {
		return p, queue.Permanent("The payload can't be used. "+problem, nil)
	}
	return p, nil
}

// mergeTransfer is the Kind.Merge of transfers. The active job does what either request asks for, with the latest choice of
// options. If it runs without that, another run follows; options take effect unless the upload has begun. Only a request
// for the upload of this recording ends UnlessFound.
func mergeTransfer(active, requested json.RawMessage) (merged json.RawMessage, again bool) {
	a, err := decodeTransfer(active)
	if err != nil {
		return active, false
	}
	r, err := decodeTransfer(requested)
	if err != nil {
		return active, false
	}
	both := a
	both.Deliver, both.Again = a.Deliver || r.Deliver, a.Again || r.Again
	both.ByHand = a.ByHand || r.ByHand
	both.UnlessFound = (a.UnlessFound || r.UnlessFound) && (a.UnlessFound || !a.Deliver) && (r.UnlessFound || !r.Deliver)
	both.Options = r.Or(a.Options)
	if both == a {
		return active, false
	}
	if merged, err = json.Marshal(both); err != nil {
		return active, false
	}
	return merged, both.Deliver && !a.Deliver || both.Again && !a.Again
}

// decodeNone accepts the payload of jobs that need none: they find out what there is to do.
func decodeNone(payload json.RawMessage) (p struct{}, err error) {
	if err := queue.DecodeStrict(payload, &p); err != nil {
		return p, queue.Permanent("The payload must be empty.", nil)
	}
	return p, nil
}

func checkNone(payload json.RawMessage) (dedupe string, err error) {
	_, err = decodeNone(payload)
	return "", err
}
