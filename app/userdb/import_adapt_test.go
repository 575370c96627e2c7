package userdb

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"

	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

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
