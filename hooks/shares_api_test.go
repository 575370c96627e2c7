package hooks_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

const sharesPath = "/api/shares"

// createShare creates a link to recording 1, which CreateSamples has stored.
func createShare(p apptest.Person, fields map[string]any) apptest.Answer {
	p.T.Helper()
	body := map[string]any{"recording_id": 1}
	for name, value := range fields {
		body[name] = value
	}
	created := p.Call("POST", p.URL+sharesPath, p.Token, body)
	require.Equal(p.T, 200, created.Status, created.Raw)
	return created
}

// listShares lists the links of a person.
func listShares(p apptest.Person) []any {
	p.T.Helper()
	got := p.Call("GET", p.URL+sharesPath, p.Token, nil)
	require.Equal(p.T, 200, got.Status, got.Raw)
	list, _ := got.Get("shares").([]any)
	return list
}

// inDays returns a time as clients send it.
func inDays(days float64) string {
	return time.Now().Add(time.Duration(days * 24 * float64(time.Hour))).UTC().Format(time.RFC3339)
}

func TestOwnersManageTheirLinks(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("grace@example.com")
	p.CreateSamples()
	created := createShare(p, nil)
	assert.Regexp(t, "^"+s.URL+`/s/[0-9A-Za-z]{22}$`, created.Text("url"))
	for _, shown := range []string{"title", "summary", "transcript"} {
		assert.Equal(t, true, created.Get(shown), shown)
	}
	assert.Equal(t, false, created.Get("password"))
	assert.EqualValues(t, 0, created.Get("views"))
	assert.Equal(t, "no-store", created.Header.Get("Cache-Control"))
	expires, err := time.Parse("2006-01-02 15:04:05.000Z", created.Text("expires"))
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now().Add(30*24*time.Hour), expires, time.Minute)
	assert.Equal(t, []any{created.Body}, listShares(p), "the link can be copied again")
	assert.Empty(t, listShares(other))
	for query, found := range map[string]int{"1": 1, "2": 0} {
		list := p.Call("GET", s.URL+sharesPath+"?recording_id="+query, p.Token, nil)
		assert.Len(t, list.Get("shares"), found, list.Raw)
	}

	link := s.URL + sharesPath + "/" + created.Text("id")
	changed := p.Call("PATCH", link, p.Token, map[string]any{"password": "correct horse", "transcript": false, "expires": inDays(100)})
	require.Equal(t, 200, changed.Status, changed.Raw)
	assert.Equal(t, []any{true, false, true}, []any{changed.Get("password"), changed.Get("transcript"), changed.Get("title")})
	assert.Equal(t, created.Text("url"), changed.Text("url"))
	assert.Contains(t, changed.Text("expires"), inDays(100)[:10])
	removed := p.Call("PATCH", link, p.Token, map[string]any{"password": ""})
	assert.Equal(t, false, removed.Get("password"), removed.Raw)
	assert.Equal(t, false, removed.Get("transcript"))

	assert.Equal(t, 404, s.Call("PATCH", link, other.Token, map[string]any{"password": "another password"}).Status)
	assert.Equal(t, 404, s.Call("DELETE", link, other.Token, nil).Status)
	assert.Equal(t, 404, s.Call("DELETE", s.URL+sharesPath+"/x%22", p.Token, nil).Status)
	assert.Equal(t, []any{removed.Body}, listShares(p))
	assert.Equal(t, 204, p.Call("DELETE", link, p.Token, nil).Status)
	assert.Empty(t, listShares(p))
	assert.Equal(t, 404, p.Call("DELETE", link, p.Token, nil).Status)

	kinds := map[string][]any{}
	for _, event := range activity(s, p.Token, p.ID) {
		kinds[event["event"].(string)] = append(kinds[event["event"].(string)], event["detail"], event["actor"])
	}
	for _, kind := range []string{"share_created", "share_changed", "share_revoked"} {
		assert.Equal(t, []any{"1", "owner"}, kinds[kind], kind)
	}
}

