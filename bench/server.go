package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/cli"
	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/hooks"
	_ "github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// tenant is a user with a database.
type tenant struct {
	Name    string        `json:"name"`    // of the database
	Session string        `json:"session"` // token for the database through the gateway
	Direct  string        `json:"direct"`  // token for a copy of the database, served by a stock PocketBase
	Took    time.Duration `json:"took"`    // to provision the database
}

// tenantsPath is the route that creates tenants.
const tenantsPath = "/bench/tenants"

// tenantsRequest asks for the tenants with the numbers from First up to, but not including, End.
type tenantsRequest struct {
	First, End int
	Passwords  bool // hashing them takes most of the time
}

// serve runs the server as the program's main does, with a further route that creates tenants.
func serve() int {
	a := app.New(config.Load("."))
	a.Console = os.Stderr
	a.Logs.SetLevel(slog.LevelWarn)
	hooks.Register(a)
	a.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.Router.POST(tenantsPath, func(e *core.RequestEvent) error {
			var request tenantsRequest
			if err := e.BindBody(&request); err != nil {
				return err
			}
			tenants, err := createTenants(a, request)
			if err != nil {
				return err
			}
			return e.JSON(http.StatusOK, tenants)
		})
		return e.Next()
	})
	return cli.Execute(a)
}

func createTenants(a *app.App, request tenantsRequest) ([]tenant, error) {
	collection, err := a.FindCollectionByNameOrId("users")
	if err != nil {
		return nil, err
	}
	var tenants []tenant
	for i := request.First; i < request.End; i++ {
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
		start := time.Now()
		entry, err := a.Databases.Provision(a.RootCmd.Context(), user)
		took := time.Since(start)
		if err != nil {
			return nil, err
		}
		session, err := a.Gateway.OpenSession(a.RootCmd.Context(), user, entry)
		if err != nil {
			return nil, err
		}
		tenants = append(tenants, tenant{Name: entry.Name, Session: session.Token, Took: took})
	}
	return tenants, nil
}
