package worker

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestWorkerIsStalledWhenItsPollsFailOrDoNotEnd(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	at := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
	locked := errors.New("database is locked")

	var p polling
	assert.NoError(t, p.stalled(at(0)), "before the first poll")
	p.begin(at(0))
	assert.NoError(t, p.stalled(at(60)), "a poll may wait for a backup")
	assert.ErrorContains(t, p.stalled(at(61)), "has waited for the database for 1m1s")
	p.begin(at(61)) // it has claimed a job
	assert.NoError(t, p.stalled(at(120)))
	p.end(at(120), nil)
	assert.NoError(t, p.stalled(at(10_000)), "between two polls, which may be an hour apart")

	p.end(at(10_000), locked)
	p.begin(at(10_030))
	p.end(at(10_030), locked)
	assert.NoError(t, p.stalled(at(10_060)))
	assert.ErrorIs(t, p.stalled(at(10_061)), locked, "since the first of the polls that failed")
	p.end(at(10_062), nil)
	assert.NoError(t, p.stalled(at(10_062)))
}
