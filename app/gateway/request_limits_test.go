package gateway_test

import (
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestAnonymousStreamsAreFew(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	assert.Equal(t, 404, s.Call("GET", s.URL+"/db/"+strings.Repeat("x", 5000)+"/api/realtime", "", nil).Status)
	for range 50 {
		apptest.OpenStream(t, s.URL+"/db/2020-01-01-001-nobody")
	}
	assert.Equal(t, 503, s.Call("GET", p.DatabaseURL+"/api/realtime", "", nil).Status)
}

func TestAUserHasOnlySoManyStreams(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	for range 20 {
		stream := apptest.OpenStream(t, p.DatabaseURL)
		require.Equal(t, 204, p.Own("POST", "/api/realtime", stream.Subscription("meetings/*")).Status)
	}
	assert.Equal(t, 429, p.Own("POST", "/api/realtime", apptest.OpenStream(t, p.DatabaseURL).Subscription("meetings/*")).Status)
}

func TestASessionThatEndsWhileItSubscribesGetsNoStream(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	stream := apptest.OpenStream(t, p.DatabaseURL)

	body, rest := io.Pipe()
	request, err := http.NewRequest("POST", p.DatabaseURL+"/api/realtime", body)
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", p.Session)
	request.Header.Set("Expect", "100-continue") // the body is asked for once the session was looked at
	answered := make(chan apptest.Answer, 1)
	go func() { answered <- s.Do(request) }()
	_, err = rest.Write([]byte(`{"clientId":"` + stream.ClientID))
	require.NoError(t, err)

	changed := s.Call("PATCH", s.URL+"/api/collections/users/records/"+p.ID, p.Token, map[string]any{
		"oldPassword": apptest.Password, "password": "another-password", "passwordConfirm": "another-password"})
	require.Equal(t, 200, changed.Status, changed.Raw)
	_, err = rest.Write([]byte(`","subscriptions":["preferences/*"]}`))
	require.NoError(t, err)
	require.NoError(t, rest.Close())
	assert.Equal(t, 401, (<-answered).Status)
	assert.True(t, stream.Ended())
}

func TestLargeBodiesAreRefused(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	large := map[string]any{"key": "big", "value": strings.Repeat("x", 2<<20)}
	assert.Equal(t, 413, p.Own("POST", "/api/collections/preferences/records", large).Status)
	assert.Equal(t, 413, s.Call("POST", s.URL+"/api/batch", "", large).Status)

	endless, err := http.NewRequest("POST", s.URL+"/api/collections/users/records", io.MultiReader(
		strings.NewReader(`{"email":"big@example.com","password":"`+apptest.Password+`","passwordConfirm":"`+apptest.Password+`","padding":"`),
		strings.NewReader(strings.Repeat("x", 3<<20)), strings.NewReader(`"}`)))
	require.NoError(t, err)
	endless.ContentLength = -1 // chunked: nobody says how much will come
	endless.Header.Set("Content-Type", "application/json")
	assert.Equal(t, 400, s.Do(endless).Status)
	_, err = s.App.FindAuthRecordByEmail("users", "big@example.com")
	assert.ErrorIs(t, err, sql.ErrNoRows)
}

func TestAccountsAreNotMadeInBatches(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	account := map[string]any{"method": "POST", "url": "/api/collections/users/records", "headers": map[string]string{"X-Real-IP": "10.0.0.1"},
		"body": map[string]any{"email": "b@example.com", "password": apptest.Password, "passwordConfirm": apptest.Password}}
	for who, token := range map[string]string{"guest": "", "user": p.Token} {
		got := s.Call("POST", s.URL+"/api/batch", token, map[string]any{"requests": []any{account}})
		assert.Equal(t, 400, got.Status, "%s: %s", who, got.Raw)
	}
}

func TestTheRegistryIsNotEditedByHand(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, super := s.SignUp("ada@example.com"), s.SuperuserToken()
	path := s.URL + "/api/collections/user_databases/records"
	rows := s.Call("GET", path, super, nil).Items()
	require.Len(t, rows, 1)
	row := path + "/" + rows[0]["id"].(string)
	for field, value := range map[string]any{"name": "2020-01-01-001-x", "user": "", "status": "archived"} {
		assert.Equal(t, 403, s.Call("PATCH", row, super, map[string]any{field: value}).Status, field)
	}
	assert.Equal(t, 403, s.Call("DELETE", row, super, nil).Status)
	truncated := s.Call("DELETE", s.URL+"/api/collections/user_databases/truncate", super, nil)
	assert.Contains(t, []int{400, 403}, truncated.Status, truncated.Raw)
	for _, collection := range []string{"users", "user_databases", "global_queue"} {
		deleted := s.Call("DELETE", s.URL+"/api/collections/"+collection, super, nil)
		assert.Contains(t, []int{400, 403}, deleted.Status, collection) // 400 where another refers to it
	}
	assert.Equal(t, 403, s.Call("PUT", s.URL+"/api/collections/import", super, map[string]any{
		"collections": []map[string]any{{"name": "x", "type": "base"}}, "deleteMissing": true}).Status)
	assert.Equal(t, 403, s.Call("POST", path, super, map[string]any{"name": "2020-01-01-001-x"}).Status)

	own := s.Call("GET", path, p.Token, nil)
	require.Len(t, own.Items(), 1, "users see their own row")
	for who, got := range map[string]map[string]any{"owner": own.Items()[0], "superuser": rows[0], "superuser who asks for it": s.Call("GET", row, super, nil).Body.(map[string]any)} {
		assert.NotContains(t, got, "data_key", who)
		assert.NotContains(t, got, "owner", who)
	}
	others := s.Call("GET", path, s.SignUp("other@example.com").Token, nil).Items()
	require.Len(t, others, 1)
	assert.NotEqual(t, p.Name, others[0]["name"])
	assert.Empty(t, s.Call("GET", path, "", nil).Items())
	assert.Equal(t, 404, s.Call("GET", row, "", nil).Status)
}

func TestARegistryChangeEndsSessions(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	stream := apptest.OpenStream(t, p.DatabaseURL)
	require.Equal(t, 204, p.Own("POST", "/api/realtime", stream.Subscription("meetings/*")).Status)
	row, err := s.App.FindFirstRecordByData("user_databases", "user", p.ID)
	require.NoError(t, err)
	row.Set("user", "")
	require.NoError(t, s.App.Save(row))
	assert.True(t, stream.Ended())
	assert.Equal(t, 401, p.Own("GET", "/api/collections/meetings/records", nil).Status)
}

func TestADeletedUsersSessionIsOver(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	require.Equal(t, 200, p.Own("GET", "/api/collections/meetings/records", nil).Status)
	require.Equal(t, 204, s.Call("DELETE", s.URL+"/api/collections/users/records/"+p.ID, p.Token, nil).Status)
	assert.Equal(t, 401, p.Own("GET", "/api/collections/meetings/records", nil).Status)
	assert.DirExists(t, s.App.Databases.Dir(p.Name), "nothing is deleted in haste")
}

func TestTooManyRequestsAreSlowedDown(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	var refused atomic.Bool
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 150 {
				if refused.Load() {
					return
				}
				if p.Own("GET", "/api/collections/_none/records", nil).Status == 429 {
					refused.Store(true)
				}
			}
		})
	}
	wg.Wait()
	assert.True(t, refused.Load())
	assert.Equal(t, 200, other.Own("GET", "/api/health", nil).Status)
}

