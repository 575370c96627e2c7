package clock_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/clock"
	"github.com/fathom-to-loom/fathom-to-loom/internal/logtest"
)

// machine has a clock that can be set, and time that passes.
type machine struct {
	t       *testing.T
	wall    time.Time
	elapsed time.Duration
	repairs int
	failure error
	log     *logtest.Buffer
	file    string
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	m := &machine{t: t, wall: time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC), log: &logtest.Buffer{}, file: filepath.Join(t.TempDir(), clock.StateName)}
	return m
}

func (m *machine) start() *clock.Guard {
	m.t.Helper()
	guard := m.newGuard()
	require.NoError(m.t, guard.Check(m.t.Context()))
	return guard
}

func (m *machine) newGuard() *clock.Guard {
	return clock.NewGuard(clock.Config{
		StateFile: m.file, Logger: slog.New(slog.NewTextHandler(m.log, nil)),
		Now: func() time.Time { return m.wall }, Elapsed: func() time.Duration { return m.elapsed },
		SetBack: func(context.Context) error { m.repairs++; return m.failure },
	})
}

// pass lets time pass, with a check every minute or, if it is long, less often.
func (m *machine) pass(guard *clock.Guard, d time.Duration) {
	step := time.Minute
	if d > time.Hour {
		step = 20 * time.Minute
	}
	for end := m.elapsed + d; m.elapsed < end; {
		m.wall, m.elapsed = m.wall.Add(step), m.elapsed+step
		require.NoError(m.t, guard.Check(m.t.Context()))
	}
}

func TestDeletionsWaitForADayAfterTheClockJumped(t *testing.T) {
	for name, by := range map[string]time.Duration{"ahead": 365 * 24 * time.Hour, "back": -365 * 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			guard := m.start()
			m.pass(guard, time.Hour)
			assert.True(t, guard.MayDelete())
			m.wall = m.wall.Add(by)
			assert.False(t, guard.MayDelete(), "also before the next check")
			m.pass(guard, 23*time.Hour)
			assert.False(t, guard.MayDelete())
			m.pass(guard, 2*time.Hour)
			assert.True(t, guard.MayDelete())
			if by < 0 {
				assert.Equal(t, 2, m.repairs, "also of what was stored with a time read before the jump")
			} else {
				assert.Zero(t, m.repairs)
			}
			assert.Contains(t, m.log.String(), "the clock jumped")
		})
	}
}

func TestTimesAreRepairedAfterAJumpAheadAndBack(t *testing.T) {
	m := newMachine(t)
	guard := m.start()
	m.wall = m.wall.Add(365 * 24 * time.Hour)
	m.pass(guard, time.Hour)
	m.wall = m.wall.Add(-365 * 24 * time.Hour)
	m.pass(guard, time.Hour)
	assert.Equal(t, 2, m.repairs)
	m.failure = errors.New("disk is full")
	m.wall = m.wall.Add(-time.Hour)
	for range 3 {
		require.ErrorIs(t, guard.Check(t.Context()), m.failure)
	}
	m.failure = nil
	m.pass(guard, time.Hour)
	assert.Equal(t, 6, m.repairs, "until one succeeds")
}

func TestSmallCorrectionsAreNoJumps(t *testing.T) {
	m := newMachine(t)
	guard := m.start()
	for _, by := range []time.Duration{9 * time.Minute, -9 * time.Minute, 30 * time.Second} {
		m.wall = m.wall.Add(by)
		assert.True(t, guard.MayDelete())
		m.pass(guard, time.Minute)
	}
	assert.Zero(t, m.repairs)
	assert.Empty(t, m.log.String())
}

func TestStartComparesTheClockWithTheLastProcess(t *testing.T) {
	for _, test := range []struct {
		stopped   time.Duration
		mayDelete bool
		repairs   int
	}{
		{time.Minute, true, 0},
		{6 * 24 * time.Hour, true, 0},
		{8 * 24 * time.Hour, false, 0}, // or the clock was wrong at the start
		{-5 * time.Minute, true, 0},
		{-time.Hour, false, 1},
	} {
		m := newMachine(t)
		m.pass(m.start(), 3*time.Minute)
		m.wall, m.elapsed = m.wall.Add(test.stopped), 0
		guard := m.start()
		assert.Equal(t, test.mayDelete, guard.MayDelete(), test.stopped)
		assert.Equal(t, test.repairs, m.repairs, test.stopped)
	}
}

// An operator who reads the warning and restarts the server must not be the one who loses the data.
func TestRestartDoesNotShortenTheWait(t *testing.T) {
	m := newMachine(t)
	guard := m.start()
	m.pass(guard, time.Hour)
	m.wall = m.wall.Add(365 * 24 * time.Hour)
	m.pass(guard, time.Hour)
	restart := func() *clock.Guard {
		m.wall, m.elapsed = m.wall.Add(time.Hour), 0 // during which nothing ran
		m.log = &logtest.Buffer{}
		return m.start()
	}
	for range 5 {
		guard = restart()
		assert.False(t, guard.MayDelete())
		assert.Contains(t, m.log.String(), "so deletions wait")
		m.pass(guard, 4*time.Hour)
		assert.False(t, guard.MayDelete())
	}
	m.pass(restart(), 4*time.Hour) // the wait began at the first check after the jump, and ends after 24 hours of checks
	guard = restart()
	assert.True(t, guard.MayDelete())
	assert.Empty(t, m.log.String())
	assert.Zero(t, m.repairs)
}

func TestGuardThatHasCheckedNothingAllowsNoDeletions(t *testing.T) {
	m := newMachine(t)
	guard := m.newGuard()
	assert.False(t, guard.MayDelete())
	require.NoError(t, guard.Check(t.Context()))
	assert.True(t, guard.MayDelete())
}

func TestUnreadableStateMakesDeletionsWait(t *testing.T) {
	m := newMachine(t)
	require.NoError(t, os.WriteFile(m.file, []byte("{"), 0o600))
	guard := m.start()
	assert.False(t, guard.MayDelete())
	m.pass(guard, 25*time.Hour)
	assert.True(t, guard.MayDelete())
	m.elapsed = 0
	assert.True(t, m.start().MayDelete(), "the file was replaced")
}
