package loom_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
)

// Case C28: people paste links without a scheme, embed code and text around a link.
func TestParseShareURLAcceptsPastedLinks(t *testing.T) {
	c := realLoom(t)
	canonical := "https://www.loom.com/share/" + videoID
	for name, raw := range map[string]string{
		"plain":          "https://www.loom.com/share/" + videoID,
		"no www":         "https://loom.com/share/" + videoID,
		"spaces around":  " \t https://www.loom.com/share/" + videoID + "\n",
		"sid":            "https://www.loom.com/share/" + videoID + "?sid=6f1a0c1e-0000-4000-8000-000000000000",
		"title slug":     "https://www.loom.com/share/Weekly-sync-2026-" + videoID,
		"escaped slug":   "https://www.loom.com/share/R%C3%A9union-" + videoID,
		"embed":          "https://www.loom.com/embed/" + videoID + "?hide_owner=true",
		"trailing slash": "https://www.loom.com/share/" + videoID + "/",
		"upper case":     "HTTPS://WWW.LOOM.COM/share/" + strings.ToUpper(videoID),
		"hex slug":       "https://www.loom.com/share/" + strings.Repeat("f", 32) + "-" + videoID,
		"fragment":       "https://www.loom.com/share/" + videoID + "#t=10",
		"no scheme":      "www.loom.com/share/" + videoID,
		"bare host":      "loom.com/share/" + videoID + "?t=3",
		"http":           "http://www.loom.com/share/" + videoID,
		"text around":    "Here it is: https://www.loom.com/share/" + videoID + ". Thanks!",
		"Markdown":       "[Weekly sync](https://www.loom.com/share/" + videoID + ")",
		"angle brackets": "<https://www.loom.com/share/" + videoID + ">",
		"twice":          "https://www.loom.com/share/" + videoID + "\nhttps://www.loom.com/embed/" + videoID,
		"embed code": `<div style="position: relative;"><iframe src="https://www.loom.com/embed/` + videoID +
			`?sid=6f1a" frameborder="0" webkitallowfullscreen allowfullscreen></iframe></div>`,
	} {
		t.Run(name, func(t *testing.T) {
			share, err := c.ParseShareURL(raw)
			require.NoError(t, err)
			assert.Equal(t, videoID, share.ID)
			assert.Equal(t, canonical, share.String())
		})
	}
}

