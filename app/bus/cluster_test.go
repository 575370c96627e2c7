package bus_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
)

func TestNamesOfClusters(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"f2l", "a", "7", "A-b_C1", "a-", "a_", strings.Repeat("a", 32)} {
		assert.True(t, bus.IsName(name), name)
	}
	for _, name := range []string{"", "-a", "_a", "a.b", ".", "*", ">", "a b", "a\n", "ä", `a"`, strings.Repeat("a", 33)} {
		assert.False(t, bus.IsName(name), name)
	}
}

func TestURLsOfClusters(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"nats://localhost", "nats://localhost:4222", "tls://nats1.example.com:4222", "nats://my_nats:1", "nats://10.0.0.1:65535",
		"tls://[2001:db8::1]", "tls://[2001:db8::1]:4222",
	} {
		assert.True(t, bus.IsURL(url), url)
	}
	for _, url := range []string{
		"", "localhost", "localhost:4222", "//localhost:4222", "nats:localhost", "nats://", "nats://:4222", "http://localhost", "ws://localhost:80",
		"nats://user@localhost", "nats://user:secret@localhost", "nats://@localhost", "nats://user:secret@", "nats://user:secret@%zz",
		"nats://localhost/", "nats://localhost/a", "nats://localhost?", "nats://localhost?a=b", "nats://localhost#", "nats://localhost#a",
		"nats://localhost:", "nats://localhost:0", "nats://localhost:65536", "nats://localhost:a",
		"nats://a b", " nats://localhost", "nats://localhost\n",
	} {
		assert.False(t, bus.IsURL(url), url)
	}
}
