package config_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

func TestProxyURL(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"http://proxy.example.com:3128/":         "http://proxy.example.com:3128",
		"proxy.example.com:3128":                 "http://proxy.example.com:3128",
		"user:p%40ss@proxy.example.com:3128":     "http://user:p%40ss@proxy.example.com:3128",
		"https://proxy.example.com":              "https://proxy.example.com",
		" http://user:hunter2@[fd00::5]:3128 \n": "http://user:hunter2@[fd00::5]:3128",
	} {
		c := config.LoadFrom(t.TempDir(), valid(t, "HTTPS_PROXY="+value))
		require.NoError(t, c.Validate(), value)
		require.NotNil(t, c.ProxyURL(), value)
		assert.Equal(t, want, c.ProxyURL().String())
		assert.NotContains(t, fmt.Sprintf("%v %+v %#v", c, c, c), "hunter2")
	}
	assert.Nil(t, config.LoadFrom(t.TempDir(), valid(t)).ProxyURL())
	assert.Nil(t, config.LoadFrom(t.TempDir(), valid(t, "HTTPS_PROXY=ftp://proxy.example.com")).ProxyURL())
}

func TestPrefixes(t *testing.T) {
	t.Parallel()
	var prefixes config.Prefixes
	require.NoError(t, prefixes.UnmarshalText([]byte("198.18.0.10/15, 10.1.2.3,fd12::/16,fd00::7")))
	var want config.Prefixes
	for _, p := range []string{"198.18.0.0/15", "10.1.2.3/32", "fd12::/16", "fd00::7/128"} {
		want = append(want, netip.MustParsePrefix(p))
	}
	assert.Equal(t, want, prefixes)
	assert.Error(t, prefixes.UnmarshalText([]byte("10.0.0.0/8,nonsense")))
	assert.Equal(t, want, prefixes, "unchanged after an error")
}

func TestOutboundWarnings(t *testing.T) {
	t.Parallel()
	const large, unused = "very large range", "no effect"
	for name, c := range map[string]struct {
		environ []string
		want    string // blank: no warning
	}{
		"usual ranges":               {[]string{"OUTBOUND_PRIVATE_RANGES=198.18.0.0/15,10.0.0.0/8,fd00::/8,fc00::/7"}, ""},
		"all of IPv4":                {[]string{"OUTBOUND_PRIVATE_RANGES=198.18.0.0/15,0.0.0.0/0"}, large},
		"more than 10.0.0.0/8":       {[]string{"OUTBOUND_PRIVATE_RANGES=10.0.0.0/7"}, large},
		"all of IPv6":                {[]string{"OUTBOUND_PRIVATE_RANGES=::/0"}, large},
		"more than unique local":     {[]string{"OUTBOUND_PRIVATE_RANGES=fc00::/6"}, large},
		"lower case":                 {[]string{"https_proxy=http://proxy.example.com:3128"}, unused},
		"both cases":                 {[]string{"https_proxy=http://a.example.com", "HTTPS_PROXY=http://a.example.com"}, ""},
		"exceptions in lower case":   {[]string{"HTTPS_PROXY=http://a.example.com", "no_proxy=b.example.com"}, unused},
		"exceptions without a proxy": {[]string{"no_proxy=b.example.com"}, ""},
		"hosts without a proxy":      {[]string{"OUTBOUND_PROXY_HOSTS=*.example.com"}, unused},
		"hosts with a proxy":         {[]string{"OUTBOUND_PROXY_HOSTS=*.example.com", "HTTPS_PROXY=a.example.com:3128"}, ""},
	} {
		loaded := config.LoadFrom(t.TempDir(), valid(t, c.environ...))
		require.NoError(t, loaded.Validate(), name)
		if c.want == "" {
			assert.Empty(t, loaded.Warnings(), name)
			continue
		}
		if assert.Len(t, loaded.Warnings(), 1, name) {
			assert.Contains(t, loaded.Warnings()[0], c.want, name)
		}
	}
}
