package userdb

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

var exportedTables = []string{
	schema.Meetings, schema.Transcripts, schema.Recordings, schema.Transfers, schema.Preferences, schema.Connections,
	schema.DeletedMeetings,
}

func TestImportKeepsEveryRecordAndFile(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	result, err := h.importFor("countess@example.com", earlierExport)
	require.NoError(t, err)
	entry := h.entry(result.Name)
	assert.Equal(t, Imported{
		Name: entry.Name, Email: "countess@example.com", ExportedBy: "ada@example.com", CreatedAccount: true,
		Meetings: 23, Recordings: 2, Connections: []string{"fathom"},
	}, result)
	assert.Equal(t, registry.StatusReady, entry.Status)
	assert.Equal(t, schema.Version(), entry.SchemaVersion)

	raw, err := os.ReadFile(earlierExport)
	require.NoError(t, err)
	files, exported := unzipExport(t, raw)
	imported := filepath.Join(h.Dir(entry.Name), sqlite.DataFile)
	changed := map[string]map[string]string{ // what an import changes in every record
		schema.Transfers: {"job": "", "download_id": "", "download_requested_at": ""},
		schema.Connections: {
			"status": "invalid", "reason": importedReason, "checked_at": "", "synced_up_to": "", "secret": "",
		},
	}
	for _, table := range exportedTables {
		want, got := rowsOf(t, filepath.Join(exported, sqlite.DataFile), table), rowsOf(t, imported, table)
		require.NotEmpty(t, want, table)
		require.Len(t, got, len(want), table)
		for i := range want {
			for name, value := range want[i] {
				if other, ok := changed[table][name]; ok {
					value = other
				}
				assert.Equal(t, value, got[i][name], "%s.%s of %s", table, name, want[i]["id"])
			}
		}
	}
	for _, transfer := range rowsOf(t, imported, schema.Transfers) {
		want := "0"
		if transfer["status"] == "delivered" {
			want = "1"
		}
		assert.Equal(t, want, transfer["verified"], "a later migration has converted the records")
	}
	found := 0
	for _, recording := range rowsOf(t, imported, schema.Recordings) {
		paths, err := filepath.Glob(filepath.Join(h.Dir(entry.Name), "storage", "*", recording["id"], recording["file"]))
		require.NoError(t, err)
		require.Len(t, paths, 1)
		content, err := os.ReadFile(paths[0])
		require.NoError(t, err)
		sum := sha256.Sum256(content)
		assert.Equal(t, recording["sha256"], hex.EncodeToString(sum[:]))
		relative, err := filepath.Rel(h.Dir(entry.Name), paths[0])
		require.NoError(t, err)
		assert.Equal(t, files[filepath.ToSlash(relative)], string(content))
		found++
	}
	assert.Equal(t, 2, found)

	handle := h.acquire(entry.Name)
	assert.Equal(t, entry.UserID, handle.Owner().Id)
	assert.Equal(t, "countess@example.com", handle.Owner().Email())
	handle.Release()
	var problems []string
	require.NoError(t, h.Verify(t.Context(), nil, 1, func(v Verification) { problems = append(problems, v.Problems...) }))
	assert.Empty(t, problems)
	folders, err := os.ReadDir(h.Dir(entry.Name))
	require.NoError(t, err)
	var names []string
	for _, folder := range folders {
		names = append(names, folder.Name())
	}
	assert.Subset(t, []string{"data.db", "data.db-shm", "data.db-wal", OwnerFile, "storage"}, names)
}

