package hooks

import (
	"net/http"
	"sync/atomic"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

// forwardedHeaders are the headers in which proxies pass the client's address.
var forwardedHeaders = []string{"X-Forwarded-For", "X-Real-Ip", "Forwarded", "Cf-Connecting-Ip", "True-Client-Ip"}

// proxyWarning is shown when requests seem to come from a proxy that the server doesn't trust.
type proxyWarning struct{ header atomic.Pointer[string] }

func (h handlers) bindProxyWarning() {
	h.onServe("operatorWarnings", func(e *core.ServeEvent) error {
		e.Router.GET("/api/operator/warnings", h.listWarnings).Bind(apis.RequireSuperuserAuth())
		return nil
	})
}

// noticeProxies logs once that forwarded headers arrive while none is trusted. All users of the proxy then count as one
// network.
func (h handlers) noticeProxies(next http.Handler) http.Handler {
	if len(h.Settings().TrustedProxy.Headers) > 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.proxies.header.Load() == nil {
			h.noticeProxy(r)
		}
		next.ServeHTTP(w, r)
	})
}

func (h handlers) noticeProxy(r *http.Request) {
	for _, name := range forwardedHeaders {
		if r.Header[name] == nil || len(h.Settings().TrustedProxy.Headers) > 0 {
			continue
		}
		if h.proxies.header.CompareAndSwap(nil, &name) {
			h.Log.WarnContext(r.Context(), untrustedProxy(name))
		}
		return
	}
}

func untrustedProxy(header string) string {
	return "requests arrive with the header " + header + ", but TRUSTED_PROXY_HEADERS is not set: all users behind a reverse proxy share the " +
		"limits of one network. If there is a proxy, set TRUSTED_PROXY_HEADERS=" + header + "; if not, a client has made the header up"
}

// listWarnings responds with what the operator should know about the running server.
func (h handlers) listWarnings(e *core.RequestEvent) error {
	warnings := []string{}
	if header := h.proxies.header.Load(); header != nil {
		warnings = append(warnings, untrustedProxy(*header))
	}
	return e.JSON(http.StatusOK, map[string]any{"warnings": warnings})
}
