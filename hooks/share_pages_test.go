package hooks_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// hostileText is text of others that a page must show as it is.
const hostileText = `</script><script>alert("1")</script>"'><img src=x onerror=alert(2)>{{.}}` + "\r\nX-Evil: 1"

// shareSamples gives a person a recording with a transcript and a summary, and returns the samples.
func shareSamples(p apptest.Person) apptest.Samples {
	p.T.Helper()
	samples := p.CreateSamples()
	changeRecord(p, "meetings", samples.Meeting, map[string]any{
		"title": "Budget " + hostileText, "recorded_at": "2026-05-04 10:00:00.000Z", "language": "en",
		"summary": "## Decisions\n\n[Ship it](https://fathom.video/calls/7?timestamp=65) and [read](https://fathom.video/share/secret), " +
			"see [docs](https://example.com/docs), [run](javascript:alert(3)), ![spy](https://evil.example.com/x.png) <b onclick=alert(4)>" + hostileText,
	})
	changeRecord(p, "recordings", samples.Recording, map[string]any{"duration": 125, "file_name": "Budget secret name.mp4"})
	p.SaveRecord("transcripts", map[string]any{"meeting": samples.Meeting, "recording_id": 1, "items": []map[string]any{
		{"speaker": map[string]any{"display_name": "Ada " + hostileText}, "text": "Hello " + hostileText, "timestamp": "00:00:01"},
		{"speaker": map[string]any{"display_name": "Ada " + hostileText}, "text": "again", "timestamp": "00:00:05"},
		{"speaker": map[string]any{"display_name": "Grace"}, "text": "Bye", "timestamp": "00:01:05"},
	}})
	return samples
}

// changeRecord changes a record in a person's database as the server does.
func changeRecord(p apptest.Person, collection, id string, fields map[string]any) {
	p.T.Helper()
	db, err := p.App.Databases.Acquire(p.T.Context(), p.Name)
	require.NoError(p.T, err)
	defer db.Release()
	record, err := db.App.FindRecordById(collection, id)
	require.NoError(p.T, err)
	record.Load(fields)
	require.NoError(p.T, db.App.UnsafeWithoutHooks().SaveNoValidate(record))
}

// get requests a page or a file without a sign-in, with headers in pairs.
func get(s *apptest.Server, link string, header ...string) apptest.Answer {
	s.T.Helper()
	request, err := http.NewRequest("GET", link, nil)
	require.NoError(s.T, err)
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	return s.Do(request)
}

