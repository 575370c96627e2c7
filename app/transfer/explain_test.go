package transfer

import (
	"errors"
	"fmt"
	"net/netip"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

func TestExplainClassifiesErrors(t *testing.T) {
	for _, test := range []struct {
		err               error
		permanent, snooze bool
	}{
		{&fathom.Error{Kind: fathom.KindForbidden}, true, false},
		{&fathom.Error{Kind: fathom.KindNotFound}, true, false},
		{&fathom.Error{Kind: fathom.KindUnprocessable}, true, false},
		{&fathom.Error{Kind: fathom.KindBadRequest}, true, false},
		{&fathom.Error{Kind: fathom.KindRefused}, true, false},
		{&fathom.Error{Kind: fathom.KindRateLimited}, false, true},
		{&fathom.Error{Kind: fathom.KindUnavailable}, false, true},
		{&loom.Error{Status: 503}, false, true},
		{&fathom.Error{Kind: fathom.KindMismatch}, false, false},
		{fmt.Errorf("write: %w", syscall.ENOSPC), false, true},
		{fmt.Errorf("write: %w", syscall.EDQUOT), false, true},
		{fmt.Errorf("save: %w", disk.ErrFull), false, true},
		{fmt.Errorf("save: %w", &ledger.DiskError{What: "video", Needed: 1}), false, true},
		{fmt.Errorf("write: %w", syscall.EROFS), false, true},
		{fmt.Errorf("write: %w", syscall.EIO), false, true},
		{fmt.Errorf("open: %w", userdb.ErrMissing), false, true},
		{fmt.Errorf("open: %w", syscall.EMFILE), false, true},
		{fmt.Errorf("open: %w", userdb.ErrBusy), false, true},
		{fmt.Errorf("open: %w", userdb.ErrPreparing), false, true},
		{fmt.Errorf("open: %w", userdb.ErrDeleting), true, false},
	} {
		if test.snooze {
			snooze, ok := errors.AsType[*queue.SnoozeError](explain(test.err))
			require.True(t, ok, test.err)
			assert.NotEmpty(t, snooze.Message)
			continue
		}
		failure, ok := errors.AsType[*queue.Failure](explain(test.err))
		require.True(t, ok, test.err)
		assert.Equal(t, test.permanent, failure.Permanent, test.err)
		assert.NotEmpty(t, failure.Message)
	}
	unknown := errors.New("unknown")
	assert.Equal(t, unknown, explain(unknown))
	assert.NoError(t, explain(nil))
	title := errors.New("no meeting is called database or disk is full (13)")
	assert.Equal(t, title, explain(title), "texts from others decide nothing")
}

func TestMessagesNameTheSettingThatHelps(t *testing.T) {
	address := netip.MustParseAddr("198.18.0.10")
	for name, c := range map[string]struct {
		err       error
		permanent bool
		want      string
	}{
		"private address": {
			refusal(fathom.KindRefused, &outbound.Refusal{Reason: outbound.ReasonPrivate, Host: "files.example.com", Address: address}), true, "OUTBOUND_PRIVATE_RANGES",
		},
		"metadata service": {
			refusal(fathom.KindRefused, &outbound.Refusal{Reason: outbound.ReasonForbidden, Host: "files.example.com", Address: address}), true, "isn't safe to use",
		},
		"unknown name": {
			refusal(fathom.KindRefused, &outbound.Refusal{Reason: outbound.ReasonUnresolvable, Host: "files.example.com"}), true, "OUTBOUND_PROXY_HOSTS",
		},
		"no answer from DNS": {
			refusal(fathom.KindUnavailable, &outbound.Refusal{Reason: outbound.ReasonUnresolvable, Host: "files.example.com", Temporary: true}), false, "OUTBOUND_PROXY_HOSTS",
		},
		"Fathom through a proxy": {refusal(fathom.KindUnavailable, &outbound.ProxyError{Status: 407}), false, "HTTPS_PROXY"},
		"Loom through a proxy":   {fmt.Errorf("%w: %w", &loom.Error{}, &outbound.ProxyError{Status: 502}), false, "HTTPS_PROXY"},
	} {
		var message string
		switch e := explain(c.err).(type) {
		case *queue.Failure:
			assert.Equal(t, c.permanent, e.Permanent, name)
			message = e.Message
		case *queue.SnoozeError:
			assert.False(t, c.permanent, name)
			message = e.Message
		}
		assert.Contains(t, message, c.want, name)
		assert.NotContains(t, message, "198.18", name)
		assert.NotContains(t, message, "files.example.com", name)
	}
}

func refusal(kind fathom.Kind, cause error) error {
	return fmt.Errorf("%w: %w", &fathom.Error{Kind: kind}, cause)
}
