package hooks_test

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
)

func TestAnonymousStreamsAreFew(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	assert.Equal(t, 404, s.call("GET", s.url+"/db/"+strings.Repeat("x", 5000)+"/api/realtime", "", nil).Status)
	for range 50 {
		openStream(t, s.url+"/db/2020-01-01-001-nobody")
	}
	assert.Equal(t, 503, s.call("GET", p.db+"/api/realtime", "", nil).Status)
}

func TestAUserHasOnlySoManyStreams(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	for range 20 {
		stream := openStream(t, p.db)
		require.Equal(t, 204, p.own("POST", "/api/realtime", subscription(stream, "meetings/*")).Status)
	}
	assert.Equal(t, 429, p.own("POST", "/api/realtime", subscription(openStream(t, p.db), "meetings/*")).Status)
}

func TestASessionThatEndsWhileItSubscribesGetsNoStream(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	stream := openStream(t, p.db)

	body, rest := io.Pipe()
	request, err := http.NewRequest("POST", p.db+"/api/realtime", body)
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", p.session)
	request.Header.Set("Expect", "100-continue") // the body is asked for once the session was looked at
	answered := make(chan answer, 1)
	go func() { answered <- s.do(request) }()
	_, err = rest.Write([]byte(`{"clientId":"` + stream.clientID))
	require.NoError(t, err)

	changed := s.call("PATCH", s.url+"/api/collections/users/records/"+p.id, p.token, map[string]any{
		"oldPassword": userPassword, "password": "another-password", "passwordConfirm": "another-password"})
	require.Equal(t, 200, changed.Status, changed.Raw)
	_, err = rest.Write([]byte(`","subscriptions":["preferences/*"]}`))
	require.NoError(t, err)
	require.NoError(t, rest.Close())
	assert.Equal(t, 401, (<-answered).Status)
	assert.True(t, stream.ended())
}

func TestLargeBodiesAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	large := map[string]any{"key": "big", "value": strings.Repeat("x", 2<<20)}
	assert.Equal(t, 413, p.own("POST", "/api/collections/preferences/records", large).Status)
	assert.Equal(t, 413, s.call("POST", s.url+"/api/batch", "", large).Status)

	endless, err := http.NewRequest("POST", s.url+"/api/collections/users/records", io.MultiReader(
		strings.NewReader(`{"email":"big@example.com","password":"`+userPassword+`","passwordConfirm":"`+userPassword+`","padding":"`),
		strings.NewReader(strings.Repeat("x", 3<<20)), strings.NewReader(`"}`)))
	require.NoError(t, err)
	endless.ContentLength = -1 // chunked: nobody says how much will come
	endless.Header.Set("Content-Type", "application/json")
	assert.Equal(t, 400, s.do(endless).Status)
	_, err = s.app.FindAuthRecordByEmail("users", "big@example.com")
	assert.ErrorIs(t, err, sql.ErrNoRows)
}

func TestAccountsAreNotMadeInBatches(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	account := map[string]any{"method": "POST", "url": "/api/collections/users/records", "headers": map[string]string{"X-Real-IP": "10.0.0.1"},
		"body": map[string]any{"email": "b@example.com", "password": userPassword, "passwordConfirm": userPassword}}
	for who, token := range map[string]string{"guest": "", "user": p.token} {
		got := s.call("POST", s.url+"/api/batch", token, map[string]any{"requests": []any{account}})
		assert.Equal(t, 400, got.Status, "%s: %s", who, got.Raw)
	}
}