// enter sends the form with a password.
func enter(s *apptest.Server, link, password string) apptest.Answer {
	s.T.Helper()
	request, err := http.NewRequest("POST", link, strings.NewReader(url.Values{"password": {password}}.Encode()))
	require.NoError(s.T, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.Do(request)
}

func TestSharePage(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	shareSamples(p)
	link := createShare(p, nil).Text("url")
	page := get(s, link)
	require.Equal(t, 200, page.Status, page.Raw)
	for _, part := range []string{
		"Budget &lt;/script&gt;&lt;script&gt;alert(", "4 May 2026 · 2:05", `src="../s/`, `<track kind="captions"`, `srclang="en"`,
		`>Decisions</h3>`, `<a href="?t=65" data-t="65">Ship it</a>`, `<a href="https://example.com/docs" rel="noopener noreferrer nofollow" target="_blank">docs</a>`,
		"Hello &lt;/script&gt;", `data-t="65">Bye</span>`, `<meta name="robots" content="noindex, nofollow">`,
		`<meta property="og:image" content="` + link + `/poster">`, `<meta name="twitter:player" content="` + link + `/embed">`,
	} {
		assert.Contains(t, page.Raw, part)
	}
	for _, part := range []string{"<script>", "<img", "onclick=", "onerror=alert(2)>", "javascript:", "evil.example.com", "fathom.video", "Budget secret name", "ada@example.com", p.Name, p.ID} {
		assert.NotContains(t, strings.ReplaceAll(page.Raw, "&lt;img src=x onerror=alert(2)&gt;", ""), part)
	}
	assert.Equal(t, 1, strings.Count(page.Raw, "<script"))
	assert.Equal(t, 1, strings.Count(page.Raw, "Ada &lt;"), "consecutive items of a speaker are one passage")
	assert.Empty(t, page.Header.Get("X-Evil"))
	assert.Empty(t, page.Header.Values("Set-Cookie"))
	policy := page.Header.Get("Content-Security-Policy")
	nonce := regexp.MustCompile(`script-src 'nonce-([A-Z2-7]+)'`).FindStringSubmatch(policy)
	require.Len(t, nonce, 2, policy)
	assert.Contains(t, page.Raw, `nonce="`+nonce[1]+`"`)
	assert.NotContains(t, get(s, link).Raw, nonce[1])
	for _, directive := range []string{"default-src 'none'", "media-src 'self'", "img-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
		assert.Contains(t, policy, directive)
	}
	assert.NotContains(t, policy, "unsafe")
	assert.Equal(t, "DENY", page.Header.Get("X-Frame-Options"))
	assert.Equal(t, "noindex, nofollow", page.Header.Get("X-Robots-Tag"))
	assert.Equal(t, "no-referrer", page.Header.Get("Referrer-Policy"))
	assert.Equal(t, "no-store", page.Header.Get("Cache-Control"))
	assert.Equal(t, 404, get(s, s.URL+"/robots.txt").Status, "nothing keeps those who show previews away")
	for moment, start := range map[string]string{"90": "#t=90", "1m30s": "#t=90", "1:30": "#t=90", "-1": "", "x": "", "1e9": "", "99999999999999": "", "%22%3E": ""} {
		assert.Contains(t, get(s, link+"?t="+moment).Raw, "/video"+start+`"`, moment)
	}
	embed := get(s, link+"/embed?t=90")
	require.Equal(t, 200, embed.Status, embed.Raw)
	assert.Contains(t, embed.Header.Get("Content-Security-Policy"), "frame-ancestors *")
	assert.Empty(t, embed.Header.Get("X-Frame-Options"))
	assert.Contains(t, embed.Raw, `src="../../s/`)
	assert.NotContains(t, embed.Raw, "Hello")
	assert.NotContains(t, s.Log.String(), link[len(s.URL+"/s/"):])
}

func TestSharePageShowsOnlyWhatItsOwnerHasChosen(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	shareSamples(p)
	traces := map[string][]string{"title": {"Budget", "2026"}, "summary": {"Decisions", "Ship it"}, "transcript": {"Bye", "Grace", "captions"}}
	for hidden := range traces {
		created := createShare(p, map[string]any{hidden: false})
		link := created.Text("url")
		var all strings.Builder
		for _, path := range []string{"", "/embed", "/poster", "/captions"} {
			all.WriteString(get(s, link+path).Raw)
		}
		oEmbed := get(s, s.URL+"/s/oembed?url="+url.QueryEscape(link))
		require.Equal(t, 200, oEmbed.Status, oEmbed.Raw)
		all.WriteString(oEmbed.Raw)
		all.WriteString(get(s, link+"/video").Header.Get("Content-Disposition"))
		for part, texts := range traces {
			for _, text := range texts {
				if part == hidden {
					assert.NotContains(t, all.String(), text, "%s is hidden", hidden)
				} else {
					assert.Contains(t, all.String(), text, "%s is hidden", hidden)
				}
			}
		}
	}
}

func TestSharedVideoIsSentInRanges(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	samples := shareSamples(p)
	content := p.Marker()
	size := len(content)
	link := createShare(p, nil).Text("url") + "/video"
	whole := get(s, link)
	require.Equal(t, 200, whole.Status)
	assert.Equal(t, content, whole.Raw)
	assert.Equal(t, "video/mp4", whole.Header.Get("Content-Type"))
	assert.Equal(t, "bytes", whole.Header.Get("Accept-Ranges"))
	assert.Equal(t, "noindex, nofollow", whole.Header.Get("X-Robots-Tag"))
	for given, want := range map[string]struct {
		status int
		body   string
	}{
		"bytes=0-":                            {206, content},
		"bytes=0-0":                           {206, content[:1]},
		"bytes=3-5":                           {206, content[3:6]},
		"bytes=-4":                            {206, content[size-4:]},
		fmt.Sprintf("bytes=%d-", size-1):      {206, content[size-1:]},
		"bytes=2-999999999999":                {206, content[2:]},
		fmt.Sprintf("bytes=%d-", size):        {416, "*"},
		"bytes=99999999999999999999-":         {416, "*"},
		"bytes=5-3":                           {416, "*"},
		"bytes=x":                             {416, "*"},
		"bytes=0-1,2-3":                       {200, content}, // more than one range isn't served
		"bytes=" + strings.Repeat("0-,", 500): {200, content},
		"lines=1-2":                           {416, "*"},
	} {
		got := get(s, link, "Range", given)
		assert.Equal(t, want.status, got.Status, given)
		if want.body != "*" {
			assert.Equal(t, want.body, got.Raw, given)
		}
	}
	changeRecord(p, "recordings", samples.Recording, map[string]any{"sha256": strings.Repeat("ab", 32)})
	tag := get(s, link).Header.Get("ETag")
	assert.Equal(t, `"`+strings.Repeat("ab", 32)+`"`, tag)
	assert.Equal(t, 206, get(s, link, "Range", "bytes=1-2", "If-Range", tag).Status)
	assert.Equal(t, 200, get(s, link, "Range", "bytes=1-2", "If-Range", `"other"`).Status)
	assert.Equal(t, 304, get(s, link, "If-None-Match", tag).Status)

	changeRecord(p, "recordings", samples.Recording, map[string]any{"content_type": "text/html"})
	other := get(s, link)
	assert.Equal(t, "application/octet-stream", other.Header.Get("Content-Type"))
	assert.Contains(t, other.Header.Get("Content-Disposition"), "attachment")
	assert.Contains(t, get(s, strings.TrimSuffix(link, "/video")).Raw, "can’t play this kind of file")
}

func TestLinksThatAreNotValidLookTheSame(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	shareSamples(p)
	revoked, expired, valid := createShare(p, nil), createShare(p, nil), createShare(p, nil)
	require.Equal(t, 204, p.Call("DELETE", s.URL+sharesPath+"/"+revoked.Text("id"), p.Token, nil).Status)
	_, err := s.App.NonconcurrentDB().Update("shares", dbx.Params{"expires": "2026-01-01 00:00:00.000Z"}, dbx.HashExp{"id": expired.Text("id")}).Execute()
	require.NoError(t, err)
	want := get(s, s.URL+"/s/"+strings.Repeat("0", 22))
	require.Equal(t, 404, want.Status)
	assert.Contains(t, want.Raw, "has expired or was revoked")
	id := valid.Text("url")[len(s.URL+"/s/"):]
	for name, link := range map[string]string{
		"revoked": revoked.Text("url"), "expired": expired.Text("url"), "row": s.URL + "/s/" + valid.Text("id"), "short": s.URL + "/s/" + id[:21],
		"long": s.URL + "/s/" + id + "0", "other case": s.URL + "/s/" + strings.Map(swapCase, id), "quote": s.URL + "/s/%27%20OR%201=1--",
		"slash": s.URL + "/s/" + id + "%2Fvideo", "dots": s.URL + "/s/..%2F" + id, "NUL": s.URL + "/s/%00", "wildcard": s.URL + "/s/%25",
	} {
		got := get(s, link)
		assert.Equal(t, 404, got.Status, name)
		assert.Equal(t, want.Raw, got.Raw, name)
		assert.Equal(t, want.Header.Get("Content-Security-Policy"), got.Header.Get("Content-Security-Policy"), name)
		for _, path := range []string{"/embed", "/video", "/captions", "/poster"} {
			assert.Equal(t, 404, get(s, link+path).Status, name+path)
		}
		if name != "NUL" {
			assert.Equal(t, 404, get(s, s.URL+"/s/oembed?url="+url.QueryEscape(link)).Status, name)
		}
	}
	assert.Equal(t, 200, get(s, valid.Text("url")).Status)
	for _, method := range []string{"PUT", "PATCH", "DELETE"} {
		assert.GreaterOrEqual(t, s.Call(method, valid.Text("url"), "", nil).Status, 400, method)
	}
}

// swapCase changes the case of a letter.
func swapCase(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z':
		return r - 'a' + 'A'
	case r >= 'A' && r <= 'Z':
		return r - 'A' + 'a'
	}
	return r
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

func TestRevokingEndsAVideoAtTheNextRequest(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	p.CreateLargeRecording()
	created := createShare(p, nil)
	body := apptest.StartReading(t, created.Text("url")+"/video")
	defer body.Close()
	require.Equal(t, 204, p.Call("DELETE", s.URL+sharesPath+"/"+created.Text("id"), p.Token, nil).Status)
	assert.Equal(t, 404, get(s, created.Text("url")+"/video", "Range", "bytes=1000-").Status)
	assert.Equal(t, 404, get(s, created.Text("url")).Status)
}

func TestViewsAreCountedAndNotTracked(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	shareSamples(p)
	created := createShare(p, nil)
	link := created.Text("url")
	for range 3 {
		require.Equal(t, 200, get(s, link).Status)
	}
	get(s, link+"/embed")
	get(s, link+"/video")
	get(s, link+"/poster")
	head, err := http.Head(link)
	require.NoError(t, err)
	require.NoError(t, head.Body.Close())
	assert.EqualValues(t, 4, listShares(p)[0].(map[string]any)["views"])
	before := s.RegistryRow(p.Name)["last_used"]
	next := s.Restart()
	p = p.On(next)
	assert.EqualValues(t, 4, listShares(p)[0].(map[string]any)["views"], "written when the server stops")
	for range 3 {
		require.Equal(t, 200, get(next, strings.Replace(link, s.URL, next.URL, 1)).Status)
	}
	last := next.Restart()
	assert.Equal(t, before, last.RegistryRow(p.Name)["last_used"], "views are no use by the owner")
	record, err := last.App.FindRecordById("shares", created.Text("id"))
	require.NoError(t, err)
	assert.Equal(t, 7, record.GetInt("views"))
	for name, value := range record.FieldsData() {
		text, _ := value.(string)
		assert.NotContains(t, text, "127.0.0.1", name)
	}
}

func TestViewsNeverOpenAnArchivedDatabase(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"USER_DB_ARCHIVE_AFTER=30d"}})
	p := s.SignUp("ada@example.com")
	shareSamples(p)
	open, locked := createShare(p, nil).Text("url"), createShare(p, map[string]any{"password": "correct horse"}).Text("url")
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context())) // records the last use
	s.Backdate(p.Name, "created", 60*24*time.Hour)
	s.Backdate(p.Name, "last_used", 31*24*time.Hour)
	require.Equal(t, 200, get(s, open).Status)
	require.Equal(t, 200, get(s, open+"/video").Status)
	require.NoError(t, s.App.Databases.ApplyRetention(t.Context()))
	require.Equal(t, "archived", s.RegistryRow(p.Name)["status"], "views, which keep it open, don't keep it from being archived")
	for _, path := range []string{"", "/embed"} {
		page := get(s, open+path)
		assert.Equal(t, 503, page.Status, path)
		assert.Contains(t, page.Raw, "archived", path)
	}
	for _, path := range []string{"/video", "/captions", "/poster"} {
		assert.Equal(t, 503, get(s, open+path).Status, path)
	}
	assert.Equal(t, 503, get(s, s.URL+"/s/oembed?url="+url.QueryEscape(open)).Status)
	assert.NotContains(t, get(s, locked).Raw, "archived", "only those who know the password learn it")
	assert.Contains(t, enter(s, locked, "correct horse").Raw, "archived")
	assert.Equal(t, "archived", s.RegistryRow(p.Name)["status"])
	s.SignIn(p.Email)
	assert.Equal(t, 200, get(s, open).Status)
}

