package userdb

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"

	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

func TestImportedConnectionKeepsItsSettingsButNotItsSignIn(t *testing.T) {
	t.Parallel()
	connections := core.NewBaseCollection(schema.Connections)
	connections.Fields.Add(&core.JSONField{Name: "settings"}, &core.TextField{Name: "secret"}, &core.TextField{Name: "status"}, &core.TextField{Name: "reason"})
	for before, after := range map[string]string{
		`{"method":"oauth","site":"s1","grant":"g1"}`:      `{"method":"oauth","site":"s1"}`,
		`{"method":"token","email":"ada@example.com"}`:     `{"method":"token","email":"ada@example.com"}`,
		`{"url":"https://example.com/","events":["test"]}`: `{"url":"https://example.com/","events":["test"]}`,
	} {
		connection := core.NewRecord(connections)
		connection.Set("settings", before)
		assert.True(t, new(importCopy).adapt(connection))
		assert.JSONEq(t, after, connection.GetString("settings"))
	}
}

func TestImportedNoticesAreNotSentByThisServer(t *testing.T) {
	t.Parallel()
	notices := core.NewBaseCollection(schema.Notices)
	notices.Fields.Add(&core.TextField{Name: "mail"}, &core.TextField{Name: "hook"})
	for before, after := range map[string]string{"due": "skipped", "sending": "skipped", "sent": "sent", "failed": "failed", "": ""} {
		notice := core.NewRecord(notices)
		notice.Set("mail", before)
		notice.Set("hook", before)
		assert.True(t, new(importCopy).adapt(notice))
		assert.Equal(t, []string{after, after}, []string{notice.GetString("mail"), notice.GetString("hook")}, before)
	}
}
