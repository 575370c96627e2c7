package mover

import (
	"cmp"
	"errors"

	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
)

// fetchFailure describes an error of fathom.Client.Fetch without an address.
func fetchFailure(err error) *dispatch.Failure {
	if errors.Is(err, fathom.ErrLinkExpired) {
		return &dispatch.Failure{Kind: dispatch.KindLinkExpired, Detail: err.Error()}
	}
	failure, ok := errors.AsType[*fathom.Error](err)
	if !ok {
		return &dispatch.Failure{Kind: dispatch.Kind(fathom.KindUnavailable), Detail: "fetch failed"}
	}
	detail := failure.Detail
	if cause := failure.Unwrap(); cause != nil {
		detail = cmp.Or(detail, cause.Error())
	}
	return &dispatch.Failure{Kind: dispatch.Kind(failure.Kind), Status: failure.Status, Detail: detail}
}
