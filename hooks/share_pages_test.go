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