// A file may contain more than records: none of it takes effect.
func TestImportUsesNothingOfTheSchemaInAnArchive(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	first, err := h.importFor("ada@example.com", earlierExport)
	require.NoError(t, err)
	var current bytes.Buffer // of this version, which has more columns
	require.NoError(t, h.ExportByName(t.Context(), first.Name, &current))
	path := changeExport(t, writeArchive(t, current.Bytes()),
		"CREATE TRIGGER evil AFTER INSERT ON meetings BEGIN DELETE FROM preferences; END",
		"CREATE VIEW evil_view AS SELECT * FROM connections",
		"CREATE TABLE evil_table (a)", "INSERT INTO evil_table VALUES (1)",
		"ALTER TABLE meetings ADD COLUMN evil TEXT DEFAULT 'x'",
		"CREATE INDEX evil_index ON meetings (hex(title))",
		"UPDATE _collections SET listRule = '', viewRule = '', createRule = '', updateRule = '', deleteRule = ''",
		"UPDATE _params SET value = '{}'",
		"INSERT INTO _superusers (id, email, tokenKey, password) VALUES ('abcdefghijklmno', 'eve@example.com', 'k', 'p')",
		"UPDATE connections SET secret = 'sealed by another server', status = 'valid'",
		"UPDATE recordings SET blob = '2026-01-01-001-bob/1/x', move = '{\"key\":\"k\"}'",
		"UPDATE transfers SET status = 'downloading', upload = '{\"upload\":{\"key\":\"k\",\"engine\":\"s3\",\"size\":9}}' WHERE recording_id = 1003",
		"UPDATE transfers SET status = 'stored' WHERE recording_id = 1001",
	)
	result, err := h.importFor("eve@example.com", path)
	require.NoError(t, err)
	fresh := h.provision("fresh@example.com")
	importedFile, freshFile := filepath.Join(h.Dir(result.Name), sqlite.DataFile), filepath.Join(h.Dir(fresh.Name), sqlite.DataFile)

	structure := func(path string) (found []string) {
		db, err := sqlite.OpenReadOnly(path)
		require.NoError(t, err)
		defer func() { require.NoError(t, db.Close()) }()
		require.NoError(t, db.NewQuery("SELECT type || ' ' || name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY 1").Column(&found))
		return found
	}
	assert.Equal(t, structure(freshFile), structure(importedFile))
	rules := func(path string) (found []map[string]string) {
		for _, row := range rowsOf(t, path, "_collections") {
			found = append(found, map[string]string{
				"name": row["name"], "list": row["listRule"], "view": row["viewRule"], "create": row["createRule"],
				"update": row["updateRule"], "delete": row["deleteRule"],
			})
		}
		return found
	}
	assert.Equal(t, rules(freshFile), rules(importedFile))
	settings := rowsOf(t, importedFile, "_params")
	require.NotEmpty(t, settings)
	assert.Contains(t, settings[0]["value"], "Fathom-to-Loom")
	assert.Empty(t, rowsOf(t, importedFile, "_superusers"))
	assert.Len(t, rowsOf(t, importedFile, schema.Preferences), 2)
	connection := rowsOf(t, importedFile, schema.Connections)[0]
	assert.Equal(t, []string{"", "invalid"}, []string{connection["secret"], connection["status"]})
	for _, recording := range rowsOf(t, importedFile, schema.Recordings) {
		assert.Equal(t, []string{"", ""}, []string{recording["blob"], recording["move"]})
	}
	statuses := map[string]string{}
	for _, transfer := range rowsOf(t, importedFile, schema.Transfers) {
		assert.Empty(t, transfer["upload"])
		statuses[transfer["recording_id"]] = transfer["status"]
	}
	assert.Equal(t, map[string]string{"1001": "cancelled", "1002": "delivered", "1003": "cancelled"}, statuses)
}

func TestImportLeavesOutRecordingsWithoutTheirFiles(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	entries := readEntries(t, earlierExport)
	withoutOne := slices.DeleteFunc(slices.Clone(entries), func(e zipEntry) bool { return len(e.content) == 86_992 }) // of 1001
	for i, test := range []struct {
		path string
		want []string
	}{
		{writeEntries(t, withoutOne...), []string{"1002"}},
		{changedExport(t, "UPDATE recordings SET size = 5 WHERE recording_id = 1002"), []string{"1001"}},
		{changedExport(t, "UPDATE recordings SET file = '../recording.mp4' WHERE recording_id = 1002"), []string{"1001"}},
		{changedExport(t, "UPDATE recordings SET id = '../../../../evil' WHERE recording_id = 1002"), []string{"1001"}},
	} {
		result, err := h.importFor(fmt.Sprintf("user%d@example.com", i), test.path)
		require.NoError(t, err)
		assert.Equal(t, []int{23, 1, 1}, []int{result.Meetings, result.Recordings, result.MissingFiles})
		var kept []string
		for _, recording := range rowsOf(t, filepath.Join(h.Dir(result.Name), sqlite.DataFile), schema.Recordings) {
			kept = append(kept, recording["recording_id"])
		}
		assert.Equal(t, test.want, kept)
	}
}

