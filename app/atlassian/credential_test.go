package atlassian_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
)

// renewable is a credential whose header changes.
type renewable struct {
	headers []string
	refused []string
	err     error
}

func (r *renewable) Authorization(context.Context) (string, error) { return r.headers[0], nil }

func (r *renewable) Renew(_ context.Context, refused string) (bool, error) {
	r.refused = append(r.refused, refused)
	if r.err != nil || len(r.headers) == 1 {
		return false, r.err
	}
	r.headers = r.headers[1:]
	return true, nil
}

// accept lets only one header through.
func accept(f *fakeServer, header string, refuse func(http.ResponseWriter, *http.Request, request)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.intercept = func(w http.ResponseWriter, r *http.Request, rpc request) bool {
		if r.Header.Get("Authorization") == header {
			return false
		}
		refuse(w, r, rpc)
		return true
	}
}

func TestRefusedCredentialIsRenewedOnce(t *testing.T) {
	for _, status := range []int{http.StatusUnauthorized, http.StatusBadRequest} {
		f := newFakeServer(t, 10)
		accept(f, "Bearer second", respond(status, ""))
		credential := &renewable{headers: []string{"Bearer first", "Bearer second", "Bearer third"}}
		session, err := newClient(t, f, nil).Connect(t.Context(), credential)
		require.NoError(t, err, status)
		assert.Equal(t, []string{"Bearer first"}, credential.refused)

		accept(f, "Bearer third", respond(http.StatusUnauthorized, ""))
		_, err = session.Operations(t.Context())
		require.NoError(t, err, "renewed within the session")
		assert.Equal(t, []string{"Bearer first", "Bearer second"}, credential.refused)

		accept(f, "nothing", respond(http.StatusUnauthorized, ""))
		_, err = session.Operations(t.Context())
		assert.Equal(t, atlassian.KindUnauthorized, failure(t, err).Kind)
		assert.Len(t, credential.refused, 3)
		_ = session.Close() // the server refuses this, too
	}
}

func TestBadRequestWithinASessionIsNotSentAgain(t *testing.T) {
	f := newFakeServer(t, 10)
	credential := &renewable{headers: []string{"Bearer first", "Bearer second"}}
	session, err := newClient(t, f, nil).Connect(t.Context(), credential)
	require.NoError(t, err)
	f.on("tools/call", respond(http.StatusBadRequest, ""))
	_, err = session.Call(t.Context(), getVideo, "", nil)
	assert.Equal(t, atlassian.KindUnavailable, failure(t, err).Kind)
	assert.Empty(t, credential.refused)
	assert.Len(t, f.received("tools/call"), 1)
	_ = session.Close()
}

type temporaryError struct{ error }

func (temporaryError) Temporary() bool { return true }

func TestErrorsOfCredentialsAreKept(t *testing.T) {
	dead := errors.New("dead refresh token")
	for _, test := range []struct {
		err  error
		kind atlassian.Kind
	}{{dead, atlassian.KindUnauthorized}, {temporaryError{dead}, atlassian.KindUnavailable}} {
		f := newFakeServer(t, 10)
		f.on("", respond(http.StatusUnauthorized, ""))
		_, err := newClient(t, f, nil).Connect(t.Context(), &renewable{headers: []string{"Bearer first", "x"}, err: test.err})
		assert.ErrorIs(t, err, test.err)
		assert.Equal(t, test.kind, failure(t, err).Kind)
	}
}

func TestCredentialsAreNeverRepeated(t *testing.T) {
	f := newFakeServer(t, 10)
	credential := atlassian.Basic(" ann@example.com ", testToken+"\n")
	var header string
	f.on("", func(w http.ResponseWriter, r *http.Request, rpc request) {
		header = r.Header.Get("Authorization")
		_, encoded, _ := strings.Cut(header, " ")
		respond(http.StatusForbidden, "no "+header+" "+encoded+" "+testToken+"\x1b[31m"+strings.Repeat(" long", 200))(w, r, rpc)
	})
	_, err := newClient(t, f, nil).Connect(t.Context(), credential)
	failed := failure(t, err)
	assert.Equal(t, "Basic YW5uQGV4YW1wbGUuY29tOkFUQVRUM3hGZkdGMC10ZXN0LXRva2Vu", header)
	for _, text := range []string{err.Error(), failed.Message, failed.LogValue().String()} {
		assert.NotContains(t, text, testToken)
		assert.NotContains(t, text, "YW5uQGV4")
		assert.NotContains(t, text, "\x1b")
	}
	assert.Contains(t, failed.Message, "[redacted]")
	assert.LessOrEqual(t, len([]rune(failed.Message)), 300)
}
