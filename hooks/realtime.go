package hooks

import (
	"context"
	"net/http"
	"slices"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
)

// Every open web app has a stream to the global database, and opening one needs no session.
const (
	maxStreams           = 20_000
	maxStreamsPerAddress = 200
)

// publicTopics carry no records: before a sign-in, the SDK uses one to wait for the end of an OAuth2 flow
// in another window, and the other for its own connection.
var publicTopics = []string{"@oauth2", "PB_CONNECT"}

// streamLimits limits realtime streams to the global database as the gateway does for user databases.
type streamLimits struct {
	handlers
	byAddress *gateway.Places
	byUser    *gateway.Places
}

func (h handlers) bindRealtime() {
	limits := streamLimits{h, gateway.NewPlaces(maxStreams, maxStreamsPerAddress), gateway.NewPlaces(maxStreams, gateway.MaxStreamsPerUser)}
	bind(h.OnRealtimeConnectRequest(), "boundStream", limits.limitStreams)
	bind(h.OnRealtimeSubscribeRequest(), "boundSubscriptions", limits.limitSubscriptions)
}

func (l streamLimits) limitStreams(e *core.RealtimeConnectRequestEvent) error {
	address := e.RealIP()
	release, ok := l.byAddress.Take(address)
	if !ok {
		e.Response.Header().Set("Retry-After", "10")
		return router.NewApiError(http.StatusServiceUnavailable, "Too many open streams. Try again in a moment.", nil)
	}
	defer release()
	ctx, end := context.WithTimeout(e.Request.Context(), e.MaxTimeout)
	defer end()
	writer := gateway.NewDeadlineWriter(ctx, e.Response)
	defer writer.Done()
	e.Request, e.Response = e.Request.WithContext(ctx), writer
	e.Client = gateway.NewStreamClient(end, l.JobFeed.Withhold)
	e.Client.Set(apis.RealtimeClientIPKey, address)
	return e.Next()
}

// limitSubscriptions limits what must be evaluated for every change of a record.
func (l streamLimits) limitSubscriptions(e *core.RealtimeSubscribeRequestEvent) error {
	if err := gateway.CheckSubscriptions(e.RequestEvent, e.Subscriptions); err != nil {
		return err
	}
	if e.Auth == nil {
		if slices.ContainsFunc(e.Subscriptions, func(topic string) bool { return !slices.Contains(publicTopics, topic) }) {
			return e.UnauthorizedError("Sign in before you subscribe to records.", nil)
		}
		return e.Next()
	}
	client, ok := e.Client.(*gateway.StreamClient)
	if !ok || !client.Hold(l.byUser, e.Auth.Id) {
		return e.TooManyRequestsError("Too many open pages. Close some and try again.", nil)
	}
	return e.Next()
}
