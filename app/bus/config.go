package bus

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
)

// The times by which a NATS connection notices and overcomes interruptions.
const (
	dialTimeout   = 2 * time.Second        // to reach a server and be let in
	writeTimeout  = 3 * time.Second        // until a server that accepts no data counts as lost
	pingInterval  = time.Second            // with maxPings, a frozen server is noticed within 3 s
	maxPings      = 2                      // without an answer
	reconnectWait = 100 * time.Millisecond // after all servers have been tried; grows up to four times, plus the same at random
)

// Config describes a connection to NATS.
type Config struct {
	// URLs are the servers, as nats://host:port or tls://host:port. With tls in one of them, or with a CA, all connections are
	// encrypted.
	URLs []string
	// Seed is the path of the file with the nkey seed that identifies this process; blank if the servers ask for none.
	Seed string
	// CA is the path of a PEM file with the authorities that may have signed the servers' certificates; blank means those
	// that the system trusts.
	CA string
	// Name is what nats-server shows for this connection.
	Name string
	// InboxPrefix is where answers to this process go, so that the servers can keep other processes from reading them.
	InboxPrefix string
	Logger      *slog.Logger
}

// options returns the options of nats.go that follow from the settings. Its errors contain no settings but paths.
func (c Config) options(dialer nats.CustomDialer) ([]nats.Option, error) {
	if err := checkURLs(c.URLs); err != nil {
		return nil, err
	}
	options := []nats.Option{
		nats.Name(c.Name),
		nats.SetCustomDialer(dialer),
		nats.SkipHostLookup(), // the dialer does it within its limit
		nats.Timeout(dialTimeout),
		nats.FlusherTimeout(writeTimeout),
		nats.PingInterval(pingInterval),
		nats.MaxPingsOutstanding(maxPings),
		nats.RetryOnFailedConnect(true),
		nats.MaxReconnects(-1),
		nats.IgnoreAuthErrorAbort(), // whoever mends the server's settings needn't restart this process
		nats.ReconnectBufSize(-1),   // a message that waits for a connection comes too late
		nats.IgnoreDiscoveredServers(),
	}
	if c.InboxPrefix != "" {
		options = append(options, nats.CustomInboxPrefix(c.InboxPrefix))
	}
	if c.Seed != "" {
		seed, err := nats.NkeyOptionFromSeed(c.Seed)
		if err != nil {
			return nil, fmt.Errorf("read the seed file of the cluster: %w", err)
		}
		options = append(options, seed)
	}
	if c.CA != "" {
		content, err := os.ReadFile(c.CA)
		if err != nil {
			return nil, fmt.Errorf("read the CA file of the cluster: %w", err)
		}
		if !x509.NewCertPool().AppendCertsFromPEM(content) {
			return nil, fmt.Errorf("read the CA file of the cluster: %s contains no certificate in PEM", c.CA)
		}
		options = append(options, nats.RootCAs(c.CA)) // read again for each connection
	}
	return options, nil
}

// checkURLs doesn't quote a URL, because it may contain a password.
func checkURLs(urls []string) error {
	if len(urls) == 0 {
		return errors.New("the cluster has no URL")
	}
	for i, text := range urls {
		if !IsURL(text) {
			return fmt.Errorf("URL %d of the cluster is not like nats://host:4222 or tls://host:4222, without user", i+1)
		}
	}
	return nil
}

// dialer connects to servers until the context of its connection ends. The first attempts fail: nats.Connect tries each
// server once before it returns, which takes seconds if they don't answer, and then goes on in the background.
type dialer struct {
	ctx  context.Context
	skip atomic.Int64 // attempts that are still to fail
}

var errNotYet = errors.New("not tried yet")

// Dial implements nats.CustomDialer.
func (d *dialer) Dial(network, address string) (net.Conn, error) {
	if d.skip.Add(-1) >= 0 {
		return nil, errNotYet
	}
	ctx, cancel := context.WithTimeout(d.ctx, dialTimeout)
	defer cancel()
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// reconnectDelay returns how long to wait after all servers have been tried so many times.
func reconnectDelay(attempts int) time.Duration {
	wait := reconnectWait * time.Duration(min(attempts, 4))
	return wait + rand.N(wait)
}
