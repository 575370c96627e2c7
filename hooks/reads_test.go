package hooks_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestListsOfTheGlobalDatabaseAreBounded(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	get := func(collection string, query url.Values) apptest.Answer {
		return s.Call(http.MethodGet, s.URL+"/api/collections/"+collection+"/records?"+query.Encode(), p.Token, nil)
	}
	for _, c := range []struct {
		collection, expand string
		want               float64
	}{{"global_queue", "", 500}, {"job_schedules", "", 200}, {"user_databases", "", 200}, {"global_queue", "user", 200}} {
		got := get(c.collection, url.Values{"perPage": {"1000"}, "expand": {c.expand}})
		require.Equal(t, 200, got.Status, got.Raw)
		assert.Equal(t, c.want, got.Get("perPage"), c)
	}
	require.Equal(t, 200, p.Enqueue("fathom.sync", map[string]any{}).Status)
	long := strings.Repeat("x", 2000)
	assert.Equal(t, 400, get("global_queue", url.Values{"filter": {`kind != "` + long + `"`}}).Status)
	assert.Equal(t, 400, get("global_queue", url.Values{"filter": {`kind ~ "` + long[:300] + `"`}}).Status)
}

func TestSlowQueryOfTheGlobalDatabaseEnds(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	require.NoError(t, s.App.Queue.Pause(t.Context(), "*", ""))
	p := s.SignUp("ada@example.com")
	for i := range 100 {
		require.Equal(t, 200, p.Enqueue("recording.transfer", map[string]any{"recording_id": i + 1}).Status)
	}
	path := "user.global_queue_via_user."
	var conditions []string
	for i := range 4 {
		conditions = append(conditions, fmt.Sprintf(`%spayload ?~ "none%d"`, strings.Repeat(path, 3), i))
	}
	filter := url.QueryEscape(strings.Join(conditions, " && "))
	got := s.Call(http.MethodGet, s.URL+apptest.JobsPath+"?skipTotal=1&filter="+filter, p.Token, nil)
	assert.Equal(t, 400, got.Status, got.Raw)
	assert.Contains(t, got.Text("message"), "longer than 3 seconds")
	assert.Equal(t, 200, p.Enqueue("fathom.sync", map[string]any{}).Status)
}

func TestExpandCannotFollowRelationsBackwards(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	job := p.Enqueue("recording.transfer", map[string]any{"recording_id": 1}).Text("id")
	get := func(path, expand, token string) int {
		return s.Call(http.MethodGet, s.URL+path+"?"+url.Values{"expand": {expand}}.Encode(), token, nil).Status
	}
	for _, expand := range []string{"global_queue_via_user.user", "user.global_queue_via_user", "global_queue(user)"} {
		for _, path := range []string{usersPath, apptest.JobsPath, apptest.JobsPath + "/" + job, usersPath + "/" + p.ID} {
			assert.Equal(t, 400, get(path, expand, p.Token), "%s of %s", expand, path)
		}
		refresh := s.Call("POST", s.URL+"/api/collections/users/auth-refresh?"+url.Values{"expand": {expand}}.Encode(), p.Token, nil)
		assert.Equal(t, 400, refresh.Status, refresh.Raw)
		batch := map[string]any{"requests": []any{map[string]any{
			"method": "PATCH", "url": apptest.JobsPath + "/" + job + "?%65xpand=" + url.QueryEscape(expand), "body": map[string]any{"priority": 1},
		}}}
		assert.Equal(t, 400, s.Call("POST", s.URL+"/api/batch", p.Token, batch).Status)
		stream := apptest.OpenStream(t, s.URL)
		topic := "job_schedules/*?options=" + url.QueryEscape(`{"query":{"expand":"`+strings.Replace(expand, "_", `\u005f`, 1)+`"}}`)
		assert.Equal(t, 400, s.Call("POST", s.URL+"/api/realtime", p.Token, stream.Subscription(topic)).Status)
	}
	assert.Equal(t, 200, get(apptest.JobsPath, "user", p.Token))
	assert.Equal(t, 200, get(usersPath, "global_queue_via_user", s.SuperuserToken()))
}

func TestSubscriptionsOfAUserCountTogether(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	topics := make([]string, 25)
	for i := range topics {
		topics[i] = fmt.Sprintf(`preferences/%015d?options=%s`, i, url.QueryEscape(`{"query":{"filter":"id != ''"}}`))
	}
	for base, token := range map[string]string{p.DatabaseURL: p.Session, s.URL: p.Token} {
		subscribe := func(stream *apptest.Stream, topics ...string) int {
			return s.Call("POST", base+"/api/realtime", token, stream.Subscription(topics...)).Status
		}
		first, second, third := apptest.OpenStream(t, base), apptest.OpenStream(t, base), apptest.OpenStream(t, base)
		require.Equal(t, 204, subscribe(first, topics...), base)
		require.Equal(t, 204, subscribe(second, topics...), "50 subscriptions with options")
		require.Equal(t, 429, subscribe(third, "preferences/*"))
		require.Equal(t, 204, subscribe(second, topics[1:]...), "a stream replaces its own subscriptions")
		require.Equal(t, 204, subscribe(third, "preferences/*"))
		first.Close()
		s.Eventually(func() bool { return subscribe(third, topics...) == 204 })
	}
	stream := apptest.OpenStream(t, s.URL)
	assert.Equal(t, 204, s.Call("POST", s.URL+"/api/realtime", other.Token, stream.Subscription(topics...)).Status)
}

func TestManyFieldsAreRefused(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	var names []string
	for i := range 400 {
		names = append(names, fmt.Sprintf("items.a%d", i))
	}
	for _, link := range []string{s.URL + apptest.JobsPath, s.URL + "/api/queue", p.DatabaseURL + "/api/collections/meetings/records", p.DatabaseURL + "/api/library"} {
		token := p.Token
		if strings.HasPrefix(link, p.DatabaseURL) {
			token = p.Session
		}
		get := func(fields string) apptest.Answer {
			return s.Call(http.MethodGet, link+"?fields="+url.QueryEscape(fields), token, nil)
		}
		assert.Equal(t, 200, get("id,items.id,items.title").Status, link)
		refused := get(strings.Join(names, ","))
		assert.Equal(t, 400, refused.Status, link)
		assert.Contains(t, refused.Text("message"), "fields have more than 2000 characters")
		assert.Equal(t, 431, get(strings.Repeat("a,", 40<<10)).Status, link)
	}
}
