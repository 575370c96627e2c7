package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/mover"
	"github.com/fathom-to-loom/fathom-to-loom/app/natsconfig"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
)

// connectCluster connects to the NATS servers. Without CLUSTER_URL, there is no connection and nothing that needs one.
func (a *App) connectCluster() (err error) {
	if !a.Config.ClusterEnabled() || a.bus != nil {
		return nil
	}
	if a.bus, err = a.connectBus("fathom-to-loom", natsconfig.HomeInbox); err != nil {
		return err
	}
	a.Movers = dispatch.NewOwner(dispatch.OwnerConfig{Bus: a.bus, Cluster: a.Config.ClusterName, Logger: a.logger("dispatch")})
	return nil
}

func (a *App) connectBus(name, inbox string) (*bus.NATS, error) {
	connected, err := bus.Connect(bus.Config{
		URLs: a.Config.ClusterURL, Seed: a.Config.ClusterCreds, CA: a.Config.ClusterCA, Name: name, InboxPrefix: inbox, Logger: a.logger("bus"),
	})
	if err != nil {
		return nil, fmt.Errorf("connect to the cluster: %w", err)
	}
	return connected, nil
}

// mover returns what moves recordings on other machines, or nil.
func (a *App) mover() transfer.Mover {
	if a.Movers == nil { // a nil *dispatch.Owner would not be a nil interface
		return nil
	}
	return a.Movers
}

func (a *App) startCluster(ctx context.Context) error {
	if a.Movers == nil {
		return nil
	}
	return a.Movers.Start(ctx)
}

func (a *App) stopCluster(ctx context.Context) error {
	if a.bus == nil {
		return nil
	}
	err := a.Movers.Stop(ctx)
	a.bus.Close()
	return err
}

// clusterCheckTimeout is how long CheckCluster tries to connect.
const clusterCheckTimeout = 5 * time.Second

// CheckCluster returns an error unless this machine reaches a NATS server, which accepts its credentials.
func (a *App) CheckCluster(ctx context.Context) error {
	if err := a.Config.ValidateMover(); err != nil {
		return err
	}
	connected, err := a.connectBus("check", natsconfig.MoverInbox)
	if err != nil {
		return err
	}
	defer connected.Close()
	ctx, cancel := context.WithTimeout(ctx, clusterCheckTimeout)
	defer cancel()
	for !connected.Connected() {
		if err := outbound.Sleep(ctx, 50*time.Millisecond); err != nil {
			return errors.New("no NATS server of CLUSTER_URL can be reached with these credentials; the log says why")
		}
	}
	return nil
}

// RunMover moves recordings for the server of the cluster until ctx ends. It needs no data directory and none of the
// server's keys.
func (a *App) RunMover(ctx context.Context) (err error) {
	cfg := a.Config
	if err := cfg.ValidateMover(); err != nil {
		return err
	}
	a.Logs.SetConsole(a.Console)
	client, err := fathom.New(fathom.Config{
		BaseURL: cfg.FathomAPIURL, Logger: a.logger("fathom"), UserAgent: "fathom-to-loom/" + BuildVersion(), RetryFor: fathomRetryFor, Network: a.Network(),
	})
	if err != nil {
		return err
	}
	defer client.Close()
	carrier, err := mover.New(mover.Config{Fathom: client, StorageOrigin: cfg.S3Endpoint, Network: a.Network(), Logger: a.logger("mover")})
	if err != nil {
		return err
	}
	defer carrier.Close()
	id := moverID()
	connected, err := a.connectBus("mover "+id, natsconfig.MoverInbox)
	if err != nil {
		return err
	}
	defer connected.Close()
	server := dispatch.NewServer(dispatch.ServerConfig{
		Bus: connected, Cluster: cfg.ClusterName, ID: id, Version: BuildVersion(), Slots: cfg.MoverSlots, Logger: a.logger("dispatch"),
		Move: func(ctx context.Context, move dispatch.Move, reporter dispatch.Reporter) (string, error) {
			return carrier.Move(ctx, move, reporter)
		},
	})
	if err := server.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	a.Log.InfoContext(ctx, "mover is ready", "mover", id, "slots", cfg.MoverSlots, "version", BuildVersion())
	<-ctx.Done()
	a.Log.InfoContext(ctx, "stopping")
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), cfg.ShutdownTimeout.Std())
	defer cancel()
	return server.Stop(stopping)
}

var notInToken = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// moverID returns a name that tells operators which machine it is, and differs from those of other movers there.
func moverID() string {
	host, err := os.Hostname()
	if err != nil {
		host = "mover"
	}
	host, _, _ = strings.Cut(host, ".")
	if host = notInToken.ReplaceAllString(host, "-"); len(host) > 40 {
		host = host[:40]
	}
	return host + "-" + strings.ToLower(rand.Text()[:6])
}
