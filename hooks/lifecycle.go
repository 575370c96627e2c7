package hooks

import (
	"context"
	"errors"

	"github.com/pocketbase/pocketbase/core"
)

func (h handlers) bindLifecycle() {
	// Innermost: every route is bound and the settings are applied before the services start.
	bindWithPriority(h.OnServe(), "startServices", 1000, h.startServices)
	// PocketBase's own handler has a lower priority and runs first: the listener is closed and every
	// request is cancelled before the services stop.
	bind(h.OnTerminate(), "stopServices", h.stopServices)
}

// startServices starts the services that requests need before the server listens, and the others afterwards.
func (h handlers) startServices(e *core.ServeEvent) error {
	ctx := context.Background()
	if err := h.Start(ctx); err != nil {
		return err
	}
	e.InstallerFunc = nil // the settings determine the first superuser
	if err := e.Next(); err != nil {
		return err
	}
	e.Server.Handler = limitBodies(h.Gateway.Wrap(e.Server.Handler))
	return h.Serve(ctx, limitBodies)
}

func (h handlers) stopServices(e *core.TerminateEvent) error {
	ctx, cancel := context.WithTimeout(context.Background(), h.Config.ShutdownTimeout.Std())
	defer cancel()
	return errors.Join(h.Stop(ctx), e.Next())
}
