package outbound_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
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

// hello is the handler of the hosts behind the proxy.
var hello = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "hello from "+r.Host) })

// dns returns a look-up in a table. Names that are not in it don't exist; those without addresses can't be looked up.
func dns(table map[string][]string) func(context.Context, string, string) ([]netip.Addr, error) {
	return func(_ context.Context, _, host string) (addrs []netip.Addr, err error) {
		list, ok := table[host]
		if !ok || list == nil {
			return nil, &net.DNSError{Name: host, Err: "look-up failed", IsNotFound: !ok, IsTemporary: ok}
		}
		for _, addr := range list {
			addrs = append(addrs, netip.MustParseAddr(addr))
		}
		return addrs, nil
	}
}

// trust makes a transport accept the certificate of a host behind the proxy, also for IP addresses.
func trust(transport *http.Transport, host *httptest.Server) *http.Transport {
	pool := x509.NewCertPool()
	pool.AddCert(host.Certificate())
	transport.TLSClientConfig = &tls.Config{RootCAs: pool, ServerName: "example.com"}
	return transport
}

// get returns the body of a response, or the client's error without the URL.
func get(t *testing.T, client *http.Client, link string) (string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, nil)
	require.NoError(t, err)
	res, err := client.Do(req)
	if err != nil {
		return "", outbound.WithoutURL(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return string(body), nil
}

func TestTransportUsesTheProxyForHTTPSOnly(t *testing.T) {
	proxy := proxytest.Start(t, proxytest.Options{User: "ada", Password: "p@ss:word/1"})
	api := proxy.Host(t, hello, "api.example.com:443", "other.example.com:8443")
	nearby := httptest.NewServer(hello)
	defer nearby.Close()
	network := outbound.Network{Proxy: proxy.WithCredentials("ada", "p@ss:word/1"), NoProxy: "direct.example.com,10.0.0.0/8"}
	client := &http.Client{Transport: trust(network.Transport(), api)}
	defer client.CloseIdleConnections()

	for link, want := range map[string]string{
		"https://api.example.com/x":               "hello from api.example.com",
		"https://other.example.com:8443/x":        "hello from other.example.com:8443",
		nearby.URL:                                "hello from " + strings.TrimPrefix(nearby.URL, "http://"),
		"https://" + api.Listener.Addr().String(): "hello from " + api.Listener.Addr().String(), // loopback
	} {
		body, err := get(t, client, link)
		require.NoError(t, err, link)
		assert.Equal(t, want, body)
	}
	assert.ElementsMatch(t, []string{"api.example.com:443", "other.example.com:8443"}, proxy.Asked())
}

func TestNoProxyNamesHostsThatAreReachedDirectly(t *testing.T) {
	proxy := proxytest.Start(t, proxytest.Options{})
	for link, proxied := range map[string]bool{
		"https://a.internal.example.com": false, "https://internal.example.com": true, "https://10.9.8.7/": false, "https://10.9.8.7:8443": false,
		"https://192.0.2.7": false, "https://192.0.2.7:444": true, "https://11.0.0.1": true, "https://[fd00::1]": false, "https://[fd01::1]": true,
		"https://localhost": false, "https://127.0.0.1": false, "https://[::1]:8443": false, "http://plain.example.com": false,
	} {
		network := outbound.Network{Proxy: proxy.URL, NoProxy: ".internal.example.com, 10.0.0.0/8,192.0.2.7:443,fd00::/16"}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, nil)
		require.NoError(t, err)
		used, err := network.Transport().Proxy(req)
		require.NoError(t, err)
		assert.Equal(t, proxied, used != nil, link)
	}
}

func TestTransportIgnoresTheEnvironment(t *testing.T) {
	for _, key := range []string{"HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy"} {
		t.Setenv(key, "http://127.0.0.1:9")
	}
	assert.Nil(t, outbound.Network{}.Transport().Proxy)

	saved := http.DefaultTransport
	defer func() { http.DefaultTransport = saved }()
	http.DefaultTransport = saved.(*http.Transport).Clone()
	outbound.Network{}.ConfigureDefault()
	assert.Nil(t, http.DefaultTransport.(*http.Transport).Proxy)

	proxy := &url.URL{Scheme: "http", Host: "proxy.example.com:3128"}
	outbound.Network{Proxy: proxy}.ConfigureDefault()
	used, err := http.DefaultTransport.(*http.Transport).Proxy(httptest.NewRequest(http.MethodGet, "https://accounts.example.com/", nil))
	require.NoError(t, err)
	assert.Equal(t, proxy, used)
}

func TestErrorsOfTheProxy(t *testing.T) {
	proxy := proxytest.Start(t, proxytest.Options{User: "ada", Password: "secret"})
	api := proxy.Host(t, hello, "api.example.com:443")
	proxy.Refuse("denied.example.com:443", http.StatusForbidden)
	stopped := proxytest.Start(t, proxytest.Options{})
	stopped.Stop()
	unknown := &url.URL{Scheme: "http", Host: "proxy.invalid:3128", User: url.UserPassword("ada", "secret")}
	noTLS := proxy.WithCredentials("ada", "secret")
	noTLS.Scheme = "https"
	for name, c := range map[string]struct {
		proxy  *url.URL
		link   string
		status int
		text   string
	}{
		"wrong credentials":    {proxy.WithCredentials("ada", "secret2"), "https://api.example.com", 407, "requires credentials"},
		"no credentials":       {proxy.URL, "https://api.example.com", 407, "requires credentials"},
		"a host it refuses":    {proxy.WithCredentials("ada", "secret"), "https://denied.example.com", 403, "refused to connect"},
		"a host it can't find": {proxy.WithCredentials("ada", "secret"), "https://nowhere.example.com", 502, "could not connect"},
		"down":                 {stopped.URL, "https://api.example.com", 0, "can't be reached"},
		"unknown name":         {unknown, "https://api.example.com", 0, "can't be reached"},
		"http instead of TLS":  {noTLS, "https://api.example.com", 0, "can't be reached"},
	} {
		t.Run(name, func(t *testing.T) {
			network := outbound.Network{Proxy: c.proxy, Lookup: dns(map[string][]string{
				"api.example.com": {"1.1.1.1"}, "denied.example.com": {"1.1.1.1"}, "nowhere.example.com": {"1.1.1.1"},
			})}
			plain := trust(network.Transport(), api)
			for _, transport := range []http.RoundTripper{plain, outbound.NewGuard(network, nil).Transport(plain)} {
				client := &http.Client{Transport: transport}
				_, err := get(t, client, c.link)
				failure, ok := errors.AsType[*outbound.ProxyError](err)
				require.True(t, ok, "%v", err)
				assert.Equal(t, c.status, failure.Status)
				assert.Contains(t, failure.Error(), c.text)
				assert.Contains(t, failure.Error(), "HTTPS_PROXY")
				assert.NotContains(t, failure.Error(), "secret")
				assert.NotContains(t, failure.Error(), "://")
				client.CloseIdleConnections()
			}
		})
	}
}
