package userdb

import (
	"archive/zip"
	"bytes"
	"errors"
	"hash/crc32"
	"io/fs"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
)

// Every refusal is one sentence, and changes nothing.
func TestImportRefusesDamagedAndHostileArchives(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	before := h.installedState()
	raw, err := os.ReadFile(earlierExport)
	require.NoError(t, err)
	entries := readEntries(t, earlierExport)
	with := func(more ...zipEntry) string {
		return writeEntries(t, append(append([]zipEntry{}, entries...), more...)...)
	}
	data := entries[1]
	require.Equal(t, "data.db", data.Name)
	link := storedEntry("storage/pbc_1/abc/recording.mp4", "/etc/passwd")
	link.SetMode(fs.ModeSymlink | 0o777)
	bomb := zipEntry{zip.FileHeader{Name: "data.db", Method: zip.Deflate}, make([]byte, freeRatio+1)}
	encrypted := storedEntry("README.txt", "secret")
	encrypted.Flags = 1

	for name, test := range map[string]struct{ path, want string }{
		"missing file":     {"/nowhere/export.zip", "no such file"},
		"folder":           {t.TempDir(), "not a zip archive"},
		"no archive":       {writeArchive(t, []byte("an export")), "not a zip archive"},
		"empty file":       {writeArchive(t, nil), "not a zip archive"},
		"incomplete":       {writeArchive(t, raw[:len(raw)-100]), "not a zip archive"},
		"damaged file":     {writeArchive(t, flipByte(t, raw, "ftyp")), "archive is damaged"},
		"damaged database": {writeEntries(t, zipEntry{data.FileHeader, damagedPages(data.content)}), "data.db in the archive"},
		"no database":      {writeEntries(t, storedEntry("data.db", strings.Repeat("text ", 1000))), "not a database"},
		"without data":     {writeEntries(t, storedEntry("README.txt", "x")), "contains no data.db"},
		"parent folder":    {with(storedEntry("../evil", "x")), `"../evil" isn't a path in the archive`},
		"parent below":     {with(storedEntry("storage/../../evil", "x")), "isn't a path in the archive"},
		"absolute path":    {with(storedEntry("/etc/evil", "x")), "isn't a path in the archive"},
		"backslash":        {with(storedEntry(`storage\..\evil`, "x")), "isn't a path in the archive"},
		"link":             {with(link), "neither a file nor a folder"},
		"other file":       {with(storedEntry("pb_hooks/evil.js", "x")), `it contains "pb_hooks/evil.js"`},
		"storage file":     {with(storedEntry("storage", "x")), `it contains "storage"`},
		"two databases":    {with(data), `it contains "data.db" twice`},
		"file and folder":  {with(storedEntry("storage/a", "x"), storedEntry("storage/a/", "")), "twice"},
		"encrypted":        {writeEntries(t, data, encrypted), "is encrypted"},
		"bomb":             {writeEntries(t, bomb), "larger than its part"},
		"longer content":   {lyingArchive(t, data, -4096), "archive is damaged"},
		"shorter content":  {lyingArchive(t, data, 4096), "archive is damaged"},
		"many entries":     {manyEntries(t), "too many files"},

		"virtual table": {changedExport(t, "CREATE VIRTUAL TABLE evil USING fts5(a)"), "contains virtual tables"},
		"newer version": {
			changedExport(t, "INSERT INTO _migrations (file, applied) VALUES ('9999999999_future.go', 1)"),
			"newer schema than this program supports (9999999999_future.go",
		},
		"other application": {changedExport(t, "DELETE FROM _migrations WHERE file > '1764'"), "not a user database"},
		"two owners": {
			changedExport(t, "INSERT INTO users (id, email, tokenKey, password) VALUES ('abcdefghijklmno', 'b@example.com', 'k', '')"),
			"exactly one user",
		},
		"no owner":      {changedExport(t, "DELETE FROM users"), "exactly one user"},
		"missing table": {changedExport(t, "DROP TABLE preferences"), "has no table preferences"},
		"view": {
			changedExport(t, "ALTER TABLE meetings RENAME TO real", "CREATE VIEW meetings AS SELECT * FROM real"),
			"has no table meetings that only stores values",
		},
		"generated column": {
			changedExport(t, "ALTER TABLE preferences ADD COLUMN evil AS (zeroblob(1000000000))"),
			"has no table preferences that only stores values",
		},
		"invalid id":        {changedExport(t, "UPDATE preferences SET id = '../evil' WHERE key = 'theme'"), `invalid record "../evil" of preferences`},
		"invalid status":    {changedExport(t, "UPDATE transfers SET status = 'evil'"), "of transfers: status"},
		"long title":        {changedExport(t, "UPDATE meetings SET title = printf('%.*c', 5000, 'x')"), "of meetings: title"},
		"unknown meeting":   {changedExport(t, "UPDATE transcripts SET meeting = 'abcdefghijklmno'"), "of transcripts: meeting"},
		"same recording id": {changedExport(t, "DROP INDEX idx_meetings_recording_id", "UPDATE meetings SET recording_id = 7"), "of meetings"},
		"no key":            {changedExport(t, "UPDATE preferences SET key = '' WHERE key = 'theme'"), "of preferences: key"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := h.importFor("eve@example.com", test.path)
			require.ErrorContains(t, err, test.want)
			assert.NotContains(t, err.Error(), "\n")
			assert.Equal(t, before, h.installedState())
		})
	}
}

