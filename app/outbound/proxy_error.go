package outbound

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// ProxyError means that the proxy has failed or refused to connect to a host. It is always temporary: nothing is wrong
// with the request, and the operator of the server or of the proxy can correct the cause. Its text contains neither the
// URL of the proxy nor its credentials.
type ProxyError struct {
	Status int // with which the proxy refused the connection; 0 if there is no connection to the proxy

	cause error
}

// Error names the setting, and says what is wrong.
func (e *ProxyError) Error() string {
	switch {
	case e.Status == http.StatusProxyAuthRequired:
		return "proxy in HTTPS_PROXY requires credentials, or refuses those in the URL (status 407)"
	case e.Status >= 500:
		return fmt.Sprintf("proxy in HTTPS_PROXY could not connect to the host (status %d)", e.Status)
	case e.Status != 0:
		return fmt.Sprintf("proxy in HTTPS_PROXY refused to connect to the host (status %d)", e.Status)
	default:
		return fmt.Sprintf("proxy in HTTPS_PROXY can't be reached: %v", e.cause)
	}
}

// Unwrap returns the cause if there is no connection to the proxy.
func (e *ProxyError) Unwrap() error { return e.cause }

// checkConnectResponse is an http.Transport.OnProxyConnectResponse. Without it, the transport returns an error with the
// text of the status line only.
func checkConnectResponse(_ context.Context, _ *url.URL, _ *http.Request, res *http.Response) error {
	if res.StatusCode == http.StatusOK {
		return nil
	}
	return &ProxyError{Status: res.StatusCode}
}
