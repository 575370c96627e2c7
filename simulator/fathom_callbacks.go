package simulator

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// errNotLoopback reports a callback or webhook to another machine, which the simulator never sends.
var errNotLoopback = errors.New("destination is not on this machine")

// isDestination reports whether the API accepts text as a destination_url.
func isDestination(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// postCallback posts v to a destination in the background. Callbacks are not signed; the docs do not say
// whether Fathom signs them.
func (s *Server) postCallback(destination string, v any) {
	body, err := encodeJSON(v)
	if err != nil {
		s.cfg.Logger.Error("failed to encode callback", "destination", destination, "error", err)
		return
	}
	s.life.runBackground(func(ctx context.Context) {
		status, err := post(ctx, destination, nil, body)
		if err != nil {
			s.cfg.Logger.Error("failed to send callback", "destination", destination, "error", err)
			return
		}
		s.cfg.Logger.Info("callback sent", "destination", destination, "status", status)
	})
}

// post sends JSON to a loopback destination and returns the status of the response.
func post(ctx context.Context, destination string, header http.Header, body []byte) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, destination, bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("create request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	maps.Copy(req.Header, header)
	// A separate transport leaves no idle connection behind. Without proxies and redirects, the request
	// cannot reach another host.
	transport := &http.Transport{
		DisableKeepAlives: true,
		DialContext:       (&net.Dialer{Timeout: 5 * time.Second, Control: loopbackOnly}).DialContext,
	}
	defer transport.CloseIdleConnections()
	client := &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	res, err := client.Do(req)
	if err != nil {
		return 0, err // includes the method and the URL
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10))
	return res.StatusCode, nil
}

// loopbackOnly rejects other machines. It checks the address being dialled, after name resolution.
func loopbackOnly(_, address string, _ syscall.RawConn) error {
	addr, err := netip.ParseAddrPort(address)
	if err != nil || !addr.Addr().Unmap().IsLoopback() {
		return errNotLoopback
	}
	return nil
}
