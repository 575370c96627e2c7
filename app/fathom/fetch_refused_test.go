package fathom_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/internal/proxytest"
)

func assertRefused(t *testing.T, client *fathom.Client, url string) {
	t.Helper()
	_, err := client.Fetch(t.Context(), fathom.File{URL: fathom.NewSecretURL(url), Size: 1}, new(destination), nil)
	var failure *fathom.Error
	require.ErrorAs(t, err, &failure, url)
	assert.Equal(t, fathom.KindRefused, failure.Kind, "%s: %v", url, err)
	assert.False(t, failure.Temporary())
	assert.NotContains(t, err.Error(), "topsecret")
}

func TestFetchRefusesPrivateHosts(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("reached") }))
	defer server.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL, "https://"), ":")

	// A given transport is guarded too, although its own dialer is not.
	for _, transport := range []http.RoundTripper{nil, server.Client().Transport} {
		client := newClient(t, fathom.Config{BaseURL: "https://api.fathom.ai/external/v1", Transport: transport})
		for _, url := range []string{
			server.URL + "/x?sig=topsecret",
			"https://localhost:" + port + "/topsecret", // a name is refused when dialing
			"https://[::1]:" + port, "https://[::ffff:127.0.0.1]:" + port, "https://10.0.0.1", "https://169.254.169.254/latest", "https://[fd00::1]",
			"https://0.0.0.0:" + port, "https://100.64.0.1", "https://224.0.0.1", "https://[fe80::1%25lo]",
			"http://media.fathom.ai/x", "ftp://media.fathom.ai/x", "file:///etc/passwd", "", "https://", "::topsecret", "https://u:topsecret@media.fathom.ai/",
		} {
			assertRefused(t, client, url)
		}
	}
}

func TestFetchFromListedRanges(t *testing.T) {
	server := httptest.NewTLSServer(host(t, 0))
	defer server.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL, "https://"), ":")
	network := outbound.Network{}
	fetch := func() error {
		client := newClient(t, fathom.Config{
			BaseURL: "https://api.fathom.ai/external/v1", Network: network, Transport: server.Client().Transport, RetryFor: -1,
		})
		dst := new(destination)
		// The name is resolved when dialing, like that of a real host.
		_, err := client.Fetch(t.Context(), fathom.File{URL: fathom.NewSecretURL("https://localhost:" + port + "/x"), Size: int64(len(content))}, dst, nil)
		if err == nil {
			assert.True(t, bytes.Equal(content, dst.Bytes()))
		}
		return err
	}
	network.PrivateRanges = []netip.Prefix{netip.MustParsePrefix("198.18.0.0/15")}
	err := fetch()
	var failure *fathom.Error
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, fathom.KindRefused, failure.Kind)
	assert.Regexp(t, `address (127\.0\.0\.1|::1).*OUTBOUND_PRIVATE_RANGES`, err.Error(), "the log names the address and the setting")

	network.PrivateRanges = append(network.PrivateRanges, netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128"))
	transport := server.Client().Transport.(*http.Transport)
	transport.TLSClientConfig.ServerName = "example.com"
	require.NoError(t, fetch())
}

// Fathom's own names make no private address acceptable, whatever a resolver returns.
func TestFetchRefusesPrivateHostsIfFathomResolvesToOne(t *testing.T) {
	client := newClient(t, fathom.Config{BaseURL: "http://API.fathom.ai./external/v1", Network: outbound.Network{
		Lookup: func(context.Context, string, string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
		},
	}})
	assertRefused(t, client, "https://127.0.0.1/x")
}

func TestFetchThroughAProxy(t *testing.T) {
	proxy := proxytest.Start(t, proxytest.Options{})
	files := proxy.Host(t, host(t, 300_000), "media.example.com:443", "neighbour.example.com:443", "silent.example.com:443", "unlisted.example.com:443")
	network := outbound.Network{Proxy: proxy.URL, Lookup: func(_ context.Context, _, name string) ([]netip.Addr, error) {
		switch name {
		case "media.example.com":
			return []netip.Addr{netip.MustParseAddr("1.1.1.1")}, nil
		case "neighbour.example.com":
			return []netip.Addr{netip.MustParseAddr("10.0.0.5")}, nil
		default:
			return nil, &net.DNSError{Name: name, Err: "no answer", IsNotFound: name != "silent.example.com"}
		}
	}}
	transport := network.Transport()
	transport.TLSClientConfig = files.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	clk := newClock()
	client := newClient(t, fathom.Config{BaseURL: "https://api.fathom.ai/external/v1", Network: network, Transport: transport, Now: clk.Now, Sleep: clk.Sleep})
	fetch := func(name string) (*destination, error) {
		dst := new(destination)
		file := fathom.File{URL: fathom.NewSecretURL("https://" + name + ".example.com/private-path?sig=topsecret"), Size: int64(len(content))}
		_, err := client.Fetch(t.Context(), file, dst, nil)
		return dst, err
	}

	dst, err := fetch("media")
	require.NoError(t, err)
	assert.True(t, bytes.Equal(content, dst.Bytes()), "the file, after three interruptions")
	for name, kind := range map[string]fathom.Kind{
		"neighbour": fathom.KindRefused, "unlisted": fathom.KindRefused, "silent": fathom.KindUnavailable,
	} {
		_, err := fetch(name)
		var failure *fathom.Error
		require.ErrorAs(t, err, &failure, name)
		assert.Equal(t, kind, failure.Kind, "%s: %v", name, err)
		assert.Contains(t, err.Error(), name+".example.com")
		assert.NotContains(t, err.Error(), "topsecret")
		assert.NotContains(t, err.Error(), "private-path")
	}

	proxy.Stop()
	client.Close()
	_, err = fetch("media")
	var failure *fathom.Error
	require.ErrorAs(t, err, &failure)
	assert.True(t, failure.Temporary())
	_, ok := errors.AsType[*outbound.ProxyError](err)
	assert.True(t, ok, "%v", err)
	_, err = client.Account(testKey).ListMeetings(t.Context(), fathom.MeetingQuery{}, "")
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, fathom.KindUnavailable, failure.Kind)
	_, ok = errors.AsType[*outbound.ProxyError](err)
	assert.True(t, ok, "%v", err)
}

