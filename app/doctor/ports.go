package doctor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"syscall"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

// checkPorts reports ports that other programs use, or that this user may not use.
func (e *examination) checkPorts(ctx context.Context) (findings []Finding) {
	cfg := e.App.Config
	if e.isRunning() {
		if _, err := e.instanceAt(ctx, "http://"+e.localAddress()); err != nil {
			return one(warn(fmt.Sprintf("a server runs on the data directory, but doesn't answer on port %d", cfg.GlobalPort),
				"If it was started with --http or with domains, all is well; otherwise look into its log"))
		}
		return one(ok(fmt.Sprintf("the server answers on port %d", cfg.GlobalPort)))
	}
	if err := tryListen(ctx, cfg.ListenAddr()); err != nil {
		findings = append(findings, explainListen(cfg.ListenAddr(), err))
	}
	var taken tally
	if ports := cfg.UserDBPorts; ports.First > 0 {
		for port := ports.First; port <= ports.Last && ctx.Err() == nil; port++ {
			if err := tryListen(ctx, net.JoinHostPort(cfg.BindAddress, strconv.Itoa(port))); err != nil {
				taken.add(strconv.Itoa(port), err)
			}
		}
	}
	if taken.count > 0 {
		findings = append(findings, warn(fmt.Sprintf("%s of USER_DB_PORTS can't be used, such as %s", countOf(taken.count, "port", "ports"), taken.name),
			"Choose a range that no other program uses"))
	}
	return orOK(findings, fmt.Sprintf("port %d is free", cfg.GlobalPort))
}

// localAddress returns the address at which the server listens, as seen from this machine.
func (e *examination) localAddress() string {
	host := e.App.Config.BindAddress
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, strconv.Itoa(e.App.Config.GlobalPort))
}

func tryListen(ctx context.Context, address string) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return listener.Close()
}

func explainListen(address string, err error) Finding {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fail("another program listens on "+address, "Stop it, or change PB_GLOBAL_PORT")
	case errors.Is(err, syscall.EACCES):
		return fail("this user may not listen on "+address, "Choose a port above 1023 for PB_GLOBAL_PORT, and put a reverse proxy in front")
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return fail("this machine doesn't have the address "+address, "Correct BIND_ADDRESS")
	}
	return failed(Fail, fmt.Errorf("the server can't listen on %s: %w", address, err), "Correct BIND_ADDRESS or PB_GLOBAL_PORT")
}

// errNotOurs means that the server at an address isn't this program.
var errNotOurs = errors.New("the answer isn't that of Fathom-to-Loom")

// statusError is an answer of a server that is probably a reverse proxy.
type statusError struct {
	status   int
	location string // of a redirect
}

func (e *statusError) Error() string { return fmt.Sprintf("the answer has status %d", e.status) }

// instanceAt returns which process of this program answers at a URL. Its errors include errNotOurs and *statusError.
func (e *examination) instanceAt(ctx context.Context, base string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/api/health", nil)
	if err != nil {
		return "", outbound.WithoutURL(err)
	}
	request.Header.Set("User-Agent", outbound.UserAgent)
	// The address is this server's, so no proxy is used.
	client := http.Client{
		Transport:     outbound.Network{}.Transport(),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer client.CloseIdleConnections()
	response, err := client.Do(request)
	if err != nil {
		return "", outbound.WithoutURL(err)
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<16)) // so that the connection can be closed properly
	instance := response.Header.Get(app.InstanceHeader)
	switch {
	case instance != "":
		return instance, nil
	case response.StatusCode != http.StatusOK:
		return "", &statusError{response.StatusCode, response.Header.Get("Location")}
	}
	return "", errNotOurs
}