// A body that nobody reads must never be taken for the next request: behind a
// proxy that would be another user's.
func TestAnUnreadBodyIsNoRequest(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	smuggled := "GET /api/health?smuggled HTTP/1.1\r\nHost: x\r\n\r\n" + strings.Repeat("a", 300_000)
	for _, path := range []string{"/nope", "/", "/api/session", "/api/batch", "/api/backups/upload", strings.TrimPrefix(p.DatabaseURL, s.URL) + "/api/batch",
		"/api/collections/users/auth-refresh", "/api/collections/users/records"} {
		for kind, request := range map[string]string{
			"length":  fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(smuggled), smuggled),
			"chunked": fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(smuggled), smuggled),
		} {
			conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
			require.NoError(t, err)
			require.NoError(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
			go func() { // the server may hang up before it has read all
				_, _ = conn.Write([]byte("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + request))
				_, _ = conn.Write([]byte("GET /api/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
			}()
			raw, _ := io.ReadAll(conn) // a reset after the answer is as good as an end
			require.NoError(t, conn.Close())
			answers := strings.Count(string(raw), "HTTP/1.1 ")
			assert.LessOrEqual(t, answers, 2, "%s %s", path, kind)
			assert.LessOrEqual(t, strings.Count(string(raw), "API is healthy"), 1, "%s %s", path, kind)
			assert.NotContains(t, string(raw), "400 Bad Request\r\nContent-Type: text/plain", "%s %s: the rest of a body was read as a request", path, kind)
		}
	}
}
