package hooks_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

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
