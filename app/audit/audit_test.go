package audit_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/logtest"
)

func TestMain(m *testing.M) { apptest.Main(m) }

// start is at the beginning of an hour.
var start = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

type harness struct {
	*audit.Recorder
	app core.App
	now time.Time
	log *logtest.Buffer
}

func newHarness(t *testing.T, keep time.Duration) *harness {
	t.Helper()
	h := &harness{app: dbtest.NewGlobal(t), now: start, log: &logtest.Buffer{}}
	h.Recorder = audit.New(audit.Config{
		App: h.app, Keep: keep, Logger: slog.New(slog.NewTextHandler(h.log, nil)), Now: func() time.Time { return h.now },
	})
	return h
}

func (h *harness) list(t *testing.T, owner string) []audit.Row {
	t.Helper()
	rows, err := h.List(t.Context(), owner)
	require.NoError(t, err)
	return rows
}

func TestEqualEventsOfAnHourAreOneRow(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 0)
	from := func(address string) context.Context {
		return audit.WithActor(t.Context(), audit.Actor{Kind: audit.Owner, Address: address})
	}
	signIn := audit.Event{Owner: "ada", Kind: audit.SignIn, Detail: "password"}
	h.Record(from("192.0.2.1"), signIn)
	h.now = start.Add(59 * time.Minute)
	h.Record(from("192.0.2.1"), signIn)
	h.Record(from("192.0.2.2"), signIn)
	h.Record(from("192.0.2.1"), audit.Event{Owner: "grace", Kind: audit.SignIn, Detail: "password"})
	h.now = start.Add(time.Hour)
	h.Record(from("192.0.2.1"), signIn)
	rows := h.list(t, "ada")
	require.Len(t, rows, 3)
	assert.Equal(t, 1, rows[0].Count, "of the next hour")
	assert.Equal(t, "192.0.2.2", rows[1].Address)
	assert.Equal(t, 2, rows[2].Count)
	assert.Equal(t, start, rows[2].FirstAt.Time())
	assert.Equal(t, start.Add(59*time.Minute), rows[2].LastAt.Time())
	assert.Len(t, h.list(t, "grace"), 1)
}

func TestEventsOfATransactionDisappearWithIt(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 0)
	undone := errors.New("undone")
	require.ErrorIs(t, h.app.RunInTransaction(func(tx core.App) error {
		h.RecordIn(t.Context(), tx, audit.Event{Owner: "ada", Kind: audit.PasswordChanged})
		return undone
	}), undone)
	assert.Empty(t, h.list(t, "ada"))
}

func TestCountedEventsAreWrittenSoonAndAtTheEnd(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 0)
	require.NoError(t, h.Start(t.Context()))
	failure := func(address string) {
		h.Count(t.Context(), audit.Event{Owner: "ada", Kind: audit.SignInFailed, Actor: audit.Actor{Kind: audit.Owner, Address: address}})
	}
	failure("192.0.2.1")
	require.Eventually(t, func() bool { return len(h.list(t, "ada")) == 1 }, time.Minute, time.Millisecond)
	for i := range 50 {
		failure(fmt.Sprintf("192.0.2.%d", i))
	}
	require.NoError(t, h.Stop(t.Context()))
	rows := h.list(t, "ada")
	require.Len(t, rows, 1)
	assert.Equal(t, 51, rows[0].Count)
	assert.Equal(t, "192.0.2.49", rows[0].Address, "the latest")
}

func TestEventsThatCannotBeWrittenAreLogged(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 0)
	execute := func(statement string) {
		_, err := h.app.NonconcurrentDB().NewQuery(statement).Execute()
		require.NoError(t, err)
	}
	execute("CREATE TRIGGER full BEFORE INSERT ON audit_events BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
	h.Record(t.Context(), audit.Event{Owner: "ada", Kind: audit.SignIn})
	assert.Contains(t, h.log.String(), "failed to record an event in the audit trail")
	require.NoError(t, h.Start(t.Context()))
	h.Count(t.Context(), audit.Event{Owner: "ada", Kind: audit.SignInFailed})
	require.NoError(t, h.Stop(t.Context()))
	execute("DROP TRIGGER full")
	require.NoError(t, h.Start(t.Context()))
	require.NoError(t, h.Stop(t.Context()))
	rows := h.list(t, "ada")
	require.Len(t, rows, 1, "what was counted is written later")
	assert.Equal(t, audit.SignInFailed, rows[0].Event)
}

