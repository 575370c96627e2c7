package userdb

import (
	"archive/zip"
	"bytes"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// earlierExport is an export that the program wrote in November 2026. Ada had 23 meetings, a deleted one, a connection,
// two preferences, and three transfers: 1001 waits for its Loom link, 1002 is delivered, 1003 has failed.
const earlierExport = "../../e2e/testdata/export-2026-11.zip"

// zipEntry is an entry of an archive that a test writes.
type zipEntry struct {
	zip.FileHeader
	content []byte
}

func storedEntry(name, content string) zipEntry {
	return zipEntry{zip.FileHeader{Name: name, Method: zip.Store}, []byte(content)}
}

// readEntries reads the entries of an archive.
func readEntries(t *testing.T, path string) []zipEntry {
	t.Helper()
	archive, err := zip.OpenReader(path)
	require.NoError(t, err)
	defer archive.Close()
	var entries []zipEntry
	for _, file := range archive.File {
		from, err := file.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(from)
		require.NoError(t, err)
		entries = append(entries, zipEntry{zip.FileHeader{Name: file.Name, Method: file.Method}, content})
	}
	return entries
}

// writeEntries writes an archive and returns its path.
func writeEntries(t *testing.T, entries ...zipEntry) string {
	t.Helper()
	var content bytes.Buffer
	archive := zip.NewWriter(&content)
	for _, entry := range entries {
		to, err := archive.CreateHeader(&entry.FileHeader)
		require.NoError(t, err)
		_, err = to.Write(entry.content)
		require.NoError(t, err)
	}
	require.NoError(t, archive.Close())
	return writeArchive(t, content.Bytes())
}

func writeArchive(t *testing.T, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "export.zip")
	require.NoError(t, os.WriteFile(path, content, 0o600))
	return path
}

// changedExport returns the path of a copy of earlierExport in which statements have changed data.db.
func changedExport(t *testing.T, statements ...string) string {
	t.Helper()
	return changeExport(t, earlierExport, statements...)
}

func changeExport(t *testing.T, export string, statements ...string) string {
	t.Helper()
	entries := readEntries(t, export)
	at := slices.IndexFunc(entries, func(e zipEntry) bool { return e.Name == sqlite.DataFile })
	path := filepath.Join(t.TempDir(), sqlite.DataFile)
	require.NoError(t, os.WriteFile(path, entries[at].content, 0o600))
	db, err := dbx.Open("sqlite", path)
	require.NoError(t, err)
	db.DB().SetMaxOpenConns(1)
	for _, statement := range append([]string{"PRAGMA foreign_keys=OFF"}, statements...) {
		_, err := db.NewQuery(statement).Execute()
		require.NoError(t, err, statement)
	}
	require.NoError(t, db.Close())
	require.NoError(t, sqlite.Checkpoint(t.Context(), path))
	entries[at].content, err = os.ReadFile(path)
	require.NoError(t, err)
	return writeEntries(t, entries...)
}

// rowsOf reads a table in the order of its ids. NULL and the JSON value null are equal.
func rowsOf(t *testing.T, path, table string) []map[string]string {
	t.Helper()
	db, err := sqlite.OpenReadOnly(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	var found []dbx.NullStringMap
	require.NoError(t, db.Select("*").From(table).OrderBy("id").All(&found))
	rows := make([]map[string]string, len(found))
	for i, row := range found {
		rows[i] = map[string]string{}
		for name, value := range row {
			if rows[i][name] = value.String; value.String == "null" {
				rows[i][name] = ""
			}
		}
	}
	return rows
}

// installedState describes everything that an import could change: accounts, rows of the registry and files.
func (h *harness) installedState() map[string]any {
	h.t.Helper()
	var accounts []string
	require.NoError(h.t, h.app.DB().Select("email").From(migrations.Users).OrderBy("email").Column(&accounts))
	entries, err := h.registry.All(h.t.Context())
	require.NoError(h.t, err)
	files := map[string]bool{}
	require.NoError(h.t, filepath.WalkDir(h.dir, func(path string, entry os.DirEntry, err error) error {
		if entry.IsDir() && len(entry.Name()) > len(sparePrefix) && entry.Name()[:len(sparePrefix)] == sparePrefix {
			return filepath.SkipDir
		}
		files[path] = true
		return err
	}))
	return map[string]any{"accounts": accounts, "entries": entries, "files": slices.Sorted(maps.Keys(files))}
}

// importFor imports an archive into a new account.
func (h *harness) importFor(email, path string) (Imported, error) {
	return h.Import(h.t.Context(), ImportRequest{File: path, Email: email, Create: true})
}
