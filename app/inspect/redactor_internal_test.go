package inspect

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// redactJSON redacts a document.
func redactJSON(t *testing.T, r *Redactor, text string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	require.NoError(t, decoder.Decode(&value))
	return r.Value("", value)
}

func TestRedactionKeepsShapes(t *testing.T) {
	t.Parallel()
	r := newRedactor(-24 * time.Hour)
	got := redactJSON(t, r, `{
		"recording_id": 123456789, "title": "Sales: Q3 review!", "meeting_title": "Sales: Q3 review!", "summary": null, "is_external": true,
		"created_at": "2026-03-01T00:00:00.120Z", "recording_timestamp": "00:01:02", "transcript_language": "en", "shared_with": "no_teams",
		"email": "Ada@Acme.com", "email_domain": "acme.com", "assignee": {"email": "ada@acme.com", "team": "Red"}, "amount": 905.2,
		"url": "https://fathom.video/calls/123456789?timestamp=9", "meeting_url": "https://acme.zoom.us/j/99?pwd=x",
		"download_id": "dl_abc123", "limit": 10, "start_time": 1.5, "items": [], "status": "a person's own words"
	}`).(map[string]any)
	for field, want := range map[string]any{
		"summary": nil, "is_external": true, "created_at": "2026-02-28T00:00:00.120Z", "recording_timestamp": "00:01:02",
		"transcript_language": "en", "shared_with": "no_teams", "email": "person1@company1.example", "email_domain": "company1.example",
		"amount": json.Number("101.1"), "limit": json.Number("10"), "start_time": json.Number("1.5"), "items": []any{},
		"recording_id": json.Number("100000014"),
	} {
		assert.Equal(t, want, got[field], field)
	}
	assert.Equal(t, got["title"], got["meeting_title"])
	assert.Regexp(t, `^[A-Z][a-z]{4}: [A-Z]0 [a-z]{6}!$`, got["title"])
	assert.Regexp(t, `^https://fathom\.video/calls/100000014\?timestamp=0$`, got["url"])
	assert.Regexp(t, `^https://host1\.example/[a-z]/\d\d\?pwd=[a-z]$`, got["meeting_url"])
	assert.Regexp(t, `^dl_[a-z]{3}000$`, got["download_id"])
	assert.NotEqual(t, "a person's own words", got["status"], "a word of the API has no spaces")
	assert.Equal(t, "person1@company1.example", got["assignee"].(map[string]any)["email"])
}

func TestReportWithASecretIsNotWritten(t *testing.T) {
	t.Parallel()
	report := Report{Exchanges: []Exchange{{Path: "/meetings", Text: `he said "hello <there>"`}}}
	var out bytes.Buffer
	require.ErrorIs(t, report.Write(&out, []string{`"hello <there>"`}), errLeak)
	assert.Empty(t, out.String())
	require.NoError(t, report.Write(&out, []string{"something else"}))
	assert.NotEmpty(t, out.String())
}

func FuzzRedactor(f *testing.F) {
	for _, seed := range []string{
		`{"title":"Weekly sync with everyone","url":"https://fathom.video/share/abcdefghijklmnop#x"}`, `["2026-01-02T03:04:05Z", 12, -1e9, null]`,
		`{"email":"someone.private@company.example"}`, `"https://user:password@host.example:99/a%20b?c=d%ff"`, `{"Ä long key of somebody":{"id":"00001"}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		var value any
		if decoder.Decode(&value) != nil {
			return
		}
		r := newRedactor(-time.Hour)
		report := Report{Exchanges: []Exchange{{Body: r.Value("", value)}}}
		require.NoError(t, report.Write(&bytes.Buffer{}, r.Secrets()))
	})
}
