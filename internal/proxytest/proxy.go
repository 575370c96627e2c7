// Package proxytest provides an HTTP proxy for tests, and hosts on the Internet that only this proxy knows. The proxy
// understands CONNECT alone, has name resolution of its own and records what it is asked for.
//
// All methods are safe for concurrent use.
package proxytest

import (
	"encoding/base64"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// Options configures a Proxy. The zero value is a proxy that anybody may use.
type Options struct {
	User, Password string // required in Proxy-Authorization unless User is blank
	IPv6           bool   // listen on ::1
}

// Proxy is a proxy with hosts behind it.
type Proxy struct {
	URL *url.URL // without credentials

	http *httptest.Server
	opts Options

	mu       sync.Mutex
	routes   map[string]string // from host and port to the address of a server of the test
	refusals map[string]int    // from host and port to a status
	asked    []string
	tunnels  sync.WaitGroup
	open     map[net.Conn]bool
}

// Start starts a proxy that stops with the test.
func Start(t testing.TB, opts Options) *Proxy {
	t.Helper()
	p := &Proxy{opts: opts, routes: map[string]string{}, refusals: map[string]int{}, open: map[net.Conn]bool{}}
	p.http = httptest.NewUnstartedServer(http.HandlerFunc(p.serve))
	p.http.Config.ErrorLog = log.New(io.Discard, "", 0)
	if opts.IPv6 {
		require.NoError(t, p.http.Listener.Close())
		listener, err := net.Listen("tcp", "[::1]:0")
		require.NoError(t, err)
		p.http.Listener = listener
	}
	p.http.Start()
	t.Cleanup(p.Stop)
	var err error
	p.URL, err = url.Parse(p.http.URL)
	require.NoError(t, err)
	return p
}

// Stop ends all tunnels and stops the proxy. Further connections are refused.
func (p *Proxy) Stop() {
	p.mu.Lock()
	for conn := range p.open {
		_ = conn.Close()
	}
	p.mu.Unlock()
	p.http.Close()
	p.tunnels.Wait()
}

// WithCredentials returns the URL with a user name and a password.
func (p *Proxy) WithCredentials(user, password string) *url.URL {
	u := *p.URL
	u.User = url.UserPassword(user, password)
	return &u
}

// Host starts a TLS server behind the proxy that answers for the given names, such as files.example.com:443. Its
// certificate is valid for example.com and *.example.com; see Certificate.
func (p *Proxy) Host(t testing.TB, handler http.Handler, names ...string) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, name := range names {
		p.routes[name] = server.Listener.Addr().String()
	}
	return server
}

// Certificate returns the certificate of a Host in PEM, which is its own authority.
func Certificate(server *httptest.Server) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
}

// Refuse makes the proxy answer requests for a host, such as files.example.com:443, with a status.
func (p *Proxy) Refuse(name string, status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refusals[name] = status
}

// Asked returns the hosts that the proxy was asked to connect to, in this order, whether it did so or not.
func (p *Proxy) Asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

func (p *Proxy) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodConnect {
		http.Error(w, "only CONNECT is allowed", http.StatusMethodNotAllowed)
		return
	}
	host := strings.ToLower(r.Host)
	p.mu.Lock()
	p.asked = append(p.asked, host)
	target, known := p.routes[host]
	status := p.refusals[host]
	p.mu.Unlock()
	switch {
	case p.opts.User != "" && r.Header.Get("Proxy-Authorization") != basic(p.opts.User, p.opts.Password):
		w.Header().Set("Proxy-Authenticate", "Basic")
		w.WriteHeader(http.StatusProxyAuthRequired)
	case status != 0:
		w.WriteHeader(status)
	case !known:
		w.WriteHeader(http.StatusBadGateway)
	default:
		p.tunnel(w, target)
	}
}

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// tunnel connects the client with a server until either end closes.
func (p *Proxy) tunnel(w http.ResponseWriter, target string) {
	server, err := net.Dial("tcp", target)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	client, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		_ = server.Close()
		return
	}
	_, _ = io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n") // an error ends the tunnel, too
	p.mu.Lock()
	p.open[client], p.open[server] = true, true
	p.mu.Unlock()
	closeBoth := sync.OnceFunc(func() {
		_ = client.Close()
		_ = server.Close()
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.open, client)
		delete(p.open, server)
	})
	for _, pair := range [][2]net.Conn{{client, server}, {server, client}} {
		p.tunnels.Go(func() {
			defer closeBoth()
			_, _ = io.Copy(pair[0], pair[1])
		})
	}
}
