package hooks

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
)

func (h handlers) bindLifecycle() {
	// Innermost: every route is bound and the settings are applied before the services start.
	bindWithPriority(h.OnServe(), "startServices", 1000, h.startServices)
	// PocketBase's own handler has a lower priority and runs first: the listener is closed and every
	// request is cancelled before the services stop.
	bind(h.OnTerminate(), "stopServices", h.stopServices)
	bindWithPriority(h.OnTerminate(), "noteStop", -10_000, h.noteStop) // before PocketBase's handler, which has -9999
}

func (h handlers) noteStop(e *core.TerminateEvent) error {
	if h.Gateway != nil { // nil if the services were not built
		h.Health.NoteStop()
		h.Gateway.NoteStop()
	}
	return e.Next()
}

// startServices starts the services that requests need before the server listens, and the others afterwards.
func (h handlers) startServices(e *core.ServeEvent) error {
	ctx := context.Background()
	if err := h.Start(ctx); err != nil {
		return err
	}
	e.InstallerFunc = nil // the settings determine the first superuser
	if err := h.listen(e); err != nil {
		return err
	}
	if err := e.Next(); err != nil {
		return err
	}
	https := strings.HasPrefix(h.Config.BaseURL(), "https://")
	compress, err := jsonCompression()
	if err != nil {
		return err
	}
	wrap := func(next http.Handler) http.Handler {
		return h.identifyRequests(secured(https, h.noticeProxies(limitBodies(h.measure(compress(next))))))
	}
	e.Server.Handler = wrap(underPath(h.Config.BasePath(), h.Gateway.Wrap(e.Server.Handler)))
	h.Connections.Protect(e.Server)
	return h.Serve(ctx, wrap)
}

// listen listens on the server's own port, as PocketBase would do, and limits the connections.
func (h handlers) listen(e *core.ServeEvent) error {
	e.Server.ReadHeaderTimeout, e.Server.MaxHeaderBytes = gateway.HeaderTimeout, gateway.MaxHeaderBytes
	if e.Listener == nil {
		listener, err := net.Listen("tcp", e.Server.Addr)
		if err != nil {
			return err
		}
		e.Listener = listener
	}
	e.Listener = h.Connections.Listener(e.Listener)
	return nil
}

func (h handlers) stopServices(e *core.TerminateEvent) error {
	ctx, cancel := context.WithTimeout(context.Background(), h.Config.ShutdownTimeout.Std())
	defer cancel()
	return errors.Join(h.Stop(ctx), e.Next())
}
