package limit_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
)

func TestStrangersAreCountedByNetwork(t *testing.T) {
	for name, c := range map[string]struct {
		a, b string
		same bool
	}{
		"addresses of one /24":           {"198.51.100.1", "198.51.100.254", true},
		"neighbouring /24 networks":      {"198.51.100.255", "198.51.101.0", false},
		"an IPv4 address written as v6":  {"::ffff:198.51.100.7", "198.51.100.9", true},
		"addresses of one /64":           {"2001:db8:7:1::1", "2001:db8:7:1:ffff:ffff:ffff:ffff", true},
		"neighbouring /64 networks":      {"2001:db8:7:1::1", "2001:db8:7:2::1", false},
		"an address with a zone":         {"fe80::1%eth0", "fe80::2", true},
		"text that isn't an address":     {"proxy", "proxy", true},
		"different texts":                {"proxy", "other", false},
		"expanded and compressed digits": {"2001:0db8:0007:0001:0000:0000:0000:0009", "2001:db8:7:1::1", true},
	} {
		assert.Equal(t, c.same, limit.Network(c.a) == limit.Network(c.b), name)
		assert.Equal(t, c.same, limit.Network(c.a).String() == limit.Network(c.b).String(), name)
	}
	assert.True(t, limit.Network("2001:db8:7:1::1").SameSite(limit.Network("2001:db8:7:ffff::1")))
	assert.False(t, limit.Network("2001:db8:7:1::1").SameSite(limit.Network("2001:db8:8:1::1")))
	assert.False(t, limit.Network("198.51.100.1").SameSite(limit.Network("198.51.100.1")), "IPv4 has no sites")
}

func TestAnAccountIsNeverANetwork(t *testing.T) {
	assert.NotEqual(t, limit.Account("198.51.100.0/24"), limit.Network("198.51.100.0/24"))
	assert.NotEqual(t, limit.Account("ada"), limit.Account("grace"))
}
