package limit_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
)

func TestConcurrencyIsLimitedPerCallerAndInTotal(t *testing.T) {
	concurrency := limit.NewConcurrency(4, 2)
	acquire := func(caller string) func() {
		t.Helper()
		release, ok := concurrency.Acquire(limit.Network(caller))
		assert.True(t, ok, caller)
		return release
	}
	assertRefused := func(caller, why string) {
		t.Helper()
		_, ok := concurrency.Acquire(limit.Network(caller))
		assert.False(t, ok, why)
	}
	first := acquire("10.0.0.1")
	acquire("::ffff:10.0.0.200")
	assertRefused("10.0.0.77", "the network holds two")
	acquire("2001:db8:0:1::1")
	acquire("2001:db8:0:1:ffff::2")
	assertRefused("2001:db8:0:1::3", "a /64 subnet counts as one caller")
	assertRefused("10.0.2.2", "all four are held")
	assert.Equal(t, 4, concurrency.Held())
	first()
	first()
	last := acquire("10.0.2.2")
	assertRefused("10.0.3.3", "releasing twice counts once")
	last()
	acquire("not an address")
}

func TestSubnetsOfAnIPv6SiteShareALimit(t *testing.T) {
	concurrency := limit.NewConcurrency(limit.Unlimited, 2)
	for _, address := range []string{"2001:db8:1:1::1", "2001:db8:1:2::1", "2001:db8:1:3::1", "2001:db8:1:4::1"} {
		for range 2 {
			_, ok := concurrency.Acquire(limit.Network(address))
			assert.True(t, ok, address)
		}
	}
	_, ok := concurrency.Acquire(limit.Network("2001:db8:1:5::1"))
	assert.False(t, ok, "one customer may own a whole /48")
	_, ok = concurrency.Acquire(limit.Network("2001:db8:2:5::1"))
	assert.True(t, ok, "another /48 is another customer")
}