func TestFetchFromSimulatorRefusesMetadataAddress(t *testing.T) {
	for _, base := range []string{"http://127.0.0.1:8091/external/v1", "http://localhost:8091", "http://10.1.2.3"} {
		client := newClient(t, fathom.Config{BaseURL: base})
		assertRefused(t, client, "http://169.254.169.254/latest/meta-data")
		assertRefused(t, client, "http://0.0.0.0:1/")
	}
}

// hops is a transport that stands for hosts that tests can't dial.
type hops struct {
	t     *testing.T
	to    map[string]string // from URL to Location
	asked []string
}

func (h *hops) RoundTrip(r *http.Request) (*http.Response, error) {
	noCredentials(h.t, r)
	h.asked = append(h.asked, r.URL.String())
	recorder := httptest.NewRecorder()
	if to, ok := h.to[r.URL.String()]; ok {
		recorder.Header().Set("Location", to)
		recorder.WriteHeader(http.StatusFound)
	} else {
		_, _ = recorder.WriteString("x")
	}
	res := recorder.Result()
	res.Request = r
	return res, nil
}

func TestFetchChecksEveryRedirect(t *testing.T) {
	const first = "https://media.fathom.ai/a?sig=topsecret"
	for name, c := range map[string]struct {
		to map[string]string
		ok bool
	}{
		"another host":  {map[string]string{first: "https://cdn.example.com/b"}, true},
		"three hops":    {map[string]string{first: "https://a.example.com/", "https://a.example.com/": "/2", "https://a.example.com/2": "/3"}, true},
		"four hops":     {map[string]string{first: "https://a.example.com/", "https://a.example.com/": "/2", "https://a.example.com/2": "/3", "https://a.example.com/3": "/4"}, false},
		"redirect loop": {map[string]string{first: first}, false},
		"downgrade":     {map[string]string{first: "http://media.fathom.ai/a?sig=topsecret"}, false},
		"private":       {map[string]string{first: "https://192.168.1.1/topsecret"}, false},
		"metadata":      {map[string]string{first: "https://[::ffff:169.254.169.254]/topsecret"}, false},
		"credentials":   {map[string]string{first: "https://u:topsecret@cdn.example.com/"}, false},
		"other scheme":  {map[string]string{first: "file:///etc/passwd"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			transport := &hops{t: t, to: c.to}
			client := newClient(t, fathom.Config{BaseURL: "https://api.fathom.ai", Transport: transport})
			if !c.ok {
				assertRefused(t, client, first)
				return
			}
			_, err := client.Fetch(t.Context(), fathom.File{URL: fathom.NewSecretURL(first), Size: 1}, new(destination), nil)
			require.NoError(t, err)
			assert.Len(t, transport.asked, len(c.to)+1)
		})
	}
}

func TestFetchRefusesRedirectToMetadataAddress(t *testing.T) {
	server := httptest.NewServer(http.RedirectHandler("http://169.254.169.254/latest?x=topsecret", http.StatusFound))
	defer server.Close()
	assertRefused(t, newClient(t, fathom.Config{BaseURL: server.URL}), server.URL+"/?sig=topsecret")
}

func TestFetchHidesMalformedLocation(t *testing.T) {
	server := httptest.NewServer(respond(http.StatusFound, "", "Location", "http://[topsecret"))
	defer server.Close()
	clk := newClock()
	client := newClient(t, fathom.Config{BaseURL: server.URL, Now: clk.Now, Sleep: clk.Sleep})
	_, err := client.Fetch(t.Context(), fathom.File{URL: fathom.NewSecretURL(server.URL), Size: 1}, new(destination), nil)
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "topsecret")
}
