package gateway

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestIPAllowed(t *testing.T) {
	allowed := []string{"10.0.0.1", "192.168.0.0/16", "2001:db8::/32", "::ffff:10.0.0.9", "not an address"}
	for address, want := range map[string]bool{
		"10.0.0.1": true, "::ffff:10.0.0.1": true, "10.0.0.2": false, "10.0.0.9": true,
		"192.168.3.4": true, "192.169.0.1": false, "2001:db8:1::1": true, "2001:db9::1": false, "": false, "not an address": false,
	} {
		assert.Equal(t, want, ipAllowed(address, allowed), address)
	}
	assert.False(t, ipAllowed("10.0.0.1", nil))
}
