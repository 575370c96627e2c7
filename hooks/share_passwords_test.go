package hooks_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// enter sends the form with a password.
func enter(s *apptest.Server, link, password string) apptest.Answer {
	s.T.Helper()
	request, err := http.NewRequest("POST", link, strings.NewReader(url.Values{"password": {password}}.Encode()))
	require.NoError(s.T, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.Do(request)
}

func TestPasswordRevealsNothing(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"TRUSTED_PROXY_HEADERS=X-Real-IP"}})
	p := s.SignUp("ada@example.com")
	shareSamples(p)
	const password = "correct horse"
	created, other := createShare(p, map[string]any{"password": password}), createShare(p, map[string]any{"password": password})
	link := created.Text("url")
	for path, status := range map[string]int{"": 200, "/embed": 200, "/video": 403, "/captions": 403, "/poster": 403, "?g=x": 200, "/video?g=x": 403} {
		got := get(s, link+path)
		assert.Equal(t, status, got.Status, path)
		for _, text := range []string{"Budget", "Decisions", "Bye", "og:", "oembed", p.Marker(), "2:05"} {
			assert.NotContains(t, got.Raw, text, path)
		}
	}
	assert.Equal(t, 401, get(s, s.URL+"/s/oembed?url="+url.QueryEscape(link)).Status)
	wrong := enter(s, link, "battery staple")
	assert.Equal(t, 403, wrong.Status)
	assert.Contains(t, wrong.Raw, "Wrong password.")
	assert.NotContains(t, wrong.Raw, "Budget")
	assert.Equal(t, 429, enter(s, link, password).Status, "the network has to pause after a wrong password")
	page := enter(s, other.Text("url"), password)
	require.Equal(t, 200, page.Status, page.Raw)
	assert.Contains(t, page.Raw, "Budget")
	assert.NotContains(t, page.Raw, "og:")
	assert.Empty(t, page.Header.Values("Set-Cookie"))
	grant := regexp.MustCompile(`/video\?g=([^"#]+)`).FindStringSubmatch(page.Raw)
	require.Len(t, grant, 2, page.Raw)
	video := other.Text("url") + "/video?g="
	assert.Equal(t, p.Marker(), get(s, video+grant[1]).Raw)
	assert.Equal(t, 200, get(s, other.Text("url")+"/captions?g="+grant[1]).Status)
	assert.Equal(t, 403, get(s, link+"/video?g="+grant[1]).Status, "a grant is for one link")
	expires, mac, _ := strings.Cut(grant[1], ".")
	for _, forged := range []string{"", ".", "zzzzzzz." + mac, expires + ".", expires + "." + strings.Repeat("A", len(mac)), expires + "." + mac + "A", strings.ToUpper(expires) + "." + mac + "="} {
		assert.Equal(t, 403, get(s, video+url.QueryEscape(forged)).Status, forged)
	}
	next := s.Restart("TRUSTED_PROXY_HEADERS=X-Real-IP")
	p = p.On(next)
	video = strings.Replace(video, s.URL, next.URL, 1)
	assert.Equal(t, 200, get(next, video+grant[1]).Status, "a grant outlives a restart")
	changed := p.Call("PATCH", next.URL+sharesPath+"/"+other.Text("id"), p.Token, map[string]any{"password": "another password"})
	require.Equal(t, 200, changed.Status, changed.Raw)
	assert.Equal(t, 403, get(next, video+grant[1]).Status, "another password ends the grants")
	assert.NotContains(t, s.Log.String()+next.Log.String(), grant[1])
}

// Even from many networks, nobody can try more than a few passwords.
func TestGuessingPasswordsIsSlow(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"TRUSTED_PROXY_HEADERS=X-Real-IP"}})
	p := s.SignUp("ada@example.com")
	shareSamples(p)
	link := createShare(p, map[string]any{"password": "correct horse"}).Text("url")
	attempt := func(address, password string) int {
		request, err := http.NewRequest("POST", link, strings.NewReader("password="+url.QueryEscape(password)))
		require.NoError(t, err)
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("X-Real-IP", address)
		return s.Do(request).Status
	}
	tried := 0
	for n := range 70 {
		if attempt(fmt.Sprintf("203.%d.113.1", n), "guess") == 403 {
			tried++
		}
	}
	assert.Equal(t, 60, tried)
	assert.Equal(t, 429, attempt("198.51.100.1", "correct horse"), "until the hour has passed")
}
