package doctor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian/oauth"
	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

// reachAdvice says what to do about a service that can't be reached.
const reachAdvice = "Check the network, the DNS and the firewall, and HTTPS_PROXY if the Internet is behind a proxy; jobs wait meanwhile"

// checkOutboundProxy reports whether the proxy accepts connections. Whether it forwards them shows at the services.
func (e *examination) checkOutboundProxy(ctx context.Context) []Finding {
	proxy := e.App.Config.ProxyURL()
	if proxy == nil {
		return one(ok("HTTPS_PROXY is not set; services are reached directly"))
	}
	port := proxy.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[proxy.Scheme]
	}
	conn, err := outbound.NewDialer().DialContext(ctx, "tcp", net.JoinHostPort(proxy.Hostname(), port))
	if err != nil {
		return one(warn("the proxy in HTTPS_PROXY can't be reached: "+err.Error(), "Start the proxy, or correct HTTPS_PROXY"))
	}
	_ = conn.Close() // nothing was sent
	return one(ok("the proxy in HTTPS_PROXY accepts connections"))
}

// checkFathom reports whether Fathom's API answers. It has no key, so a refusal is what it expects.
func (e *examination) checkFathom(ctx context.Context) []Finding {
	return e.reach(ctx, "Fathom's API", e.App.Config.FathomAPIURL, "/teams")
}

// checkLoom reports whether Loom answers questions about videos. No video has this link.
func (e *examination) checkLoom(ctx context.Context) []Finding {
	base := e.App.Config.LoomURL
	query := url.Values{"url": {base + "/share/00000000000000000000000000000000"}, "format": {"json"}}
	return e.reach(ctx, "Loom", base, "/v1/oembed?"+query.Encode())
}

func (e *examination) reach(ctx context.Context, service, base, path string) []Finding {
	parsed, err := outbound.ParseBaseURL(base)
	if err != nil {
		return notChecked("its address is not valid")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, parsed.String()+path, nil)
	if err != nil {
		return notChecked("its address is not valid")
	}
	request.Header.Set("User-Agent", outbound.UserAgent)
	client := e.client(service, e.App.Network().Transport())
	client.CheckRedirect = outbound.SameOriginOnly
	defer client.CloseIdleConnections()
	response, err := client.Do(request)
	if err != nil {
		return one(warn(fmt.Sprintf("%s can't be reached: %s", service, explain(ctx, err)), reachAdvice))
	}
	_ = response.Body.Close() // only the status matters
	if response.StatusCode >= 500 || response.StatusCode == http.StatusTooManyRequests {
		return one(warn(fmt.Sprintf("%s answers with status %d", service, response.StatusCode), "Wait; jobs are repeated until it works again"))
	}
	return one(ok(service + " answers"))
}

// checkAtlassian reports whether people can sign in to Atlassian, through which Loom accepts uploads.
func (e *examination) checkAtlassian(ctx context.Context) []Finding {
	cfg := e.App.Config
	if cfg.LoomUploader == config.LoomUploaderHandover {
		return one(ok("not used, because LOOM_UPLOADER is handover"))
	}
	// Only the metadata of a simulator may name private addresses.
	transport := outbound.NewGuard(e.App.Network(), cfg.LocalAtlassian()).Transport(e.App.Network().Transport())
	client := e.client("Atlassian", transport)
	defer client.CloseIdleConnections()
	signIn, err := oauth.New(oauth.Config{Resource: cfg.AtlassianMCPURL, Scopes: cfg.AtlassianMCPScopes, HTTP: client, Timeout: networkLimit})
	if err != nil {
		return notChecked("ATLASSIAN_MCP_URL is not valid")
	}
	if _, err := signIn.Discover(ctx); err != nil {
		if failure, known := errors.AsType[*oauth.Error](err); known && !failure.Temporary() {
			return one(warn("Atlassian's MCP server doesn't answer as expected: "+err.Error(), "Check ATLASSIAN_MCP_URL; people can upload to Loom themselves meanwhile"))
		}
		return one(warn("Atlassian's MCP server can't be reached: "+explain(ctx, err), reachAdvice))
	}
	return one(ok("Atlassian's MCP server answers, and people can sign in"))
}

// explain returns the cause of a failed request, without its URL.
func explain(ctx context.Context, err error) string {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return "it doesn't answer in time"
	}
	return outbound.WithoutURL(err).Error()
}
