package hooks_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

const auditPath = "/api/collections/audit_events/records"

// activity lists what the audit trail says about an account, the newest first, as the caller with a token sees it.
func activity(s *apptest.Server, token, account string) []map[string]any {
	s.T.Helper()
	list := s.Call(http.MethodGet, s.URL+auditPath+"?sort=-last_at,-@rowid&filter="+url.QueryEscape("owner = '"+account+"'"), token, nil)
	require.Equal(s.T, 200, list.Status, list.Raw)
	return list.Items()
}

// kinds returns the events of a list.
func kinds(events []map[string]any) (found []any) {
	for _, event := range events {
		found = append(found, event["event"])
	}
	return found
}

func TestAuditTrailByRole(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	ada, grace, admin := s.SignUp("ada@example.com"), s.SignUp("grace@example.com"), s.SuperuserToken()
	row := activity(s, ada.Token, ada.ID)[0]["id"].(string)
	for name, test := range map[string]struct {
		token      string
		rows, view int
		editing    int
	}{
		"owner":     {token: ada.Token, rows: 1, view: 200, editing: 403},
		"other":     {token: grace.Token, rows: 0, view: 404, editing: 403},
		"guest":     {token: "", rows: 0, view: 404, editing: 403},
		"superuser": {token: admin, rows: 1, view: 200, editing: 403},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Len(t, activity(s, test.token, ada.ID), test.rows)
			view := s.Call(http.MethodGet, s.URL+auditPath+"/"+row, test.token, nil)
			assert.Equal(t, test.view, view.Status)
			if test.token != admin {
				assert.NotContains(t, view.Raw, "bucket", "an internal field")
			}
			for _, edit := range []struct {
				method, path string
				body         map[string]any
			}{
				{http.MethodPost, auditPath, map[string]any{"owner": ada.ID, "event": "x", "actor": "owner", "count": 1, "bucket": "x", "first_at": "2026-01-01 00:00:00Z", "last_at": "2026-01-01 00:00:00Z"}},
				{http.MethodPatch, auditPath + "/" + row, map[string]any{"event": "x"}},
				{http.MethodDelete, auditPath + "/" + row, nil},
			} {
				got := s.Call(edit.method, s.URL+edit.path, test.token, edit.body)
				assert.Equal(t, test.editing, got.Status, "%s: %s", edit.method, got.Raw)
				batch := s.Call(http.MethodPost, s.URL+"/api/batch", test.token, map[string]any{
					"requests": []map[string]any{{"method": edit.method, "url": edit.path, "body": edit.body}},
				})
				assert.GreaterOrEqual(t, batch.Status, 400, "%s in a batch: %s", edit.method, batch.Raw)
			}
		})
	}
	events := activity(s, ada.Token, ada.ID)
	require.Len(t, events, 1)
	assert.Equal(t, "sign_in", events[0]["event"])
	assert.Equal(t, "password", events[0]["detail"])
	assert.Equal(t, "owner", events[0]["actor"])
	assert.Equal(t, "127.0.0.1", events[0]["address"])
	assert.Contains(t, events[0]["user_agent"], "Go-http-client")
	assert.EqualValues(t, 1, events[0]["count"])
}

func TestSuperusersCannotChangeTheAuditTrail(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	ada, admin := s.SignUp("ada@example.com"), s.SuperuserToken()
	collection := s.Call(http.MethodGet, s.URL+"/api/collections/audit_events", admin, nil)
	require.Equal(t, 200, collection.Status)
	changed := collection.Body.(map[string]any)
	changed["updateRule"], changed["deleteRule"] = "", ""
	unchanged := s.Call(http.MethodGet, s.URL+"/api/collections/invitations", admin, nil).Body
	for name, call := range map[string]struct {
		method, path string
		body         any
		status       int
	}{
		"rules":              {http.MethodPatch, "/api/collections/audit_events", map[string]any{"updateRule": "", "deleteRule": ""}, 403},
		"name":               {http.MethodPatch, "/api/collections/audit_events", map[string]any{"name": "other"}, 403},
		"deletion":           {http.MethodDelete, "/api/collections/audit_events", nil, 403},
		"truncation":         {http.MethodDelete, "/api/collections/audit_events/truncate", nil, 400},
		"import":             {http.MethodPut, "/api/collections/import", map[string]any{"collections": []any{changed, unchanged}}, 204},
		"statement":          {http.MethodPost, "/api/sql", map[string]any{"query": `DELETE FROM "AUDIT_events"`}, 403},
		"statement of rules": {http.MethodPost, "/api/sql", map[string]any{"query": "UPDATE _collections SET deleteRule = '' WHERE name = 'audit_events'"}, 403},
		"schema":             {http.MethodPost, "/api/sql", map[string]any{"query": "PRAGMA writable_schema = ON"}, 403},
	} {
		got := s.Call(call.method, s.URL+call.path, admin, call.body)
		assert.Equal(t, call.status, got.Status, "%s: %s", name, got.Raw)
	}
	assert.Equal(t, []any{"sign_in"}, kinds(activity(s, ada.Token, ada.ID)))
	after := s.Call(http.MethodGet, s.URL+"/api/collections/audit_events", admin, nil)
	assert.Nil(t, after.Get("updateRule"))
	assert.Nil(t, after.Get("deleteRule"))
	read := s.Call(http.MethodPost, s.URL+"/api/sql", admin, map[string]any{"query": "SELECT COUNT(*) FROM audit_events"})
	assert.Equal(t, 200, read.Status, "reading is allowed: %s", read.Raw)
}

func TestAuditEventsReachTheirOwnersStreamsOnly(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	ada, grace := s.SignUp("ada@example.com"), s.SignUp("grace@example.com")
	own, other := openSubscribed(s, ada.Token, "audit_events/*"), openSubscribed(s, grace.Token, "audit_events/*")
	require.Equal(t, 200, s.SignIn("ada@example.com").Status)
	event := own.Next()
	assert.Equal(t, "audit_events/*", event.Name)
	assert.Equal(t, "update", event.Data["action"], "a second sign-in within the hour")
	record := event.Data["record"].(map[string]any)
	assert.Equal(t, ada.ID, record["owner"])
	assert.EqualValues(t, 2, record["count"])
	assert.Empty(t, other.Pending())
}