func TestInvalidLinksAreRefused(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("grace@example.com")
	p.CreateSamples()
	p.SaveRecord("meetings", map[string]any{"recording_id": 2, "title": "not copied"})
	for _, test := range []struct {
		field string
		value any
	}{
		{"recording_id", 2},
		{"recording_id", 3},
		{"recording_id", 0},
		{"recording_id", -1},
		{"expires", inDays(-1)},
		{"expires", inDays(367)},
		{"expires", "soon"},
		{"expires", "0001-01-01"},
		{"password", "short"},
		{"password", strings.Repeat("x", 73)},
		{"password", strings.Repeat("ä", 37)},
	} {
		body := map[string]any{"recording_id": 1, test.field: test.value}
		got := p.Call("POST", s.URL+sharesPath, p.Token, body)
		assert.Equal(t, 400, got.Status, "%v: %s", body, got.Raw)
		assert.NotNil(t, got.Get("data."+test.field), "%v: %s", body, got.Raw)
	}
	assert.Equal(t, 400, p.Call("POST", s.URL+sharesPath, p.Token, map[string]any{"recording_id": []string{"1"}}).Status)
	assert.Equal(t, 400, other.Call("POST", s.URL+sharesPath, other.Token, map[string]any{"recording_id": 1}).Status, "a recording of somebody else")
	assert.Empty(t, listShares(p))
	link := s.URL + sharesPath + "/" + createShare(p, nil).Text("id")
	for _, body := range []map[string]any{{"expires": inDays(367)}, {"expires": inDays(-1)}, {"password": "short"}} {
		assert.Equal(t, 400, p.Call("PATCH", link, p.Token, body).Status, body)
	}
	assert.Equal(t, 400, p.Call("GET", s.URL+sharesPath+"?recording_id=x", p.Token, nil).Status)
}

func TestLinksAreManagedByTheirOwnersOnly(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("grace@example.com")
	p.CreateSamples()
	created := createShare(p, map[string]any{"password": "correct horse"})
	_, sharing := p.CreateToken("share")
	_, reading := p.CreateToken("read", "transfer")
	records := "/api/collections/shares/records"
	record := records + "/" + created.Text("id")
	roles := map[string]string{
		"guest": "", "owner": p.Token, "other": other.Token, "session": p.Session, "share": sharing, "read": reading, "superuser": s.SuperuserToken(),
	}
	for _, test := range []struct {
		method, path string
		body         any
		want         map[string]int // by role; otherwise any refusal
	}{
		{"GET", sharesPath, nil, map[string]int{"owner": 200, "other": 200, "share": 200, "read": 403}},
		{"POST", sharesPath, map[string]any{"recording_id": 1}, map[string]int{"owner": 200, "other": 400, "share": 200, "read": 403}},
		{"PATCH", sharesPath + "/" + created.Text("id"), map[string]any{"title": false}, map[string]int{"owner": 200, "other": 404, "share": 200, "read": 403}},
		{"GET", records, nil, map[string]int{"superuser": 200}},
		{"GET", record, nil, map[string]int{"superuser": 200}},
		{"POST", records, map[string]any{"owner": p.ID, "database": p.Name, "recording_id": 1, "hash": "x", "expires": inDays(1)}, nil},
		{"PATCH", record, map[string]any{"owner": other.ID, "password": ""}, nil},
	} {
		for role, token := range roles {
			got := s.Call(test.method, s.URL+test.path, token, test.body)
			want, ok := test.want[role]
			if ok {
				assert.Equal(t, want, got.Status, "%s %s %s: %s", role, test.method, test.path, got.Raw)
			} else {
				assert.GreaterOrEqual(t, got.Status, 400, "%s %s %s: %s", role, test.method, test.path, got.Raw)
			}
			if role != "owner" && role != "share" {
				assert.NotContains(t, got.Raw, created.Text("url")[len(s.URL+"/s/"):], "%s %s", role, test.path)
			}
			for _, secret := range []string{`"hash"`, `"link"`, "$2a$"} {
				assert.NotContains(t, got.Raw, secret, "%s %s %s", role, test.method, test.path)
			}
		}
	}
	revoked := s.Call("DELETE", s.URL+record, s.SuperuserToken(), nil)
	require.Equal(t, 204, revoked.Status, revoked.Raw)
	assert.NotContains(t, p.Call("GET", s.URL+sharesPath, p.Token, nil).Raw, created.Text("id"))
	got := s.Call("DELETE", s.URL+"/api/collections/shares", s.SuperuserToken(), nil)
	assert.Equal(t, 403, got.Status, got.Raw)
}

