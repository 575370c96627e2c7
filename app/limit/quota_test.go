package limit_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/internal/clocktest"
)

// taken counts how many of a number of events a Quota allows.
func taken(q *limit.Quota, caller limit.Caller, events int) (n int) {
	for range events {
		if _, _, ok := q.Take(caller); ok {
			n++
		}
	}
	return n
}

func TestQuotaCountsEveryHourAndDayExactly(t *testing.T) {
	clock := clocktest.New(time.Now())
	q := limit.NewQuota(20, 100, 1000, clock.Now)
	network := limit.Network("203.0.113.9")
	inADay := 0
	for range 24 * 6 { // an attacker tries every ten minutes
		inADay += taken(q, network, 50)
		clock.Advance(10 * time.Minute)
	}
	assert.Equal(t, 100, inADay)
	assert.Equal(t, 20, taken(q, limit.Network("203.0.114.9"), 50), "another network has limits of its own")
}

func TestQuotaLimitsAllCallersTogether(t *testing.T) {
	clock := clocktest.New(time.Now())
	q := limit.NewQuota(20, 100, 150, clock.Now)
	total := 0
	for i := range 50 {
		total += taken(q, limit.Network(fmt.Sprintf("10.1.%d.1", i)), 30)
	}
	assert.Equal(t, 150, total)
	clock.Advance(24 * time.Hour)
	assert.Equal(t, 20, taken(q, limit.Network("10.1.0.1"), 30))
}

func TestQuotaOfAnIPv6Site(t *testing.T) {
	clock := clocktest.New(time.Now())
	q := limit.NewQuota(5, 0, 0, clock.Now)
	total := 0
	for i := range 30 {
		total += taken(q, limit.Network(fmt.Sprintf("2001:db8:1:%x::1", i)), 10)
	}
	assert.Equal(t, 20, total)
}

func TestQuotaForgetsEventsThatDidNotHappen(t *testing.T) {
	clock := clocktest.New(time.Now())
	q := limit.NewQuota(2, 0, 0, clock.Now)
	caller := limit.Network("203.0.113.9")
	first, _, ok := q.Take(caller)
	require.True(t, ok)
	clock.Advance(20 * time.Minute)
	_, _, ok = q.Take(caller)
	require.True(t, ok)
	_, wait, ok := q.Take(caller)
	assert.False(t, ok)
	assert.Equal(t, 40*time.Minute, wait, "the first event leaves the hour then")
	first()
	assert.Equal(t, 1, taken(q, caller, 5))
}

func TestQuotaWithoutLimits(t *testing.T) {
	q := limit.NewQuota(0, 0, 0, time.Now)
	assert.Equal(t, 5000, taken(q, limit.Network("203.0.113.9"), 5000))
}