func TestTheRegistryIsNotEditedByHand(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p, super := s.signUp("ada@example.com"), s.superuser()
	path := s.url + "/api/collections/user_databases/records"
	rows := s.call("GET", path, super, nil).items()
	require.Len(t, rows, 1)
	row := path + "/" + rows[0]["id"].(string)
	for field, value := range map[string]any{"name": "2020-01-01-001-x", "user": "", "status": "archived"} {
		assert.Equal(t, 403, s.call("PATCH", row, super, map[string]any{field: value}).Status, field)
	}
	assert.Equal(t, 403, s.call("DELETE", row, super, nil).Status)
	truncated := s.call("DELETE", s.url+"/api/collections/user_databases/truncate", super, nil)
	assert.Contains(t, []int{400, 403}, truncated.Status, truncated.Raw)
	for _, collection := range []string{"users", "user_databases", "global_queue"} {
		deleted := s.call("DELETE", s.url+"/api/collections/"+collection, super, nil)
		assert.Contains(t, []int{400, 403}, deleted.Status, collection) // 400 where another refers to it
	}
	assert.Equal(t, 403, s.call("PUT", s.url+"/api/collections/import", super, map[string]any{
		"collections": []map[string]any{{"name": "x", "type": "base"}}, "deleteMissing": true}).Status)
	assert.Equal(t, 403, s.call("POST", path, super, map[string]any{"name": "2020-01-01-001-x"}).Status)

	own := s.call("GET", path, p.token, nil)
	require.Len(t, own.items(), 1, "users see their own row")
	for who, got := range map[string]map[string]any{"owner": own.items()[0], "superuser": rows[0], "superuser who asks for it": s.call("GET", row, super, nil).body.(map[string]any)} {
		assert.NotContains(t, got, "data_key", who)
		assert.NotContains(t, got, "owner", who)
	}
	others := s.call("GET", path, s.signUp("other@example.com").token, nil).items()
	require.Len(t, others, 1)
	assert.NotEqual(t, p.name, others[0]["name"])
	assert.Empty(t, s.call("GET", path, "", nil).items())
	assert.Equal(t, 404, s.call("GET", row, "", nil).Status)
}

func TestARegistryChangeEndsSessions(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	stream := openStream(t, p.db)
	require.Equal(t, 204, p.own("POST", "/api/realtime", subscription(stream, "meetings/*")).Status)
	row, err := s.app.FindFirstRecordByData("user_databases", "user", p.id)
	require.NoError(t, err)
	row.Set("user", "")
	require.NoError(t, s.app.Save(row))
	assert.True(t, stream.ended())
	assert.Equal(t, 401, p.own("GET", "/api/collections/meetings/records", nil).Status)
}

func TestADeletedUsersSessionIsOver(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	require.Equal(t, 200, p.own("GET", "/api/collections/meetings/records", nil).Status)
	require.Equal(t, 204, s.call("DELETE", s.url+"/api/collections/users/records/"+p.id, p.token, nil).Status)
	assert.Equal(t, 401, p.own("GET", "/api/collections/meetings/records", nil).Status)
	assert.DirExists(t, s.app.Databases.Dir(p.name), "nothing is deleted in haste")
}

func TestTooManyRequestsAreSlowedDown(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p, other := s.signUp("ada@example.com"), s.signUp("other@example.com")
	var refused atomic.Bool
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 150 {
				if refused.Load() {
					return
				}
				if p.own("GET", "/api/collections/_none/records", nil).Status == 429 {
					refused.Store(true)
				}
			}
		})
	}
	wg.Wait()
	assert.True(t, refused.Load())
	assert.Equal(t, 200, other.own("GET", "/api/health", nil).Status)
}

// A body that nobody reads must never be taken for the next request: behind a
// proxy that would be another user's.
func TestAnUnreadBodyIsNoRequest(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	p := s.signUp("ada@example.com")
	smuggled := "GET /api/health?smuggled HTTP/1.1\r\nHost: x\r\n\r\n" + strings.Repeat("a", 300_000)
	for _, path := range []string{"/nope", "/", "/api/session", "/api/batch", "/api/backups/upload", strings.TrimPrefix(p.db, s.url) + "/api/batch",
		"/api/collections/users/auth-refresh", "/api/collections/users/records"} {
		for kind, request := range map[string]string{
			"length":  fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(smuggled), smuggled),
			"chunked": fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(smuggled), smuggled),
		} {
			conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
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
