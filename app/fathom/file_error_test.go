package fathom_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
)

func TestErrorsOfFetchesInOtherProcesses(t *testing.T) {
	for kind, want := range map[fathom.Kind]fathom.Kind{
		fathom.KindRateLimited: fathom.KindRateLimited, fathom.KindMismatch: fathom.KindMismatch, fathom.KindRefused: fathom.KindRefused,
		fathom.KindTooSlow: fathom.KindTooSlow, fathom.KindNotFound: fathom.KindNotFound, fathom.KindUnavailable: fathom.KindUnavailable,
		fathom.KindInvalidResponse: fathom.KindInvalidResponse, fathom.KindBadRequest: fathom.KindBadRequest,
		fathom.KindUnprocessable: fathom.KindUnprocessable,
		"":                       fathom.KindUnavailable, "new": fathom.KindUnavailable,
		fathom.KindUnauthorized: fathom.KindUnavailable, fathom.KindForbidden: fathom.KindUnavailable, // the key isn't part of a fetch
	} {
		failure, ok := errors.AsType[*fathom.Error](fathom.FileError(kind, 418, time.Minute, "line\n"+strings.Repeat("x", 300)))
		require.True(t, ok)
		assert.Equal(t, want, failure.Kind)
		assert.True(t, failure.OfFile())
		assert.Equal(t, 418, failure.Status)
		assert.Equal(t, time.Minute, failure.RetryAfter)
		assert.Len(t, failure.Detail, 200)
		assert.NotContains(t, failure.Detail, "\n")
	}
	require.ErrorIs(t, fathom.FileError("link_expired", 403, 0, ""), fathom.ErrLinkExpired)
	for given, want := range map[time.Duration]time.Duration{-1: 0, 1 << 62: 24 * time.Hour} {
		failure, _ := errors.AsType[*fathom.Error](fathom.FileError(fathom.KindRateLimited, 429, given, ""))
		assert.Equal(t, want, failure.RetryAfter)
	}
}