func TestImportedRecordingsAreMovedToS3(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	result, err := h.importFor("ada@example.com", earlierExport)
	require.NoError(t, err)
	require.Empty(t, result.MoveError)
	sums := map[string]bool{}
	for _, recording := range rowsOf(t, filepath.Join(h.Dir(result.Name), sqlite.DataFile), schema.Recordings) {
		require.NotEmpty(t, recording["blob"])
		sum := sha256.Sum256(h.s3.Content(t, recording["blob"]))
		assert.Equal(t, recording["sha256"], hex.EncodeToString(sum[:]))
		sums[recording["sha256"]] = true
	}
	assert.Len(t, sums, 2)

	h.s3.Fail(s3test.PutObject, 100, 403, "AccessDenied")
	h.s3.Fail(s3test.CreateMultipartUpload, 100, 403, "AccessDenied")
	result, err = h.importFor("bob@example.com", earlierExport)
	require.NoError(t, err)
	assert.NotEmpty(t, result.MoveError)
	for _, recording := range rowsOf(t, filepath.Join(h.Dir(result.Name), sqlite.DataFile), schema.Recordings) {
		assert.Empty(t, recording["blob"], "the recordings are on disk")
	}
}

// The states between two steps of an import, as a crash leaves them.
func TestNextStartCompletesOrRemovesAnInterruptedImport(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	result, err := h.importFor("ada@example.com", earlierExport)
	require.NoError(t, err)
	entry := h.entry(result.Name)
	meetings := rowsOf(t, filepath.Join(h.Dir(entry.Name), sqlite.DataFile), schema.Meetings)
	require.NoError(t, h.Stop(t.Context()))
	start := func() *Service {
		next := New(Config{App: h.app, Dir: h.dir, Vault: h.vault})
		require.NoError(t, next.Start(t.Context()))
		t.Cleanup(func() { require.NoError(t, next.Stop(context.Background())) })
		return next
	}

	require.NoError(t, os.Rename(h.Dir(entry.Name), h.stagedImport(entry.Name)))
	require.NoError(t, os.Mkdir(filepath.Join(h.dir, importPrefix+"123456"), 0o700)) // of another import
	provisioning := registry.Fields{"status": registry.StatusProvisioning}
	require.NoError(t, h.registry.Change(t.Context(), entry, provisioning))
	next := start()
	completed := h.entry(entry.Name)
	assert.Equal(t, registry.StatusReady, completed.Status, "the row was saved, but the folder had not got its name")
	assert.Equal(t, meetings, rowsOf(t, filepath.Join(h.Dir(entry.Name), sqlite.DataFile), schema.Meetings))
	assert.NoDirExists(t, filepath.Join(h.dir, importPrefix+"123456"))
	handle, err := next.Acquire(t.Context(), entry.Name)
	require.NoError(t, err)
	handle.Release()
	require.NoError(t, next.Stop(t.Context()))

	require.NoError(t, os.Rename(h.Dir(entry.Name), h.stagedImport(entry.Name)))
	require.NoError(t, h.registry.Remove(t.Context(), completed))
	next = start()
	assert.NoDirExists(t, h.stagedImport(entry.Name), "the row was not saved")
	again, err := next.Import(t.Context(), ImportRequest{File: earlierExport, Email: "ada@example.com"})
	require.NoError(t, err, "the import can be repeated")
	assert.Equal(t, 23, again.Meetings)
}

func TestInterruptedImportLeavesNothing(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	before := h.installedState()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := h.Import(ctx, ImportRequest{File: earlierExport, Email: "ada@example.com", Create: true})
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, before, h.installedState())

	var inTheWay string
	h.app.OnRecordAfterCreateSuccess(migrations.UserDatabases).BindFunc(func(e *core.RecordEvent) error {
		inTheWay = h.Dir(e.Record.GetString("name"))
		return errors.Join(os.WriteFile(inTheWay, []byte("a file"), 0o600), e.Next())
	})
	_, err = h.importFor("ada@example.com", earlierExport)
	require.ErrorContains(t, err, "not a directory", "the account and the row were saved, but the folder can't get its name")
	require.NoError(t, os.Remove(inTheWay))
	assert.Equal(t, before, h.installedState())
}
