package notify_test

import (
	"crypto/rand"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	netmail "net/mail"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// unsubscribeLink returns the link of a mail, from its header.
func unsubscribeLink(t *testing.T, raw string) string {
	t.Helper()
	message, err := netmail.ReadMessage(strings.NewReader(raw))
	require.NoError(t, err)
	header := message.Header.Get("List-Unsubscribe")
	_, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	require.NoError(t, err)
	part, err := multipart.NewReader(message.Body, params["boundary"]).NextRawPart()
	require.NoError(t, err)
	text, err := io.ReadAll(quotedprintable.NewReader(part))
	require.NoError(t, err)
	assert.Contains(t, string(text), strings.Trim(header, "<>"), "mail programs that don't know the header show the link")
	return strings.Trim(header, "<>")
}

// post sends what a mail program sends, without a sign-in.
func post(s *apptest.Server, link string) apptest.Answer {
	request, err := http.NewRequest(http.MethodPost, link, strings.NewReader("List-Unsubscribe=One-Click"))
	require.NoError(s.T, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.Do(request)
}

func TestOneClickUnsubscribes(t *testing.T) {
	t.Parallel()
	s, mails, p := startWithMail(t)
	transferAll(p, 1001)
	sendNow(p)
	require.Len(t, noticeMails(mails), 1)
	link := unsubscribeLink(t, noticeMails(mails)[0].Text)
	require.True(t, strings.HasPrefix(link, s.URL+"/api/unsubscribe?token="), link)

	page := s.Call(http.MethodGet, link, "", nil)
	require.Equal(t, 200, page.Status)
	assert.Contains(t, page.Header.Get("Content-Type"), "text/html")
	assert.Contains(t, page.Header.Get("Content-Security-Policy"), "default-src 'none'")
	assert.Empty(t, p.ListOwn("preferences", ""), "opening the link changes nothing")
	action := regexp.MustCompile(`action="([^"]+)"`).FindStringSubmatch(page.Raw)
	require.Len(t, action, 2)
	assert.Equal(t, link, s.URL+strings.ReplaceAll(action[1], "&amp;", "&"))

	for range 2 { // mail programs repeat it
		require.Equal(t, 200, post(s, link).Status)
	}
	preferences := p.ListOwn("preferences", "key = 'notify'")
	require.Len(t, preferences, 1)
	assert.Equal(t, map[string]any{"failed": true, "your_turn": false, "digest": false}, preferences[0]["value"])

	transferAll(p, 1002)
	assert.ElementsMatch(t, []any{"", "sent"}, states(p.ListOwn("notices", ""), "mail"))
	assertNoMoreMail(p)
}

func TestForgedUnsubscribeLinksAreRefused(t *testing.T) {
	t.Parallel()
	s, mails, p := startWithMail(t)
	other := s.SignUp("other@example.com")
	transferAll(p, 1001)
	sendNow(p)
	link, err := url.Parse(unsubscribeLink(t, noticeMails(mails)[0].Text))
	require.NoError(t, err)
	token := link.Query().Get("token")
	changed := []byte(token)
	changed[len(changed)/2] ^= 1
	for _, forged := range []string{"", "x", string(changed), token[:len(token)-4], token + "AAAA", "eHx5eg", strings.Repeat("A", 5000)} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			got := s.Call(method, s.URL+"/api/unsubscribe?token="+url.QueryEscape(forged), "", nil)
			assert.Equal(t, 404, got.Status, "%s %q: %s", method, forged, got.Raw)
		}
	}
	assert.Empty(t, p.ListOwn("preferences", ""))
	assert.Empty(t, other.ListOwn("preferences", ""))
}

func TestPreferenceIsChecked(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	const path = "/api/collections/preferences/records"
	for _, value := range []any{true, "failed", []any{}, map[string]any{"failed": "yes"}, map[string]any{"marketing": true}, nil} {
		got := p.Own("POST", path, map[string]any{"key": "notify", "value": value})
		assert.Equal(t, 400, got.Status, "%v: %s", value, got.Raw)
	}
	got := p.Own("POST", path, map[string]any{"key": "notify", "value": map[string]any{"digest": true}})
	assert.Equal(t, 200, got.Status, got.Raw)
}

func TestUnsubscribeLinksOutliveARotation(t *testing.T) {
	t.Parallel()
	s, mails, p := startWithMail(t)
	transferAll(p, 1001)
	sendNow(p)
	link, err := url.Parse(unsubscribeLink(t, noticeMails(mails)[0].Text))
	require.NoError(t, err)
	other, err := config.Generate(rand.Reader)
	require.NoError(t, err)
	status := func(s *apptest.Server) int { return s.Call(http.MethodGet, s.URL+link.RequestURI(), "", nil).Status }
	s = s.Restart("JWT_SECRET="+other.JWTSecret.Reveal(), "JWT_SECRET_PREVIOUS="+apptest.Secrets().JWTSecret.Reveal())
	require.Equal(t, 200, status(s))
	s = s.Restart("JWT_SECRET=" + other.JWTSecret.Reveal())
	require.Equal(t, 404, status(s))
}