func TestLinksOfClosedAccountsSaySo(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("grace@example.com")
	shareSamples(p)
	shareSamples(other)
	open, locked := createShare(p, nil).Text("url"), createShare(p, map[string]any{"password": "correct horse"}).Text("url")
	others := createShare(other, nil).Text("url")
	require.Equal(t, 204, p.Call("DELETE", s.URL+"/api/collections/users/records/"+p.ID, p.Token, nil).Status)
	page := get(s, open)
	assert.Equal(t, 410, page.Status)
	assert.Contains(t, page.Raw, "The account that shared this recording was closed.")
	assert.Equal(t, 410, get(s, open+"/video").Status)
	assert.NotContains(t, get(s, locked).Raw, "closed")

	require.NoError(t, s.App.Databases.Restore(t.Context(), []string{p.Name}, func(o userdb.Outcome) { assert.Empty(t, o.Error) }))
	assert.Equal(t, 200, get(s, open).Status, "a restored account has its links again")
	require.NoError(t, s.App.Databases.Delete(t.Context(), []string{p.Name}, true, func(o userdb.Outcome) { assert.Empty(t, o.Error) }))
	assert.Equal(t, 410, get(s, open).Status)
	assert.Contains(t, get(s, locked).Raw, "closed", "nothing is left of the password")
	var rows []dbx.NullStringMap
	require.NoError(t, s.App.DB().Select("*").From("shares").Where(dbx.HashExp{"database": ""}).All(&rows))
	require.Len(t, rows, 2)
	for _, row := range rows {
		for column, value := range row {
			if column != "id" && column != "hash" && column != "expires" && column != "created" {
				assert.Contains(t, []string{"", "0"}, value.String, column)
			}
		}
	}
	assert.Equal(t, 200, get(s, others).Status)
}

