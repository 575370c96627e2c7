package hooks_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

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
