package hooks

import (
	"context"
	"errors"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app"
)

func bindLifecycle(a *app.App) {
	a.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "startServices", Func: startServices(a),
		Priority: 1000, // innermost: every route is bound and the settings are applied
	})
	a.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Id: "stopServices", Func: stopServices(a),
		// PocketBase's own handler has the lowest priority: by now the listener
		// is closed and every request has been cancelled.
	})
}

// startServices makes user databases ready before the first request and claims
// jobs only once the port is ours.
func startServices(a *app.App) func(*core.ServeEvent) error {
	return func(e *core.ServeEvent) error {
		ctx := context.Background()
		if err := a.Start(ctx); err != nil {
			return err
		}
		e.InstallerFunc = nil // the superuser comes from the settings
		if err := e.Next(); err != nil {
			return err
		}
		e.Server.Handler = limitBodies(a.Gateway.Wrap(e.Server.Handler))
		if err := a.Gateway.Start(ctx, limitBodies); err != nil {
			return err
		}
		if err := errors.Join(a.Queue.Recover(ctx), a.Worker.Start(ctx)); err != nil {
			return err
		}
		a.Serving()
		a.Log.Info("ready", "url", a.Config.BaseURL(), "admin", a.Config.BaseURL()+"/_/", "version", app.Version)
		return nil
	}
}

func stopServices(a *app.App) func(*core.TerminateEvent) error {
	return func(e *core.TerminateEvent) error {
		ctx, cancel := context.WithTimeout(context.Background(), a.Config.ShutdownTimeout.Std())
		defer cancel()
		err := a.Stop(ctx)
		return errors.Join(err, e.Next())
	}
}
