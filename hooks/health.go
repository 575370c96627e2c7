package hooks

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/health"
)

// bindHealth adds the probes of load balancers and containers. They have no limits: an answer costs as much as its
// refusal, and a stranger who exhausts a limit would have the server restarted.
func (h handlers) bindHealth() {
	h.onServe("health", func(e *core.ServeEvent) error {
		e.Router.GET("/livez", h.reportLife).Unbind(callerLimitsID, apis.DefaultRateLimitMiddlewareId)
		e.Router.GET("/readyz", h.reportReadiness).Unbind(callerLimitsID, apis.DefaultRateLimitMiddlewareId)
		return nil
	})
}

// reportLife responds as long as the process can.
func (h handlers) reportLife(e *core.RequestEvent) error {
	e.Response.Header().Set("Cache-Control", "no-store")
	return e.JSON(http.StatusOK, health.Report{Status: health.OK})
}

// reportReadiness responds with 503 while requests or jobs would fail. Reasons are for operators only.
func (h handlers) reportReadiness(e *core.RequestEvent) error {
	report, status := h.Health.Report(e.Request.Context()), http.StatusOK
	header := e.Response.Header()
	header.Set("Cache-Control", "no-store")
	if report.Status == health.Unavailable {
		status = http.StatusServiceUnavailable
		header.Set("Retry-After", "5")
	}
	if !h.isOperator(e) {
		report.Checks = nil
	}
	return e.JSON(status, report)
}

// isOperator reports whether a request is that of a superuser, or has METRICS_TOKEN. Loopback addresses are no proof:
// a reverse proxy on this machine connects from there.
func (h handlers) isOperator(e *core.RequestEvent) bool {
	return e.HasSuperuserAuth() || h.hasMetricsToken(e.Request)
}

// hasMetricsToken reports whether a request has METRICS_TOKEN as its bearer token. The time it takes doesn't depend on how
// much of the token is right.
func (h handlers) hasMetricsToken(r *http.Request) bool {
	const scheme = "Bearer "
	token := r.Header.Get("Authorization")
	if !h.Config.MetricsToken.IsSet() || len(token) < len(scheme) || !strings.EqualFold(token[:len(scheme)], scheme) {
		return false
	}
	got, want := sha256.Sum256([]byte(token[len(scheme):])), sha256.Sum256([]byte(h.Config.MetricsToken.Reveal()))
	return subtle.ConstantTimeCompare(got[:], want[:]) == 1
}
