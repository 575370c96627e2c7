package cli

import (
	"github.com/pocketbase/pocketbase/cmd"
	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app"
)

// superuserCommand returns PocketBase's command with help texts in the style of the other commands.
func superuserCommand(a *app.App) *cobra.Command {
	superuser := cmd.NewSuperuserCommand(a)
	superuser.Short = "Manage superusers, who can sign in to the admin UI"
	superuser.PersistentPreRunE = func(*cobra.Command, []string) error { return a.Bootstrap() }
	help := map[string]struct{ use, short, example string }{
		"create": {"create EMAIL PASSWORD", "Create a superuser", "admin@example.com a-long-password"},
		"upsert": {"upsert EMAIL PASSWORD", "Create a superuser or change their password", "admin@example.com a-long-password"},
		"update": {"update EMAIL PASSWORD", "Change the password of a superuser", "admin@example.com a-long-password"},
		"delete": {"delete EMAIL", "Delete a superuser", "admin@example.com"},
		"otp":    {"otp EMAIL", "Create a one-time password for a superuser", "admin@example.com"},
		"ips":    {"ips [ADDRESS ...]", "Limit superusers to IP addresses and subnets; without arguments, remove the limit", "127.0.0.1 10.0.0.0/24"},
	}
	for _, command := range superuser.Commands() {
		if text, ok := help[command.Name()]; ok {
			command.Use, command.Short = text.use, text.short
			command.Example = "  fathom-to-loom superuser " + command.Name() + " " + text.example
		}
	}
	superuser.Example = "  fathom-to-loom superuser upsert admin@example.com a-long-password"
	return superuser
}
