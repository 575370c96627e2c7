package search_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/search"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	"github.com/fathom-to-loom/fathom-to-loom/internal/clocktest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
)

// harness is a search service whose background doesn't run, with one user database.
type harness struct {
	t         testing.TB
	global    core.App
	folder    string
	configure []func(*search.Config)
	databases *userdb.Service
	search    *search.Service
	clock     *clocktest.Clock
	entry     registry.Entry
	db        *userdb.Handle
	disk      error // why nothing can be written
}

// Limits of what tests wait for.
const (
	waitFor = time.Minute
	tick    = 10 * time.Millisecond
)

func newHarness(t testing.TB, configure ...func(*search.Config)) *harness {
	t.Helper()
	h := &harness{
		t: t, global: dbtest.NewGlobal(t), folder: filepath.Join(t.TempDir(), "user_dbs"), configure: configure,
		clock: clocktest.New(time.Now()),
	}
	h.start()
	t.Cleanup(func() { require.NoError(t, h.databases.Stop(context.Background())) })
	h.entry = h.provision("ada@example.com")
	h.acquire()
	return h
}

func (h *harness) start() {
	h.t.Helper()
	keys, err := vault.New(bytes.Repeat([]byte("k"), vault.KeySize))
	require.NoError(h.t, err)
	h.databases = userdb.New(userdb.Config{App: h.global, Dir: h.folder, Vault: keys, Now: h.clock.Now})
	cfg := search.Config{Databases: h.databases, Now: h.clock.Now, Timeout: time.Minute} // machines that run tests are slow
	cfg.CheckSpace = func() error { return h.disk }
	for _, configure := range h.configure {
		configure(&cfg)
	}
	h.search = search.New(cfg)
	require.NoError(h.t, h.databases.Start(context.Background()))
}

func (h *harness) provision(email string) registry.Entry {
	h.t.Helper()
	entry, err := h.databases.Provision(context.Background(), dbtest.NewUser(h.t, h.global, email))
	require.NoError(h.t, err)
	return entry
}

// restart restarts both services. In between, it calls change with the folder of the user database.
func (h *harness) restart(change func(dir string)) {
	h.t.Helper()
	h.db.Release()
	require.NoError(h.t, h.databases.Stop(context.Background()))
	if change != nil {
		change(h.dir())
	}
	h.start()
	h.acquire()
}

// full makes the disk full.
func (h *harness) full() { h.disk = errors.New("the disk is full") }

// archive archives the user database, which must not be in use.
func (h *harness) archive() {
	h.t.Helper()
	require.NoError(h.t, h.databases.Archive(context.Background(), []string{h.entry.Name}, h.report))
}

// acquireArchived unpacks and opens the user database.
func (h *harness) acquireArchived() {
	h.t.Helper()
	require.NoError(h.t, h.databases.Restore(context.Background(), []string{h.entry.Name}, h.report))
	h.acquire()
}

func (h *harness) report(outcome userdb.Outcome) {
	h.t.Helper()
	require.Empty(h.t, outcome.Error)
}

// acquire opens the user database.
func (h *harness) acquire() {
	h.t.Helper()
	var err error
	h.db, err = h.databases.Acquire(context.Background(), h.entry.Name)
	require.NoError(h.t, err)
	h.t.Cleanup(h.db.Release) // otherwise a failed test would wait for it
}

func (h *harness) dir() string  { return h.databases.Dir(h.entry.Name) }
func (h *harness) file() string { return filepath.Join(h.dir(), sqlite.SearchFile) }

// meeting is what a test stores of a recording.
type meeting struct {
	id         int64
	title      string
	at         string // such as 2026-01-31 10:00:00.000Z
	host       fathom.Host
	invitees   []fathom.Invitee
	summary    string
	actions    []fathom.ActionItem
	highlights []fathom.Highlight
	transcript []fathom.TranscriptItem
}

// says is an item of a transcript. The address may be blank.
func says(speaker, email, timestamp, text string) fathom.TranscriptItem {
	return fathom.TranscriptItem{Speaker: fathom.Speaker{DisplayName: speaker, InviteeEmail: email}, Timestamp: timestamp, Text: text}
}

// save creates or replaces a meeting and its transcript, as a sync does.
func (h *harness) save(m meeting) {
	h.t.Helper()
	record := h.find("meetings", m.id)
	record.Set("title", m.title)
	record.Set("recorded_at", m.at)
	record.Set("recorded_by", m.host)
	record.Set("invitees", m.invitees)
	record.Set("summary", m.summary)
	record.Set("action_items", m.actions)
	record.Set("highlights", m.highlights)
	require.NoError(h.t, h.db.App.Save(record))
	if m.transcript == nil {
		return
	}
	items, err := json.Marshal(m.transcript)
	require.NoError(h.t, err)
	transcript := h.find("transcripts", m.id)
	transcript.Set("meeting", record.Id)
	transcript.Set("items", string(items))
	require.NoError(h.t, h.db.App.Save(transcript))
}

// find returns the record of a recording, or a new one.
func (h *harness) find(collection string, id int64) *core.Record {
	h.t.Helper()
	if record, err := h.db.App.FindFirstRecordByData(collection, "recording_id", id); err == nil {
		return record
	}
	c, err := h.db.App.FindCollectionByNameOrId(collection)
	require.NoError(h.t, err)
	record := core.NewRecord(c)
	record.Set("recording_id", id)
	return record
}

func (h *harness) delete(id int64) {
	h.t.Helper()
	require.NoError(h.t, h.db.App.Delete(h.find("meetings", id)))
}

// query searches for up to 50 recordings.
func (h *harness) query(text string) search.Result {
	h.t.Helper()
	query, err := search.Parse(text)
	require.NoError(h.t, err, text)
	result, err := h.search.Search(h.t.Context(), h.db.Database, search.Request{Query: query, Limit: search.MaxLimit})
	require.NoError(h.t, err, text)
	return result
}

// found returns the recordings that a query finds, the best first, once all are indexed.
func (h *harness) found(text string) string {
	h.t.Helper()
	h.work()
	result := h.query(text)
	require.True(h.t, result.Complete, text)
	ids := []int64{}
	for _, item := range result.Items {
		ids = append(ids, item.RecordingID)
	}
	require.EqualValues(h.t, len(ids), result.Total, text)
	return fmt.Sprint(ids)
}

// work does what the background does.
func (h *harness) work() {
	h.t.Helper()
	require.NoError(h.t, h.search.Work(h.t.Context(), h.db.Database))
}

// replaceData replaces the data.db of a closed database.
func replaceData(t testing.TB, dir string, content []byte) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(dir, sqlite.DataFile), content, 0o600))
	for _, suffix := range []string{"-wal", "-shm"} {
		require.NoError(t, os.RemoveAll(filepath.Join(dir, sqlite.DataFile+suffix)))
	}
}
