// Command fathom-to-loom moves a user's Fathom meetings to Loom. See README.md.
package main

import (
	"os"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/cli"
	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/hooks"
	_ "github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func main() {
	a := app.New(config.Load("."))
	hooks.Register(a)
	os.Exit(cli.Execute(a))
}
