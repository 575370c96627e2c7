package outbound_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/internal/proxytest"
)

// requireRefused requires the refusal of a guard, and that the text for the operator names what it must.
func requireRefused(t *testing.T, err error, reason outbound.Reason, names ...string) *outbound.Refusal {
	t.Helper()
	refusal, ok := errors.AsType[*outbound.Refusal](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, reason, refusal.Reason, "%v", err)
	for _, name := range names {
		assert.Contains(t, refusal.Error(), name)
	}
	return refusal
}

// guarded returns a client of hosts behind a proxy.
func guarded(t *testing.T, network outbound.Network, host *httptest.Server) *http.Client {
	t.Helper()
	guard := outbound.NewGuard(network, nil)
	client := &http.Client{Transport: guard.Transport(trust(network.Transport(), host)), CheckRedirect: guard.CheckRedirect}
	t.Cleanup(client.CloseIdleConnections)
	return client
}

func TestGuardChecksNamesBeforeTheProxyConnects(t *testing.T) {
	proxy := proxytest.Start(t, proxytest.Options{})
	table := map[string][]string{
		"public": {"1.1.1.1", "2606:4700::1111"}, "private": {"10.0.0.5"}, "mixed": {"1.1.1.1", "192.168.1.5"}, "v6": {"2606:4700::1111", "fd12::5"},
		"metadata": {"169.254.169.254"}, "metadata6": {"fd00:ec2::254"}, "mapped": {"::ffff:127.0.0.1"}, "nat64": {"64:ff9b::10.0.0.5"}, "fake": {"198.18.0.10"},
		"nothing": {}, "silent": nil,
	}
	resolved := map[string][]string{}
	var routes []string
	for name, addrs := range table {
		resolved[name+".example.com"] = addrs
		routes = append(routes, name+".example.com:443")
	}
	host := proxy.Host(t, hello, append(routes, "unknown.example.com:443")...)
	client := guarded(t, outbound.Network{Proxy: proxy.URL, Lookup: dns(resolved)}, host)

	_, err := get(t, client, "https://public.example.com/x")
	require.NoError(t, err)
	for name, address := range map[string]string{
		"private": "10.0.0.5", "mixed": "192.168.1.5", "v6": "fd12::5", "mapped": "127.0.0.1", "nat64": "10.0.0.5", "fake": "198.18.0.10",
	} {
		_, err := get(t, client, "https://"+name+".example.com/x")
		requireRefused(t, err, outbound.ReasonPrivate, name+".example.com", address, "OUTBOUND_PRIVATE_RANGES")
	}
	for name, address := range map[string]string{"metadata": "169.254.169.254", "metadata6": "fd00:ec2::254"} {
		_, err := get(t, client, "https://"+name+".example.com/x")
		requireRefused(t, err, outbound.ReasonForbidden, name+".example.com", address)
	}
	for name, temporary := range map[string]bool{"unknown": false, "nothing": false, "silent": true} {
		_, err := get(t, client, "https://"+name+".example.com/x")
		refusal := requireRefused(t, err, outbound.ReasonUnresolvable, name+".example.com", "OUTBOUND_PROXY_HOSTS")
		assert.Equal(t, temporary, refusal.Temporary, name)
	}
	assert.Equal(t, []string{"public.example.com:443"}, proxy.Asked(), "the proxy would have connected to all of them")
}

func TestGuardLetsTheProxyResolveListedNames(t *testing.T) {
	proxy := proxytest.Start(t, proxytest.Options{})
	host := proxy.Host(t, hello, "files.example.com:443", "a.b.example.com:443", "b.example.com:443", "example.com:443", "private.b.example.com:443")
	client := guarded(t, outbound.Network{
		Proxy: proxy.URL, ProxyHosts: []string{"Files.example.com", "*.b.example.com"},
		Lookup: dns(map[string][]string{"private.b.example.com": {"10.0.0.5"}}),
	}, host)
	for _, name := range []string{"files.example.com", "FILES.example.com", "a.b.example.com"} {
		_, err := get(t, client, "https://"+name)
		require.NoError(t, err, name)
	}
	for _, name := range []string{"b.example.com", "example.com", "xfiles.example.com", "files.example.com.evil.test"} {
		_, err := get(t, client, "https://"+name)
		requireRefused(t, err, outbound.ReasonUnresolvable, name)
	}
	_, err := get(t, client, "https://private.b.example.com")
	requireRefused(t, err, outbound.ReasonPrivate, "10.0.0.5")
}

func TestGuardChecksRedirectsThroughTheProxy(t *testing.T) {
	proxy := proxytest.Start(t, proxytest.Options{})
	host := proxy.Host(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if to := r.URL.Query().Get("to"); to != "" {
			http.Redirect(w, r, to, http.StatusFound)
			return
		}
		hello(w, r)
	}), "files.example.com:443", "cdn.example.com:443", "neighbour.example.com:443", "10.0.0.5:443", "localhost:443")
	client := guarded(t, outbound.Network{Proxy: proxy.URL, Lookup: dns(map[string][]string{
		"files.example.com": {"1.1.1.1"}, "cdn.example.com": {"2606:4700::1111"}, "neighbour.example.com": {"10.0.0.5"}, "localhost.": {"127.0.0.1"},
	})}, host)
	redirect := func(to string) string { return "https://files.example.com/?to=" + url.QueryEscape(to) }

	body, err := get(t, client, redirect("https://cdn.example.com/"))
	require.NoError(t, err)
	assert.Equal(t, "hello from cdn.example.com", body)
	for to, reason := range map[string]outbound.Reason{
		"https://neighbour.example.com/": outbound.ReasonPrivate, "https://10.0.0.5/": outbound.ReasonPrivate, "https://[::1]/": outbound.ReasonPrivate,
		"https://localhost./": outbound.ReasonPrivate, "https://unknown.example.com/": outbound.ReasonUnresolvable, "https://169.254.169.254/": outbound.ReasonForbidden,
		"https://0x0a000005/": outbound.ReasonUnresolvable, "http://cdn.example.com/": outbound.ReasonInsecure, "https://u:p@cdn.example.com/": outbound.ReasonURL,
	} {
		_, err := get(t, client, redirect(to))
		requireRefused(t, err, reason)
	}
	assert.Equal(t, []string{"files.example.com:443", "cdn.example.com:443"}, proxy.Asked())
}