func TestLinksToDeletedRecordingsSaySo(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	samples := shareSamples(p)
	link := createShare(p, nil).Text("url")
	removed := p.Own("DELETE", "/api/collections/recordings/records/"+samples.Recording, nil)
	require.Equal(t, 204, removed.Status, removed.Raw)
	page := get(s, link)
	assert.Equal(t, 410, page.Status)
	assert.Contains(t, page.Raw, "This recording was deleted.")
	assert.Equal(t, 410, get(s, link+"/video").Status)
	p.Own("DELETE", "/api/collections/meetings/records/"+samples.Meeting, nil)
	for _, preference := range p.ListOwn("preferences", "") {
		p.Own("DELETE", "/api/collections/preferences/records/"+preference["id"].(string), nil)
	}
	p.CreateSamples()
	assert.Equal(t, 410, get(s, link).Status, "also when the recording is copied again")
}

func TestOEmbed(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	shareSamples(p)
	link := createShare(p, nil).Text("url")
	page := get(s, link)
	discovery := regexp.MustCompile(`<link rel="alternate" type="application/json\+oembed" href="([^"]+)"`).FindStringSubmatch(page.Raw)
	require.Len(t, discovery, 2, page.Raw)
	got := get(s, strings.ReplaceAll(strings.ReplaceAll(discovery[1], "&amp;", "&"), "&#43;", "+"))
	require.Equal(t, 200, got.Status, got.Raw)
	assert.Equal(t, []any{"1.0", "video", 1280.0, 720.0}, []any{got.Get("version"), got.Get("type"), got.Get("width"), got.Get("height")})
	assert.Contains(t, got.Text("html"), `<iframe src="`+link+`/embed" width="1280" height="720" title="Budget &lt;/script&gt;`)
	assert.NotContains(t, got.Text("html"), "<script>")
	assert.NotContains(t, got.Raw, "</script>")
	assert.Equal(t, link+"/poster", got.Text("thumbnail_url"))
	assert.Equal(t, "image/svg+xml", get(s, link+"/poster").Header.Get("Content-Type"))
	endpoint := s.URL + "/s/oembed?url="
	small := get(s, endpoint+url.QueryEscape(link+"?t=90")+"&maxwidth=640&maxheight=180")
	assert.Equal(t, []any{320.0, 180.0}, []any{small.Get("width"), small.Get("height")})
	assert.Contains(t, small.Text("html"), link+"/embed?t=90")
	assert.Equal(t, 501, get(s, endpoint+url.QueryEscape(link)+"&format=xml").Status)
	for _, foreign := range []string{"", "x", "https://example.com/s/x", "http://evil.example.com" + link[len(s.URL):], s.URL + "/db/x", s.URL + "/s/oembed", "javascript:alert(1)//" + link} {
		assert.Equal(t, 404, get(s, endpoint+url.QueryEscape(foreign)).Status, foreign)
	}
}

func TestRequestsForSharedRecordingsAreLimited(t *testing.T) {
	t.Parallel()
	now := time.Now() // doesn't pass, so that it doesn't matter how fast the server is
	s := apptest.Start(t, apptest.Options{Now: func() time.Time { return now }})
	link := s.URL + "/s/" + strings.Repeat("0", 22)
	for path, burst := range map[string]int{"": limit.SharePageBurst, "/video": limit.ShareByteBurst} {
		for range burst {
			require.Equal(t, 404, get(s, link+path).Status, path)
		}
		got := get(s, link+path)
		require.Equal(t, 429, got.Status, path)
		assert.NotEmpty(t, got.Header.Get("Retry-After"))
	}
}
