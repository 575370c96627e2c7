package loom

import (
	"context"
	"fmt"
)

// Handover is the default uploader. It checks that Loom accepts the file and leaves the upload to the
// user, who then pastes the share link.
type Handover struct{}

var _ Uploader = Handover{}

// Name returns "handover".
func (Handover) Name() string { return "handover" }

// Upload sends nothing. It returns AwaitShareURL, or a *[RejectedError].
func (Handover) Upload(ctx context.Context, d Delivery) (Outcome, error) {
	if err := ctx.Err(); err != nil {
		return Outcome{}, fmt.Errorf("hand over recording: %w", err)
	}
	if err := CheckUpload(d.Recording); err != nil {
		return Outcome{}, err
	}
	return Outcome{AwaitShareURL: true}, nil
}
