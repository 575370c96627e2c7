package hooks

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// oauth2RedirectPath is where Google and GitHub return to. For a sign-in in a pop-up window, PocketBase forwards the code to
// the page that waits for it. A sign-in in the same window has a state that begins with pageState: the code is for the page
// that the window then shows.
const (
	oauth2RedirectPath = "/api/oauth2-redirect"
	pageState          = "page-"
)

func (h handlers) bindOAuth2Redirect() {
	h.onServe("oauth2Redirect", func(e *core.ServeEvent) error {
		e.Router.Bind(&hook.Handler[*core.RequestEvent]{
			Id: "oauth2Redirect", Func: redirectToPage, Priority: apis.DefaultRateLimitMiddlewarePriority + 1, // after our limits
		})
		return nil
	})
}

// redirectToPage leads nowhere but to the web app, wherever a proxy has put it: the address is relative.
func redirectToPage(e *core.RequestEvent) error {
	if e.Request.URL.Path != oauth2RedirectPath || e.Request.Method != http.MethodGet {
		return e.Next()
	}
	received := e.Request.URL.Query()
	if !strings.HasPrefix(received.Get("state"), pageState) {
		return e.Next()
	}
	forwarded := url.Values{}
	for _, name := range []string{"state", "code", "error"} {
		if value := received.Get(name); value != "" {
			forwarded.Set(name, value)
		}
	}
	e.Response.Header().Set("Cache-Control", "no-store")
	e.Response.Header().Set("Location", "../oauth-callback?"+forwarded.Encode())
	return e.NoContent(http.StatusSeeOther)
}
