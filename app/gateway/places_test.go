package gateway

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNobodyTakesEveryPlace(t *testing.T) {
	places := NewPlaces(4, 2)
	take := func(address string) func() {
		t.Helper()
		leave, ok := places.Take(address)
		assert.True(t, ok, address)
		return leave
	}
	refused := func(address, why string) {
		t.Helper()
		_, ok := places.Take(address)
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
}
