package hooks

import (
	"context"
	"fmt"
	"net/http"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
)

// Everybody who has the web app open has a stream to the global database, and
// nobody needs a session to open one.
const (
	maxStreams           = 20_000
	maxStreamsPerAddress = 200
)

// bindStreams bounds the realtime streams to the global database as the gateway
// bounds those to user databases.
func bindStreams(a *app.App) {
	places := gateway.NewPlaces(maxStreams, maxStreamsPerAddress)
	a.OnRealtimeConnectRequest().Bind(&hook.Handler[*core.RealtimeConnectRequestEvent]{Id: "boundStream", Func: boundStream(places)})
	a.OnRealtimeSubscribeRequest().Bind(&hook.Handler[*core.RealtimeSubscribeRequestEvent]{Id: "boundSubscriptions", Func: boundSubscriptions})
}

func boundStream(places *gateway.Places) func(*core.RealtimeConnectRequestEvent) error {
	return func(e *core.RealtimeConnectRequestEvent) error {
		address := e.RealIP()
		leave, ok := places.Take(address)
		if !ok {
			e.Response.Header().Set("Retry-After", "10")
			return router.NewApiError(http.StatusServiceUnavailable, "Too many open streams. Try again in a moment.", nil)
		}
		defer leave()
		ctx, end := context.WithTimeout(e.Request.Context(), e.MaxTimeout)
		defer end()
		writer := gateway.NewDeadlineWriter(ctx, e.Response)
		defer writer.Done()
		e.Request, e.Response = e.Request.WithContext(ctx), writer
		e.Client = gateway.NewStreamClient(end)
		e.Client.Set(apis.RealtimeClientIPKey, address)
		return e.Next()
	}
}

func boundSubscriptions(e *core.RealtimeSubscribeRequestEvent) error {
	if len(e.Subscriptions) > gateway.MaxSubscriptions {
		return e.BadRequestError(fmt.Sprintf("A stream may have %d subscriptions.", gateway.MaxSubscriptions), nil)
	}
	return e.Next()
}
