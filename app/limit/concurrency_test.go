package limit

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNobodyTakesEveryPlace(t *testing.T) {
	places := NewConcurrency(4, 2)
	take := func(address string) func() {
		t.Helper()
		leave, ok := places.Acquire(address)
		assert.True(t, ok, address)
		return leave
	}
	refused := func(address, why string) {
		t.Helper()
		_, ok := places.Acquire(address)
		assert.False(t, ok, why)
	}
	first := take("10.0.0.1")
	take("::ffff:10.0.0.1")
	refused("10.0.0.1", "it has two")
	take("2001:db8:0:1::1")
	take("2001:db8:0:1:ffff::2")
	refused("2001:db8:0:1::3", "all of a /64 are one customer's")
	refused("10.0.0.2", "there are four in all")
	first()
	first()
	last := take("10.0.0.2")
	refused("10.0.0.3", "a place was left twice, which counts once")
	last()
	take("not an address")

	lines := NewConcurrency(1000, 2)
	for _, line := range []string{"2001:db8:1:1::1", "2001:db8:1:2::1", "2001:db8:1:3::1", "2001:db8:1:4::1"} {
		for range 2 {
			_, ok := lines.Acquire(line)
			assert.True(t, ok, line)
		}
	}
	_, ok := lines.Acquire("2001:db8:1:5::1")
	assert.False(t, ok, "all of a /48 may be one customer's")
	_, ok = lines.Acquire("2001:db8:2:5::1")
	assert.True(t, ok)
}