func TestGuardThroughAProxyWithIPv6(t *testing.T) {
	proxy := proxytest.Start(t, proxytest.Options{IPv6: true})
	host := proxy.Host(t, hello, "[2606:4700::1111]:443", "[fd12::5]:443", "six.example.com:443")
	client := guarded(t, outbound.Network{
		Proxy: proxy.URL, PrivateRanges: []netip.Prefix{netip.MustParsePrefix("fd12::/16")},
		Lookup: dns(map[string][]string{"six.example.com": {"2606:4700::1111"}}),
	}, host)
	for _, link := range []string{"https://[2606:4700::1111]/", "https://[fd12::5]/", "https://six.example.com/"} {
		_, err := get(t, client, link)
		require.NoError(t, err, link)
	}
	_, err := get(t, client, "https://[fd13::5]/")
	requireRefused(t, err, outbound.ReasonPrivate, "fd13::5")
	assert.Equal(t, []string{"[2606:4700::1111]:443", "[fd12::5]:443", "six.example.com:443"}, proxy.Asked())
}

// A file host must not use the proxy's own address, or a host in NO_PROXY, as a way into the operator's network.
func TestGuardChecksDirectConnectionsBesideTheProxy(t *testing.T) {
	proxy := proxytest.Start(t, proxytest.Options{})
	host := proxy.Host(t, hello)
	_, port, _ := strings.Cut(host.Listener.Addr().String(), ":")
	network := outbound.Network{Proxy: proxy.URL, NoProxy: "direct.example.com,127.0.0.1", Lookup: dns(nil)}
	client := guarded(t, network, host)
	for _, link := range []string{"https://" + proxy.URL.Host, "https://localhost:" + proxy.URL.Port(), "https://127.0.0.1:" + port} {
		_, err := get(t, client, link)
		requireRefused(t, err, outbound.ReasonPrivate)
	}
	assert.Empty(t, proxy.Asked())

	network.PrivateRanges = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	_, err := get(t, guarded(t, network, host), "https://127.0.0.1:"+port)
	require.NoError(t, err)
}

// Case C20: an operator can allow the addresses that a local resolver invents.
func TestListedRangesAreAllowed(t *testing.T) {
	listed := func(ranges ...string) *outbound.Guard {
		network := outbound.Network{}
		for _, r := range ranges {
			network.PrivateRanges = append(network.PrivateRanges, netip.MustParsePrefix(r))
		}
		return outbound.NewGuard(network, nil)
	}
	const fakes = "https://198.18.0.10/x"
	requireRefused(t, listed().CheckURL(t.Context(), fakes), outbound.ReasonPrivate, "198.18.0.10", "OUTBOUND_PRIVATE_RANGES")
	requireRefused(t, listed("198.18.1.0/24").CheckURL(t.Context(), fakes), outbound.ReasonPrivate)
	guard := listed("198.18.0.0/15", "10.1.0.0/16", "fd12::/16")
	for _, link := range []string{fakes, "https://198.19.255.1", "https://10.1.2.3", "https://[fd12::1]", "https://[::ffff:10.1.2.3]", "https://[64:ff9b::10.1.2.3]"} {
		assert.NoError(t, guard.CheckURL(t.Context(), link), link)
	}
	for _, link := range []string{"https://10.2.0.1", "https://[fd13::1]", "https://127.0.0.1", "https://[::ffff:10.2.0.1]"} {
		requireRefused(t, guard.CheckURL(t.Context(), link), outbound.ReasonPrivate)
	}

	everything := listed("0.0.0.0/0", "::/0")
	for _, addr := range []string{
		"169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192", "0.0.0.0", "224.0.0.1", "255.255.255.255",
		"[fe80::a9fe:a9fe]", "[fd00:ec2::254]", "[fd20:ce::254]", "[::]", "[ff02::1]", "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::1]",
		"[::a9fe:a9fe]", "[64:ff9b:1::a9fe:a9fe]",
	} {
		requireRefused(t, everything.CheckURL(t.Context(), "https://"+addr+"/latest/meta-data"), outbound.ReasonForbidden, "never allowed")
		conn, err := everything.Dialer().DialContext(t.Context(), "tcp", addr+":80")
		if err == nil {
			_ = conn.Close()
		}
		requireRefused(t, err, outbound.ReasonForbidden)
	}
}

func TestCancelledLookupIsNoRefusal(t *testing.T) {
	proxy := proxytest.Start(t, proxytest.Options{})
	host := proxy.Host(t, hello, "files.example.com:443")
	ctx, cancel := context.WithCancel(t.Context())
	client := guarded(t, outbound.Network{Proxy: proxy.URL, Lookup: func(ctx context.Context, _, _ string) ([]netip.Addr, error) {
		cancel()
		<-ctx.Done()
		return nil, ctx.Err()
	}}, host)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://files.example.com/", nil)
	require.NoError(t, err)
	res, err := client.Do(req)
	if err == nil {
		_ = res.Body.Close()
	}
	require.ErrorIs(t, err, context.Canceled)
	_, refused := errors.AsType[*outbound.Refusal](err)
	assert.False(t, refused)
	assert.Empty(t, proxy.Asked())
}
