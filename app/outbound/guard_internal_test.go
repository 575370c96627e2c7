package outbound

import (
	"context"
	"errors"
	"net/netip"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestClassifyAddresses(t *testing.T) {
	for want, addrs := range map[ipRange][]string{
		rangePublic: {"1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::1.1.1.1", "::ffff:1.1.1.1"},
		rangePrivate: {
			"127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1", "100.127.255.255",
			"::1", "fc00::1", "fdff::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1",
		},
		rangeSpecial: {
			"240.0.0.1", "192.0.2.1", "198.18.0.1", "198.19.255.255", "64:ff9b::198.18.0.1", "::ffff:192.0.2.1",
			"fec0::1", "2001:10::1", "2001:db8::1", "3fff::1", "5f00::1", "100::1", "4000::1",
		},
		rangeForbidden: {
			"0.0.0.0", "0.1.2.3", "169.254.169.254", "224.0.0.1", "239.1.1.1", "255.255.255.255",
			"100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254", "fd00:42::42",
			"::", "::7f00:1", "fe80::1", "fe80::1%lo", "ff02::1", "2002:7f00:1::", "2001::1", "64:ff9b:1::1",
			"::ffff:169.254.169.254", "64:ff9b::169.254.169.254", "64:ff9b::100.100.100.200", "::ffff:0.0.0.0",
		},
	} {
		for _, addr := range addrs {
			assert.Equal(t, want, classify(unwrap(netip.MustParseAddr(addr))), addr)
		}
	}
	assert.Equal(t, rangeForbidden, classify(unwrap(netip.Addr{})))
}

func TestBaseIsPrivateOnlyIfAllItsAddressesAre(t *testing.T) {
	names := map[string][]string{
		"simulator": {"172.18.0.3", "fd00::3"}, "mixed.test": {"10.0.0.1", "1.1.1.1"}, "public.test": {"1.1.1.1"},
		"metadata.test": {"169.254.169.254"}, "nothing.test": {},
	}
	for base, want := range map[string]bool{
		"http://127.0.0.1:8091": true, "http://[::1]": true, "http://192.168.1.5": true, "http://localhost:1": true, "http://x.localhost": true, "http://LOCALHOST.": true,
		"http://1.1.1.1": false, "http://169.254.169.254": false, "http://0.0.0.0": false,
		"http://simulator:8091": true, "http://mixed.test": false, "http://public.test": false, "http://metadata.test": false, "http://nothing.test": false,
		"http://unknown.test": false,
	} {
		u, err := url.Parse(base)
		assert.NoError(t, err)
		lookups := 0
		g := NewGuard(Network{Lookup: func(_ context.Context, _, host string) (addrs []netip.Addr, err error) {
			lookups++
			list, ok := names[host]
			if !ok {
				return nil, errors.New("no such host")
			}
			for _, a := range list {
				addrs = append(addrs, netip.MustParseAddr(a))
			}
			return addrs, nil
		}}, u)
		assert.Equal(t, want, g.isBasePrivate(t.Context()), base)
		assert.Equal(t, want, g.isBasePrivate(t.Context()), base)
		if base == "http://unknown.test" {
			assert.Equal(t, 2, lookups, "a failed lookup is repeated")
		} else {
			assert.LessOrEqual(t, lookups, 1, "the answer is cached")
		}
	}
}

func TestSlowLookupDoesNotBlockOtherChecks(t *testing.T) {
	base, err := url.Parse("http://simulator:8091")
	require.NoError(t, err)
	started, release := make(chan struct{}), make(chan struct{})
	var blocked atomic.Bool
	g := NewGuard(Network{Lookup: func(ctx context.Context, _, _ string) ([]netip.Addr, error) {
		if blocked.CompareAndSwap(false, true) { // the first lookup
			close(started)
			<-release
		}
		return []netip.Addr{netip.MustParseAddr("172.18.0.3")}, ctx.Err()
	}}, base)
	private := netip.MustParseAddr("10.0.0.1")
	first := make(chan error, 1)
	go func() { first <- g.checkAddr(context.WithoutCancel(t.Context()), "", private) }()
	<-started
	assert.NoError(t, g.checkAddr(t.Context(), "", private))
	close(release)
	assert.NoError(t, <-first)
}
