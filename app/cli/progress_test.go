package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// shownProgress is a view whose clock and output a test controls.
type shownProgress struct {
	*progressView
	out   strings.Builder
	clock time.Time
}

func newShownProgress(mode progressMode, columns int) *shownProgress {
	s := &shownProgress{clock: time.Unix(1_800_000_000, 0)}
	s.progressView = &progressView{
		name: "backup", to: &s.out, mode: mode, last: s.clock,
		now: func() time.Time { return s.clock }, columns: func() int { return columns },
	}
	if mode == progressEvents {
		s.last = time.Time{}
	}
	return s
}

// proceed shows progress every half second.
func (s *shownProgress) proceed(p progress.Progress, from, to, step int64) {
	for p.Done = from; p.Done <= to; p.Done += step {
		s.show(p)
		s.clock = s.clock.Add(time.Second / 2)
	}
}

func TestProgressWithoutATerminalIsALineEveryTenSeconds(t *testing.T) {
	s := newShownProgress(progressLines, 0)
	copying := progress.Progress{Stage: "copy recordings", Total: 3_000_000_000, Unit: progress.Bytes}
	s.proceed(copying, 0, 3_000_000_000, 50_000_000) // 30 s
	s.proceed(progress.Progress{Stage: "prune", Total: 4, Unit: progress.Databases}, 0, 4, 1)
	s.finish()
	assert.Equal(t, "backup: copy recordings: 1.0 GB of 3.0 GB (33 %), 100 MB/s, 20s left\n"+
		"backup: copy recordings: 2.0 GB of 3.0 GB (66 %), 100 MB/s, 10s left\n"+
		"backup: copy recordings: 3.0 GB of 3.0 GB (100 %), 100 MB/s\n", s.out.String(), "a short stage prints nothing")
}

func TestLastLineShowsWhereAnInterruptedCommandStopped(t *testing.T) {
	s := newShownProgress(progressLines, 0)
	s.proceed(progress.Progress{Total: 90, Unit: progress.Databases}, 0, 25, 1)
	s.finish()
	assert.Equal(t, "backup: 20 of 90 databases (22 %), 2.0/s, 35s left\nbackup: 25 of 90 databases (27 %), 2.0/s, 33s left\n", s.out.String())
}

func TestProgressWithJSONIsAnEventASecond(t *testing.T) {
	s := newShownProgress(progressEvents, 0)
	s.proceed(progress.Progress{Stage: "copy", Total: 4, Unit: progress.Databases}, 0, 3, 1)
	s.finish()
	var events []map[string]any
	for line := range strings.Lines(s.out.String()) {
		var event map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &event))
		events = append(events, event)
	}
	assert.Equal(t, []map[string]any{
		{"stage": "copy", "done": 0.0, "total": 4.0, "unit": "databases"},
		{"stage": "copy", "done": 2.0, "total": 4.0, "unit": "databases", "per_second": 2.0, "seconds_left": 1.0},
		{"stage": "copy", "done": 3.0, "total": 4.0, "unit": "databases", "per_second": 2.0, "seconds_left": 1.0},
	}, events)
}

func TestBarIsReplacedAndRemoved(t *testing.T) {
	s := newShownProgress(progressBar, 100)
	s.show(progress.Progress{Total: 4, Unit: progress.Databases})
	s.show(progress.Progress{Done: 1, Total: 4, Unit: progress.Databases})
	above := &aboveBar{s.progressView, &s.out}
	_, err := fmt.Fprintln(above, "1/4  first  migrated")
	require.NoError(t, err)
	s.finish()
	_, err = fmt.Fprintln(above, "done")
	require.NoError(t, err)
	const quarter = "[======                  ] backup: 1 of 4 databases (25 %)"
	assert.Equal(t, clearLine+"["+strings.Repeat(" ", 24)+"] backup: 0 of 4 databases (0 %)"+
		clearLine+quarter+
		clearLine+"1/4  first  migrated\n"+clearLine+quarter+ // the output is above the bar
		clearLine+"done\n", s.out.String())
}