// flipByte changes one byte of the first place where a text occurs.
func flipByte(t *testing.T, content []byte, text string) []byte {
	t.Helper()
	at := bytes.Index(content, []byte(text))
	require.Positive(t, at)
	changed := bytes.Clone(content)
	changed[at] ^= 0xff
	return changed
}

// damagedPages overwrites all pages of a database but the first ones.
func damagedPages(content []byte) []byte {
	changed := bytes.Clone(content)
	for i := len(changed) / 2; i < len(changed); i++ {
		changed[i] = 0x55
	}
	return changed
}

// lyingArchive contains an entry whose directory says that it has more or fewer bytes than it has.
func lyingArchive(t *testing.T, entry zipEntry, difference int) string {
	t.Helper()
	var content bytes.Buffer
	archive := zip.NewWriter(&content)
	// Stored with a wrong size would contradict itself, so it is compressed by hand.
	var packed bytes.Buffer
	inner := zip.NewWriter(&packed)
	to, err := inner.CreateHeader(&zip.FileHeader{Name: entry.Name, Method: zip.Deflate})
	require.NoError(t, err)
	_, err = to.Write(entry.content)
	require.NoError(t, err)
	require.NoError(t, inner.Close())
	reader, err := zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
	require.NoError(t, err)
	from, err := reader.File[0].OpenRaw()
	require.NoError(t, err)
	var deflated bytes.Buffer
	_, err = deflated.ReadFrom(from)
	require.NoError(t, err)
	raw, err := archive.CreateRaw(&zip.FileHeader{
		Name: entry.Name, Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(entry.content),
		CompressedSize64: uint64(deflated.Len()), UncompressedSize64: uint64(len(entry.content) + difference),
	})
	require.NoError(t, err)
	_, err = raw.Write(deflated.Bytes())
	require.NoError(t, err)
	require.NoError(t, archive.Close())
	return writeArchive(t, content.Bytes())
}

// manyEntries is an archive whose directory is larger than may be read.
func manyEntries(t *testing.T) string {
	t.Helper()
	name := "storage/" + strings.Repeat("x", 60_000)
	entries := make([]zipEntry, maxDirectory/len(name)+1)
	for i := range entries {
		entries[i] = storedEntry(name, "")
	}
	return writeEntries(t, entries...)
}

func TestImportChecksTheQuotaAndTheDiskFirst(t *testing.T) {
	t.Parallel()
	var free atomic.Int64
	for name, configure := range map[string]func(*Config){
		"quota": func(cfg *Config) { cfg.Quota = 500_000 },
		"disk": func(cfg *Config) {
			cfg.Ledger = ledger.New(ledger.Config{Free: func(string) (int64, error) { return free.Load(), nil }})
		},
		"reserve in use": func(cfg *Config) { cfg.CheckSpace = func() error { return errors.New("disk is full") } },
	} {
		t.Run(name, func(t *testing.T) {
			free.Store(1 << 40)
			h := newHarness(t, configure)
			polltest.Until(t, time.Millisecond, func() bool { return len(h.spares) > 0 }, "the spare reserves space")
			before := h.installedState()
			free.Store(ledger.DefaultReserve + 1_000_000)
			_, err := h.importFor("eve@example.com", earlierExport)
			want := map[string]string{
				"quota":          "the export needs 621 kB, and 500 kB of 500 kB are left",
				"disk":           "the import needs 2.1 MB, and 1.0 MB are left",
				"reserve in use": "disk is full",
			}[name]
			require.ErrorContains(t, err, want)
			assert.Equal(t, before, h.installedState())
		})
	}
}

func TestImportRefusesAccounts(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.newUser("bob@example.com")
	taken := h.provision("ada@example.com")
	before := h.installedState()
	for _, test := range []struct {
		email  string
		create bool
		want   string
	}{
		{"eve@example.com", false, `there is no account with the address "eve@example.com": add --create to create it`},
		{"bob@example.com", true, "bob@example.com has an account already: omit --create"},
		{"BOB@example.com", true, "bob@example.com has an account already: omit --create"},
		{"ada@example.com", false, "ada@example.com has a database already (" + taken.Name + ", ready): to replace it, delete it first with " +
			`"userdb delete ` + taken.Name + ` --now --yes"`},
		{"no address", true, "create the account: email: "},
	} {
		_, err := h.Import(t.Context(), ImportRequest{File: earlierExport, Email: test.email, Create: test.create})
		require.ErrorContains(t, err, test.want)
		assert.Equal(t, before, h.installedState(), test.email)
	}
	h.importing.Lock()
	_, err := h.importFor("eve@example.com", earlierExport)
	require.ErrorIs(t, err, ErrImporting)
	h.importing.Unlock()

	result, err := h.Import(t.Context(), ImportRequest{File: earlierExport, Email: "Bob@example.com"})
	require.NoError(t, err)
	assert.Equal(t, "bob@example.com", result.Email)
	assert.False(t, result.CreatedAccount)
	after := h.installedState()
	_, err = h.Import(t.Context(), ImportRequest{File: earlierExport, Email: "bob@example.com"})
	require.ErrorContains(t, err, "has a database already", "the same archive again")
	assert.Equal(t, after, h.installedState())
}