func TestNumberOfLinksIsLimited(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	p.CreateSamples()
	first := createShare(p, nil).Text("id")
	insert := func(count int, expires string) {
		_, err := s.App.NonconcurrentDB().NewQuery("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {:count}) " +
			"INSERT INTO shares (id, owner, [[database]], recording_id, hash, expires) SELECT hex(randomblob(7)), owner, [[database]], 1, hex(randomblob(32)), {:expires} " +
			"FROM shares, n WHERE id = {:first}").Bind(dbx.Params{"count": count, "expires": expires, "first": first}).Execute()
		require.NoError(t, err)
	}
	insert(198, "2099-01-01 00:00:00.000Z")
	insert(400, "2026-01-01 00:00:00.000Z")
	createShare(p, nil)
	refused := p.Call("POST", s.URL+sharesPath, p.Token, map[string]any{"recording_id": 1})
	assert.Equal(t, 400, refused.Status, refused.Raw)
	assert.Contains(t, refused.Text("message"), "200 links")
	assert.Len(t, listShares(p), 401, "of those that have expired, the newest are kept")
}

func TestExpiredLinksAreListedForAMonth(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	p.CreateSamples()
	for days, left := range map[int]int{-29: 1, -31: 0} {
		id := createShare(p, nil).Text("id")
		expires := time.Now().UTC().AddDate(0, 0, days).Format("2006-01-02 15:04:05.000Z")
		_, err := s.App.NonconcurrentDB().Update("shares", dbx.Params{"expires": expires}, dbx.HashExp{"id": id}).Execute()
		require.NoError(t, err)
		require.NoError(t, s.App.Shares.Prune(t.Context()))
		rows, err := s.App.CountRecords("shares", dbx.HashExp{"id": id})
		require.NoError(t, err)
		assert.EqualValues(t, left, rows, "expired %d days ago", -days)
	}
}

// Nothing in the global database, which superusers and backups contain, opens a link.
func TestLinksAreStoredSealed(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	p.CreateSamples()
	created := createShare(p, map[string]any{"password": "correct horse"})
	id := created.Text("url")[len(s.URL+"/s/"):]
	record, err := s.App.FindRecordById("shares", created.Text("id"))
	require.NoError(t, err)
	for name, value := range record.FieldsData() {
		text, _ := value.(string)
		assert.NotContains(t, text, id, name)
		assert.NotContains(t, text, "horse", name)
	}
	assert.NotContains(t, s.Log.String(), id)
	assert.NotContains(t, s.Log.String(), "horse")
}

func TestDeletingTheRecordingEndsItsLinks(t *testing.T) {
	t.Parallel()
	for name, remove := range map[string]func(apptest.Person, apptest.Samples) apptest.Answer{
		"recording": func(p apptest.Person, samples apptest.Samples) apptest.Answer {
			return p.Own("DELETE", "/api/collections/recordings/records/"+samples.Recording, nil)
		},
		"meeting": func(p apptest.Person, samples apptest.Samples) apptest.Answer {
			return p.Own("DELETE", "/api/collections/meetings/records/"+samples.Meeting, nil)
		},
		"batch": func(p apptest.Person, samples apptest.Samples) apptest.Answer {
			return p.Own("POST", "/api/batch", map[string]any{"requests": []any{
				map[string]any{"method": "DELETE", "url": "/api/collections/recordings/records/" + samples.Recording},
			}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, apptest.Options{})
			p, other := s.SignUp("ada@example.com"), s.SignUp("grace@example.com")
			samples := p.CreateSamples()
			other.CreateSamples()
			createShare(p, nil)
			createShare(other, nil)
			removed := remove(p, samples)
			require.Less(t, removed.Status, 300, removed.Raw)
			list := listShares(p)
			require.Len(t, list, 1)
			assert.NotEmpty(t, list[0].(map[string]any)["ended"])
			assert.Empty(t, listShares(other)[0].(map[string]any)["ended"])
			var revoked int
			for _, event := range activity(s, p.Token, p.ID) {
				if event["event"] == "share_revoked" {
					revoked++
				}
			}
			assert.Equal(t, 1, revoked)
		})
	}
}

func TestTooManyNewLinksHaveToWait(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	p.CreateSamples()
	for range 70 {
		got := s.Call("POST", s.URL+sharesPath, p.Token, map[string]any{"recording_id": 1})
		if got.Status == 429 {
			assert.NotEmpty(t, got.Header.Get("Retry-After"))
			return
		}
	}
	t.Fatal("the number of new links isn't limited")
}
