package hooks_test

import (
	"context"
	"database/sql"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestSubscriptionsAreEvaluatedForTheirOwnersRecordsOnly(t *testing.T) {
	t.Parallel()
	var stranger atomic.Value // the id of a user
	stranger.Store("unknown")
	var queries atomic.Int64 // that depend on the stranger
	s := apptest.Start(t, apptest.Options{Prepare: func(s *apptest.Server) {
		s.App.OnBootstrap().BindFunc(func(e *core.BootstrapEvent) error {
			if err := e.Next(); err != nil {
				return err
			}
			db := e.App.ConcurrentDB().(*dbx.DB)
			db.QueryLogFunc = func(_ context.Context, _ time.Duration, query string, _ *sql.Rows, _ error) {
				if strings.Contains(query, stranger.Load().(string)) {
					queries.Add(1)
				}
			}
			return nil
		})
	}})
	ada, grace := s.SignUp("ada@example.com"), s.SignUp("grace@example.com")
	topics := []string{"users/*", "users/" + ada.ID, "job_schedules/*", "user_databases/*"}
	own, all := openSubscribed(s, ada.Token, topics[0], topics[2], topics[3]), openSubscribed(s, s.SuperuserToken(), topics[0], topics[2], topics[3])
	others := openSubscribed(s, grace.Token, topics...)
	expect := func(action, collection string, change func()) {
		t.Helper()
		queries.Store(0)
		change() // which returns after all subscriptions have been evaluated
		assert.Zero(t, queries.Load(), "%s of %s: subscriptions of others", action, collection)
		for name, stream := range map[string]*apptest.Stream{"owner": own, "superuser": all} {
			event := stream.Next()
			assert.Equal(t, action, event.Data["action"], "%s, %s", name, collection)
			assert.Equal(t, collection+"/*", event.Name, name)
		}
	}
	call := func(method, path, token string, body map[string]any) apptest.Answer {
		t.Helper()
		got := s.Call(method, s.URL+"/api/collections/"+path, token, body)
		require.Less(t, got.Status, 300, got.Raw)
		return got
	}
	stranger.Store(grace.ID)
	var schedule string
	expect("update", "users", func() { call(http.MethodPatch, "users/records/"+ada.ID, ada.Token, map[string]any{"name": "Ada"}) })
	expect("create", "job_schedules", func() {
		schedule = call(http.MethodPost, "job_schedules/records", ada.Token, map[string]any{"kind": "fathom.sync", "every": 3600}).Text("id")
	})
	expect("delete", "job_schedules", func() { call(http.MethodDelete, "job_schedules/records/"+schedule, ada.Token, nil) })
	database, err := s.App.FindRecordById("user_databases", s.RegistryRow(ada.Name)["id"].(string))
	require.NoError(t, err)
	expect("update", "user_databases", func() { require.NoError(t, s.App.Save(database)) })

	queries.Store(0)
	call(http.MethodDelete, "users/records/"+ada.ID, s.SuperuserToken(), nil) // ends her stream
	assert.Zero(t, queries.Load(), "delete of users: subscriptions of others")
	event := all.Next()
	for event.Name != "users/*" { // her database is scheduled for deletion, too
		event = all.Next()
	}
	assert.Equal(t, "delete", event.Data["action"])

	call(http.MethodPatch, "users/records/"+grace.ID, grace.Token, map[string]any{"name": "Grace"})
	assert.Positive(t, queries.Load())
	assert.Equal(t, "Grace", recordOf(others.Next())["name"], "nothing about another user's records came before")
}