func TestBarFitsInTheTerminal(t *testing.T) {
	p := progress.Progress{Stage: "read 2024-01-15-001-johndoe", Done: 5, Total: 10, Unit: progress.Bytes}
	for columns := range 120 {
		assert.Less(t, len(progressBarText("blobs", p, rate{}, columns)), max(columns, 1))
	}
	assert.Contains(t, progressBarText("blobs", p, rate{}, 120), "[============            ] blobs: read 2024-01-15-001-johndoe: 5 B of 10 B (50 %)")
	assert.Equal(t, "blobs: read 2024", progressBarText("blobs", p, rate{}, 17))
}

func TestFiguresOfProgress(t *testing.T) {
	at := time.Unix(1_800_000_000, 0)
	measured := func(seconds, done int64) rate {
		return rate{[]sample{{at, 0}, {at.Add(time.Duration(seconds) * time.Second), done}}}
	}
	for _, test := range []struct {
		progress progress.Progress
		rate     rate
		want     string
	}{
		{progress.Progress{Done: 5, Unit: progress.Keys}, rate{}, "5 keys"},
		{progress.Progress{Done: 1500, Unit: progress.Bytes}, measured(1, 1500), "1.5 kB, 1.5 kB/s"},
		{progress.Progress{Done: 999, Total: 1000, Unit: progress.Keys}, rate{}, "999 of 1,000 keys (99 %)"},
		{progress.Progress{Done: 12, Total: 10, Unit: progress.Bytes}, rate{}, "12 B"}, // the total was an estimate
		{progress.Progress{Done: 12_000, Total: 1_000_000, Unit: progress.Keys}, measured(10, 12_000), "12,000 of 1,000,000 keys (1 %), 1,200/s, 14m left"},
		{progress.Progress{Done: 1, Total: 61, Unit: progress.Databases}, measured(60, 1), "1 of 61 databases (1 %), 1.0/min, 1h0m left"},
	} {
		assert.Equal(t, "verify: "+test.want, progressText("verify", test.progress, test.rate))
	}
}

func TestRateFollowsTheLastTwentySeconds(t *testing.T) {
	var r rate
	at := time.Unix(1_800_000_000, 0)
	for second := range int64(1000) {
		r.add(at.Add(time.Duration(second)*time.Second), min(second, 500)*10)
	}
	assert.Zero(t, r.perSecond(), "nothing has been done for long")
	assert.LessOrEqual(t, len(r.samples), 45, "memory is bounded")
}

func TestProgressOfMigrate(t *testing.T) {
	s := startServer(t)
	s.progress = []progress.Progress{{Total: 1, Unit: progress.Databases}, {Done: 1, Total: 1, Unit: progress.Databases}}
	outcome := userdb.Outcome{Name: "2024-01-15-001-johndoe", Done: 1, Total: 1}
	golden(t, "progress", s.answer(outcome).run("userdb", "migrate", "--all")+
		s.answer(outcome).run("userdb", "migrate", "--all", "--json"))
}

func TestInterruptedCommandSaysHowToContinue(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	command := &cobra.Command{}
	command.SetContext(ctx)
	err := withProgress(command, longCommand{"backup", continueAgain}, func(ctx context.Context) error {
		cancel()
		return ctx.Err()
	})
	require.ErrorIs(t, err, errInterrupted)
	require.EqualError(t, err, "interrupted: run the command again to continue")
	failed := errors.New("replace the data: disk is full (the next start continues)")
	err = withProgress(command, longCommand{"restore", "nothing was replaced"}, func(context.Context) error { return failed })
	require.ErrorIs(t, err, errInterrupted)
	require.EqualError(t, err, "interrupted: replace the data: disk is full (the next start continues)")
	err = withProgress(command, longCommand{"backup", continueAgain}, func(context.Context) error {
		return errors.New("create backup: context canceled") // as it arrives from the server
	})
	require.EqualError(t, err, "interrupted: run the command again to continue")
	command.SetContext(t.Context())
	require.Equal(t, failed, withProgress(command, longCommand{}, func(context.Context) error { return failed }))
	require.NoError(t, withProgress(command, longCommand{}, func(context.Context) error { return nil }))
}