func TestOldAndSurplusEventsAreDeleted(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 24*time.Hour)
	h.Record(t.Context(), audit.Event{Owner: "ada", Kind: audit.SignIn})
	h.now = start.Add(25 * time.Hour)
	h.Record(t.Context(), audit.Event{Owner: "grace", Kind: audit.SignIn})
	_, err := h.app.NonconcurrentDB().NewQuery("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2600) " +
		"INSERT INTO audit_events (id, owner, event, actor, count, first_at, last_at, bucket) " +
		"SELECT 'row' || i, 'eve', 'sign_in', 'owner', i, '2026-01-02 12:00:00.000Z', '2026-01-02 12:00:00.000Z', 'b' || i FROM n").Execute()
	require.NoError(t, err)
	h.now = start.Add(20 * time.Hour)
	h.Record(t.Context(), audit.Event{Owner: "eve", Kind: audit.PasswordChanged})
	h.now = start.Add(25 * time.Hour)
	require.Len(t, h.list(t, "eve"), audit.MaxPerKind+1, "also before the surplus is deleted")
	require.NoError(t, h.Prune(t.Context()))
	assert.Empty(t, h.list(t, "ada"))
	assert.Len(t, h.list(t, "grace"), 1)
	rows := h.list(t, "eve")
	require.Len(t, rows, audit.MaxPerKind+1)
	assert.Equal(t, 2600, rows[0].Count, "the newest are kept")
	assert.Equal(t, audit.PasswordChanged, rows[audit.MaxPerKind].Event, "events of one kind don't push out those of others")
	var stored int
	require.NoError(t, h.app.ConcurrentDB().NewQuery("SELECT COUNT(*) FROM audit_events WHERE owner = 'eve'").Row(&stored))
	assert.Equal(t, audit.MaxPerKind+1, stored)

	forever := audit.New(audit.Config{App: h.app, Now: func() time.Time { return start.AddDate(100, 0, 0) }})
	require.NoError(t, forever.Prune(t.Context()))
	assert.Len(t, h.list(t, "grace"), 1)
}

func TestLongTextsAreShortened(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 0)
	long := make([]byte, 10_000)
	h.Record(t.Context(), audit.Event{Owner: "ada", Kind: audit.SignIn, Actor: audit.Actor{Kind: audit.Owner, UserAgent: "Browser\n" + string(long)}})
	rows := h.list(t, "ada")
	require.Len(t, rows, 1)
	assert.LessOrEqual(t, len(rows[0].UserAgent), 200)
	assert.NotContains(t, rows[0].UserAgent, "\n")
}

// Otherwise an intruder could push out the rows that give them away.
func TestClientsCannotFillTheTrailWithChosenValues(t *testing.T) {
	t.Parallel()
	h := newHarness(t, 0)
	for _, actor := range []audit.Actor{
		{Kind: audit.Owner, Address: "2001:db8:1:2::1", UserAgent: "a"},
		{Kind: audit.Owner, Address: "2001:db8:1:2::1", UserAgent: "b"},
		{Kind: audit.Owner, Address: "2001:db8:1:2:ffff::9", UserAgent: "c"},
		{Kind: audit.Owner, Address: "2001:db8:1:3::1", UserAgent: "c"},
	} {
		h.Record(t.Context(), audit.Event{Owner: "ada", Kind: audit.SignIn, Actor: actor})
	}
	assert.Len(t, h.list(t, "ada"), 2, "one row for each network")
}