func TestParseShareURLRejectsOtherLinks(t *testing.T) {
	c := realLoom(t)
	for name, raw := range map[string]string{
		"empty":            "  ",
		"two videos":       "https://www.loom.com/share/" + videoID + " https://www.loom.com/share/" + strings.Repeat("a", 32),
		"other host":       "https://example.com/share/" + videoID,
		"suffix host":      "https://www.loom.com.example.com/share/" + videoID,
		"prefix host":      "https://evilloom.com/share/" + videoID,
		"stage host":       "https://stage.loom.com/share/" + videoID,
		"user name":        "https://www.loom.com@example.com/share/" + videoID,
		"user at loom":     "https://me:pw@www.loom.com/share/" + videoID,
		"other port":       "https://www.loom.com:8443/share/" + videoID,
		"short id":         "https://www.loom.com/share/" + videoID[1:],
		"long id":          "https://www.loom.com/share/" + videoID + "0",
		"not hex":          "https://www.loom.com/share/" + strings.Repeat("g", 32),
		"deeper":           "https://www.loom.com/share/" + videoID + "/comments",
		"other page":       "https://www.loom.com/looms/videos",
		"id in query":      "https://www.loom.com/share/?id=" + videoID,
		"javascript":       "javascript:alert(1)//www.loom.com/share/" + videoID,
		"control":          "https://www.loom.com/share/\x00" + videoID,
		"too long":         "https://www.loom.com/share/" + strings.Repeat("a-", 2000) + videoID,
		"local simulator":  "http://127.0.0.1:9999/share/" + videoID,
		"backslash":        `https:\\www.loom.com\share\` + videoID,
		"protocol-less //": "//www.loom.com/share/" + videoID,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.ParseShareURL(raw)
			var reason *loom.ShareURLError
			require.ErrorAs(t, err, &reason)
			assert.NotContains(t, err.Error(), videoID)
		})
	}
}

func TestParseShareURLWithSimulator(t *testing.T) {
	c, err := loom.New(loom.Config{BaseURL: "http://localhost:8091/loom/"})
	require.NoError(t, err)

	share, err := c.ParseShareURL("http://localhost:8091/loom/share/Title-" + videoID)
	require.NoError(t, err)
	assert.Equal(t, "http://localhost:8091/loom/share/"+videoID, share.String())

	for _, raw := range []string{
		"https://www.loom.com/share/" + videoID,
		"http://localhost:8092/loom/share/" + videoID,
		"http://localhost:8091/share/" + videoID,
	} {
		_, err := c.ParseShareURL(raw)
		assert.Error(t, err, raw)
	}
}

func TestFindShareURLs(t *testing.T) {
	c := realLoom(t)
	other := strings.Repeat("c", 32)
	text := "1. Weekly sync – www.loom.com/share/Weekly-sync-" + videoID + ", see https://example.com/share/" + strings.Repeat("d", 32) + "\n" +
		"2. (https://loom.com/embed/" + other + "?a=b) https://www.loom.com/share/" + strings.ToUpper(videoID)
	var ids []string
	for _, share := range c.FindShareURLs(text) {
		ids = append(ids, share.ID)
	}
	assert.Equal(t, []string{videoID, other}, ids)
	assert.Empty(t, c.FindShareURLs("no links"))
}

func TestNewRejectsBadBaseURL(t *testing.T) {
	for _, base := range []string{"loom.com", "ftp://loom.com", "https://", "https://u:p@loom.com", "https://loom.com?x=1", "http://[::1"} {
		_, err := loom.New(loom.Config{BaseURL: base})
		require.Error(t, err, base)
		assert.NotContains(t, err.Error(), "u:p")
	}
}

func TestShareURLSurvivesRoundTrip(t *testing.T) {
	c := realLoom(t)
	testseed.Check(t, func(t *rapid.T) {
		id := rapid.StringMatching(`[0-9a-f]{32}`).Draw(t, "id")
		slug := rapid.StringMatching(`([A-Za-z0-9]{1,8}-){0,4}`).Draw(t, "slug")
		kind := rapid.SampledFrom([]string{"share", "embed"}).Draw(t, "kind")
		share, err := c.ParseShareURL("https://loom.com/" + kind + "/" + slug + id)
		require.NoError(t, err)
		assert.Equal(t, id, share.ID)
		again, err := c.ParseShareURL(share.String())
		require.NoError(t, err)
		assert.Equal(t, share, again)
	})
}

func FuzzParseShareURL(f *testing.F) {
	for _, seed := range []string{
		"https://www.loom.com/share/" + videoID, "https://loom.com/embed/x-" + videoID + "?a=b", "https://www.loom.com@evil.test/share/" + videoID,
		"http://www.loom.com/share/" + videoID, "", "https://%zz", "https://www.loom.com/share/%2f" + videoID, "https://www.loom.com/share/ï-" + videoID,
	} {
		f.Add(seed)
	}
	c := realLoom(f)
	canonical := regexp.MustCompile(`^https://www\.loom\.com/share/[0-9a-f]{32}$`)
	f.Fuzz(func(t *testing.T, raw string) {
		share, err := c.ParseShareURL(raw)
		if err != nil {
			assert.Zero(t, share)
			return
		}
		assert.Regexp(t, canonical, share.String())
		assert.Contains(t, strings.ToLower(raw), share.ID)
	})
}

func TestFindOtherLinks(t *testing.T) {
	c := realLoom(t)
	share := "https://www.loom.com/share/" + videoID
	picture := `<a href="` + share + `"><img src="https://cdn.loom.com/sessions/thumbnails/` + videoID + `-with-play.gif"></a>`
	text := "See https://example.com/a?b=1, (https://example.com/a?b=1) and loom.com/looms/videos. " + picture + "\nloom.com/share/1a2b " + share + "?sid=1 hello"
	assert.Equal(t, []string{"https://example.com/a?b=1", "loom.com/looms/videos", "loom.com/share/1a2b"}, c.FindOtherLinks(text))
	assert.Empty(t, c.FindOtherLinks("hello"))
	assert.Equal(t, "https://www.loom.com/share/1a2b…", c.ExampleShareURL())
}
