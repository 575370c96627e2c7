package userdb

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// lostPoster is the name of a poster whose file is missing.
const lostPoster = "poster_lost.jpg"

// fillEveryCollection saves records in all collections of a database, with a recording on disk.
func (h *harness) fillEveryCollection(db *Database) {
	h.t.Helper()
	const date = "2026-11-02 08:00:00.000Z"
	h.save(db, schema.Connections, map[string]any{
		"provider": "fathom", "secret": "sealed", "status": "valid", "last_four": "a1b2", "scheduled": true, "sync": `{"number":3}`,
	})
	h.save(db, schema.Connections, map[string]any{
		"provider": "smtp", "secret": "sealed", "status": "valid", "settings": `{"host":"smtp.example.com","port":587}`,
	})
	h.save(db, schema.Preferences, map[string]any{"key": "keep_recordings", "value": 30})
	h.save(db, schema.Preferences, map[string]any{"key": "notify", "value": `{"failed":true,"digest":true}`})
	h.save(db, schema.Preferences, map[string]any{"key": "my_emails", "value": `["ada@example.com"]`})
	for _, rule := range []map[string]any{
		{"name": "Sales", "enabled": true, "conditions": `{"title_words":["Sales"]}`, "deliver": true, "matched": 7, "last_matched_at": date},
		{"name": "Other calls", "conditions": `{"min_minutes":10}`},
	} {
		h.save(db, schema.Rules, rule)
	}
	for i, notice := range []map[string]any{
		{"kind": "transfer_failed", "mail": "due", "hook": "due"},
		{"kind": "link_mismatch", "mail": "sending", "hook": "sent"},
		{"kind": "digest", "mail": "sent"},
	} {
		notice["cause"], notice["text"], notice["recording_id"] = "cause "+string(rune('a'+i)), "Text.", 1
		h.save(db, schema.Notices, notice)
	}
	recording := h.saveRecording(db, 1, "", "content")
	recording.Set("retained_until", date)
	recording.Set("stored_at", date)
	require.NoError(h.t, db.App.UnsafeWithoutHooks().SaveNoValidate(recording))
	meeting, err := db.App.FindFirstRecordByData(schema.Meetings, "recording_id", 1)
	require.NoError(h.t, err)
	for name, value := range map[string]any{
		"highlights": `[{"text":"A decision","timestamp":"00:01:02"}]`, "action_items": `[{"description":"Call back"}]`, "summary": "Good.",
		"parts": `{"summary":"ready","transcript":"ready","action_items":"waiting","highlights":"ready"}`, "parts_due_at": date, "parts_tries": 3,
		"withdrawn_at": date, "listed": 2, "rules_due": true, "poster": "poster_1.jpg",
	} {
		meeting.Set(name, value)
	}
	require.NoError(h.t, db.App.SaveNoValidate(meeting))
	poster := filepath.Join(h.Dir(db.Name), filepath.FromSlash(RecordingPath(meeting, "poster_1.jpg")))
	require.NoError(h.t, os.MkdirAll(filepath.Dir(poster), 0o700))
	require.NoError(h.t, os.WriteFile(poster, []byte("a frame"), 0o600))
	h.save(db, schema.Transcripts, map[string]any{"meeting": meeting.Id, "recording_id": 1, "text": "Hello.", "items": `[{"text":"Hello."}]`})
	h.save(db, schema.Transfers, map[string]any{
		"meeting": meeting.Id, "recording_id": 1, "status": "delivered", "deliver": true, "job": "abcdefghijklmno", "fetched_by": "abcdefghijklmno",
		"share_url": "https://www.loom.com/share/0123456789abcdef0123456789abcdef", "delivered_at": date, "verified": false,
		"unchecked": "private", "link_check_at": date, "link_checks": 2,
	})
	stored := h.save(db, schema.Meetings, map[string]any{"recording_id": 2, "title": "Only stored", "poster": lostPoster})
	h.save(db, schema.Transfers, map[string]any{"meeting": stored.Id, "recording_id": 2, "status": "stored", "deliver": false})
	h.save(db, schema.DeletedMeetings, map[string]any{"recording_id": 3})
	h.save(db, schema.UnreadableMeetings, map[string]any{"key": "4", "recording_id": "4", "reason": "too new", "version": "1", "raw": `{"a":1}`})
}

// An export of this version is restored on another server, which has another master key: what the owner has is kept,
// and what only the first server can use is not.
func TestImportRestoresEveryCollectionOfThisVersion(t *testing.T) {
	t.Parallel()
	first := newHarness(t)
	handle := first.acquire(first.provision("ada@example.com").Name)
	first.fillEveryCollection(handle.Database)
	var export bytes.Buffer
	require.NoError(t, first.ExportByName(t.Context(), handle.Name, &export))
	collections, err := handle.App.FindAllCollections(core.CollectionTypeBase)
	require.NoError(t, err)

	other := newHarness(t, func(cfg *Config) {
		keys, err := vault.New(bytes.Repeat([]byte("o"), vault.KeySize))
		require.NoError(t, err)
		cfg.Vault = keys
	})
	result, err := other.importFor("ada@example.net", writeArchive(t, export.Bytes()))
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{"fathom", "smtp"}, result.Connections)
	exported := filepath.Join(first.Dir(handle.Name), sqlite.DataFile)
	imported := filepath.Join(other.Dir(result.Name), sqlite.DataFile)
	changed := map[string]map[string]string{ // what an import changes in every record
		schema.Connections: {"status": "invalid", "reason": importedReason, "secret": "", "sync": "", "scheduled": "0"},
		schema.Transfers:   {"job": ""},
	}
	for _, collection := range collections {
		if collection.System {
			continue
		}
		want, got := rowsOf(t, exported, collection.Name), rowsOf(t, imported, collection.Name)
		require.NotEmpty(t, want, "add records of %s to the test", collection.Name)
		for i := range want {
			for name, value := range changed[collection.Name] {
				want[i][name] = value
			}
			if want[i]["poster"] == lostPoster {
				want[i]["poster"] = ""
			}
			for _, way := range []string{"mail", "hook"} {
				if state, ok := want[i][way]; ok && (state == "due" || state == "sending") {
					want[i][way] = "skipped" // the first server sends it, or has sent it
				}
			}
		}
		assert.Equal(t, want, got, collection.Name)
	}

	opened := other.acquire(result.Name)
	recording, err := opened.App.FindFirstRecordByData(schema.Recordings, "recording_id", 1)
	require.NoError(t, err)
	content, err := os.ReadFile(filepath.Join(other.Dir(result.Name), filepath.FromSlash(RecordingPath(recording, "recording.mp4"))))
	require.NoError(t, err)
	assert.Equal(t, "content", string(content))
	meeting, err := opened.App.FindFirstRecordByData(schema.Meetings, "recording_id", 1)
	require.NoError(t, err)
	content, err = os.ReadFile(filepath.Join(other.Dir(result.Name), filepath.FromSlash(RecordingPath(meeting, "poster_1.jpg"))))
	require.NoError(t, err)
	assert.Equal(t, "a frame", string(content))
	connection, err := opened.App.FindFirstRecordByData(schema.Connections, "provider", "smtp")
	require.NoError(t, err)
	sealed, err := opened.Key.Seal(opened.SecretLocation(connection), []byte("new password"))
	require.NoError(t, err)
	connection.Set("secret", sealed)
	secret, err := opened.OpenSecret(connection)
	require.NoError(t, err)
	assert.Equal(t, "new password", secret, "the database has a key of its own")
}
