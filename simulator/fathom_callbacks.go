package simulator

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// errNotLoopback is why a callback or webhook was not sent: the simulator talks to this machine only.
var errNotLoopback = errors.New("destination is not on this machine")

// validDestination tells whether the API would accept a destination_url.
func validDestination(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// callBack posts v to a destination in a goroutine of the simulator. Whether Fathom signs these is undocumented; they
// are not signed here.
func (s *Server) callBack(destination string, v any) {
	body, err := encodeJSON(v)
	if err != nil {
		s.cfg.Logger.Error("simulator callback", "error", err)
		return
	}
	s.life.goOwned(func(ctx context.Context) {
		status, err := post(ctx, destination, nil, body)
		s.cfg.Logger.Info("simulator callback", "destination", destination, "status", status, "error", err)
	})
}

// post sends JSON to a loopback destination and returns the status of the answer.
func post(ctx context.Context, destination string, header http.Header, body []byte) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, destination, bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("post to destination: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	for name, values := range header {
		req.Header[name] = values
	}
	// A transport of its own leaves no idle connection behind; neither proxies nor redirects lead anywhere else.
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
		return 0, fmt.Errorf("post to destination: %w", err)
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10))
	return res.StatusCode, nil
}

// loopbackOnly looks at the address that is really dialled, after names were resolved.
func loopbackOnly(_, address string, _ syscall.RawConn) error {
	addr, err := netip.ParseAddrPort(address)
	if err != nil || !addr.Addr().Unmap().IsLoopback() {
		return errNotLoopback
	}
	return nil
}
