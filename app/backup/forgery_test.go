package backup_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
)

// indexOf returns the path of the index of a set.
func (h *harness) indexOf(set string) string {
	h.t.Helper()
	found, err := filepath.Glob(filepath.Join(h.dir, "sets", set, "index-*"))
	require.NoError(h.t, err)
	require.Len(h.t, found, 1)
	return found[0]
}

// forge publishes a copy of the index of a set under another name, as somebody who can write to the store.
func (h *harness) forge(set string, at time.Time, change func(index map[string]any)) (name string) {
	h.t.Helper()
	name = at.UTC().Format("20060102T150405Z")
	content, err := os.ReadFile(h.indexOf(set))
	require.NoError(h.t, err)
	line, seal, _ := bytes.Cut(content, []byte("\n"))
	index := map[string]any{}
	require.NoError(h.t, json.Unmarshal(line, &index))
	index["name"], index["created"] = name, at
	change(index)
	line, err = json.Marshal(index)
	require.NoError(h.t, err)
	path := filepath.Join(h.dir, "sets", name, "index-0123456789abcdef")
	require.NoError(h.t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(h.t, os.WriteFile(path, append(append(line, '\n'), seal...), 0o600))
	return name
}

func asItIs(map[string]any) {}

func TestCopiedBackupIsNotTakenForANewOne(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ada := h.provision("ada@example.com")
	old := h.create()
	h.save(ada.Name, "meetings", map[string]any{"recording_id": 2, "title": "new"})
	current := h.create()
	forged := h.forge(old.Name, time.Now().Add(time.Hour), asItIs)
	h.forge(old.Name, time.Now().Add(2*time.Hour), func(index map[string]any) { index["created"] = old.Created })

	found, err := h.Repository.Find(t.Context(), backup.Latest)
	require.NoError(t, err)
	assert.Equal(t, current.Name, found.Name)
	require.Len(t, found.Skipped, 2)
	assert.Contains(t, found.Skipped[1].Text, forged)
	assert.Contains(t, found.Skipped[1].Text, "not the one that it claims to be")

	to := target(t)
	_, err = h.Repository.Restore(t.Context(), forged, to)
	require.ErrorContains(t, err, "not the one that it claims to be")
	assertNames(t, to.DataDir)
	_, err = h.Repository.Restore(t.Context(), backup.Latest, to)
	require.NoError(t, err)
	assert.Contains(t, titles(t, openRestored(t, to), ada.Name), "new")

	_, err = h.Repository.Verify(t.Context(), forged, t.TempDir(), h.Ledger)
	require.ErrorContains(t, err, "not the one that it claims to be")
	assert.Len(t, h.verify(backup.Latest).Problems, 2, "they are reported")
}

func TestChangedIndexIsRefused(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.addRecording(h.provision("ada@example.com").Name, "video of ada")
	set := h.create()
	path := h.indexOf(set.Name)
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	for name, change := range map[string]func(index map[string]any){
		"object removed": func(index map[string]any) { index["objects"] = index["objects"].([]any)[1:] },
		"time":           func(index map[string]any) { index["created"] = set.Created.Add(-time.Hour) },
		"counts":         func(index map[string]any) { index["incomplete"] = 1 },
		"name":           func(index map[string]any) { index["name"] = "20200101T000000Z" },
	} {
		index := map[string]any{}
		require.NoError(t, json.Unmarshal(bytes.SplitN(content, []byte("\n"), 2)[0], &index))
		change(index)
		changed, err := json.Marshal(index)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, changed, 0o600))
		_, err = h.Repository.Verify(t.Context(), set.Name, t.TempDir(), h.Ledger)
		require.ErrorContains(t, err, "not the one that it claims to be", name)
		_, err = h.Repository.Restore(t.Context(), set.Name, target(t))
		require.ErrorContains(t, err, "not the one that it claims to be", name)
	}
	require.NoError(t, os.WriteFile(path, content, 0o600))
	assert.Empty(t, h.verify(set.Name).Problems)
}

// Somebody who can add files to the store, but not delete any, must not make the server delete the genuine backups.
func TestForgedBackupsPushOutNoOthers(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 3, 17, 0, 0, time.UTC)
	h := newHarness(t, func(cfg *backup.Config) { cfg.Now, cfg.Keep = func() time.Time { return now }, backup.Keep{Days: 3} })
	h.settle()
	var genuine []string
	for range 3 {
		genuine = append(genuine, h.create().Name)
		h.forge(genuine[0], now.Add(time.Hour), asItIs)
		h.forge(genuine[0], now.Add(100*24*time.Hour), asItIs)
		h.forge(genuine[0], now.Add(2*time.Hour), func(index map[string]any) { // with contents that this server can't read
			index["contents"].(map[string]any)["sha256"] = ""
		})
		now = now.Add(24 * time.Hour)
	}
	genuine = append(genuine, h.create().Name)
	names := map[string]bool{}
	sets, err := h.Repository.Sets(t.Context())
	require.NoError(t, err)
	for _, set := range sets {
		names[set.Name] = true
	}
	for _, name := range genuine[1:] {
		assert.True(t, names[name], "%s of %v", name, names)
		assert.Empty(t, h.verify(name).Problems)
	}
	assert.False(t, names[genuine[0]], "it is too old")
}

// A second index must not hide the one that the server wrote.
func TestAddedIndexHidesNothing(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	set := h.create()
	path := h.indexOf(set.Name)
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	folder := filepath.Dir(path)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "index-0000000000000000"), nil, 0o600))
	changed := strings.Replace(string(content), `"databases":0`, `"databases":9`, 1)
	for _, name := range []string{"index-0000000000000001", "index-ffffffffffffffff"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(changed), 0o600))
	}
	assert.Empty(t, h.verify(backup.Latest).Problems)
	sets, err := h.Repository.Sets(t.Context())
	require.NoError(t, err)
	require.Len(t, sets, 1)
	assert.Zero(t, sets[0].Databases)
}
