package doctor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
)

// checkPublicURL reports whether people reach this server at PUBLIC_URL, and settings that don't fit a reverse proxy.
func (e *examination) checkPublicURL(ctx context.Context) (findings []Finding) {
	cfg := e.App.Config
	findings = e.checkProxyHeaders()
	if cfg.PublicURL == "" {
		return append(findings, ok("PUBLIC_URL is not set, so that links lead to this machine"))
	}
	instance, err := e.instanceAt(ctx, cfg.BaseURL())
	status, isStatus := errors.AsType[*statusError](err)
	switch {
	case err == nil && !e.isRunning():
		findings = append(findings, warn("no server runs on the data directory, but one answers at PUBLIC_URL", "Check whether PUBLIC_URL and DATA_DIR are those of one server"))
	case err == nil:
		if own, ownErr := e.instanceAt(ctx, "http://"+e.localAddress()); ownErr == nil && own != instance {
			findings = append(findings, fail("PUBLIC_URL leads to another server than this one", "Correct PUBLIC_URL, the DNS or the reverse proxy"))
		}
	case isStatus && status.location != "":
		findings = append(findings, warn(fmt.Sprintf("PUBLIC_URL redirects to another address (status %d)", status.status), "Set PUBLIC_URL to the address that people end up at"))
	case isStatus && status.status >= 502 && status.status <= 504 && !e.isRunning():
		return append(findings, ok("the reverse proxy at PUBLIC_URL answers, and reports that the server doesn't run"))
	case isStatus || errors.Is(err, errNotOurs):
		findings = append(findings, warn("PUBLIC_URL doesn't lead to this server: "+err.Error(),
			"Check which server the reverse proxy forwards to, and that it forwards all paths"))
	case !e.isRunning():
		findings = append(findings, warn("PUBLIC_URL can't be reached: "+err.Error(), "Start the server and check again; then check the DNS, the reverse proxy and its certificate"))
	default:
		findings = append(findings, warn("PUBLIC_URL can't be reached from this machine: "+err.Error(),
			"Check the DNS, the reverse proxy and its certificate; some networks keep machines from their own public address, then check from elsewhere"))
	}
	return orOK(findings, "PUBLIC_URL leads to this server")
}

// checkProxyHeaders reports whether TRUSTED_PROXY_HEADERS fits the other settings. A reverse proxy on this machine is
// evident when the server listens only here and people use https.
func (e *examination) checkProxyHeaders() []Finding {
	cfg := e.App.Config
	local := cfg.BindAddress == "localhost"
	if ip := net.ParseIP(cfg.BindAddress); ip != nil {
		local = ip.IsLoopback()
	}
	behindProxy := local && strings.HasPrefix(strings.ToLower(cfg.PublicURL), "https://")
	switch {
	case behindProxy && len(cfg.TrustedProxyHeaders) == 0:
		return one(warn("the server is behind a reverse proxy, but TRUSTED_PROXY_HEADERS is not set, so that all people share the limits of one network",
			"Set TRUSTED_PROXY_HEADERS to the header in which the proxy passes the client's address, such as X-Forwarded-For"))
	case !local && cfg.PublicURL == "" && len(cfg.TrustedProxyHeaders) > 0:
		return one(warn("TRUSTED_PROXY_HEADERS is set, but other machines can connect without a proxy and choose any address",
			"Unset it, or set PUBLIC_URL and let only the proxy connect"))
	}
	return nil
}
