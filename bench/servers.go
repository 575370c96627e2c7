package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/cli"
	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/hooks"
	_ "github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// tenant is a user with a database and what opens it.
type tenant struct {
	Name    string        `json:"name"`
	Session string        `json:"session"`
	Direct  string        `json:"direct"` // token for the same database served by a stock PocketBase
	Took    time.Duration `json:"took"`
}

// serve is the server as main starts it, with a route that makes users without
// hashing their passwords, which would take most of the time.
func serve() int {
	a := app.New(config.Load("."))
	a.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	hooks.Register(a)
	a.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.Router.POST("/bench/tenants", func(e *core.RequestEvent) error {
			var request newTenants
			if err := e.BindBody(&request); err != nil {
				return err
			}
			tenants, err := makeTenants(a, request)
			if err != nil {
				return err
			}
			return e.JSON(http.StatusOK, tenants)
		})
		return e.Next()
	})
	return cli.Execute(a)
}

// newTenants asks for tenants, with passwords or without.
type newTenants struct {
	From, To  int
	Passwords bool
}

func makeTenants(a *app.App, request newTenants) ([]tenant, error) {
	collection, err := a.FindCollectionByNameOrId("users")
	if err != nil {
		return nil, err
	}
	var tenants []tenant
	for i := request.From; i < request.To; i++ {
		user := core.NewRecord(collection)
		if request.Passwords {
			user.SetPassword("a-good-password")
		}
		user.Id = fmt.Sprintf("bench%010d", i)
		user.SetEmail(user.Id + "@example.com")
		user.SetTokenKey(strings.Repeat("k", 35) + user.Id)
		if err := a.UnsafeWithoutHooks().SaveNoValidate(user); err != nil {
			return nil, err
		}
		began := time.Now()
		entry, err := a.Databases.Provision(a.RootCmd.Context(), user)
		took := time.Since(began)
		if err != nil {
			return nil, err
		}
		connection, err := a.Gateway.OpenSession(a.RootCmd.Context(), user, entry)
		if err != nil {
			return nil, err
		}
		tenants = append(tenants, tenant{Name: entry.Name, Session: connection.Token, Took: took})
	}
	return tenants, nil
}

// directToken is a token that the PocketBase in a folder takes, served by itself.
func directToken(folder string) (string, error) {
	pb := core.NewBaseApp(core.BaseAppConfig{DataDir: folder})
	if err := pb.Bootstrap(); err != nil {
		return "", err
	}
	defer func() { _ = pb.ResetBootstrapState() }() // it was only read
	users, err := pb.FindAllRecords("users")
	if err != nil || len(users) == 0 {
		return "", fmt.Errorf("no owner in %s: %w", folder, err)
	}
	return users[0].NewAuthToken()
}

// copyFolder copies the files of a closed user database.
func copyFolder(from, to string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	content, err := os.ReadFile(filepath.Join(from, "data.db"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(to, "data.db"), content, 0o600)
}
