package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/operator"
)

// superuserCommand replaces PocketBase's command, which changes the database beside a running server: neither
// the server's hooks nor the end of the superuser's sessions would follow.
func superuserCommand(a *app.App) *cobra.Command {
	root := group("superuser", "Manage superusers, who can sign in to the admin UI",
		"Manage superusers, who can sign in to the admin UI.\n\n"+
			"If a server runs on the data directory, it does the work, and the sessions of the superuser end;\n"+
			"otherwise this command does it. The superuser of PB_ADMIN_EMAIL is created or changed at every\n"+
			"start of the server.",
		superuserSave(a, "upsert", "Create a superuser or change their password", operator.UpsertSuperuser),
		superuserSave(a, "create", "Create a superuser", operator.CreateSuperuser),
		superuserSave(a, "update", "Change the password of a superuser", operator.UpdateSuperuser),
		superuserDelete(a), superuserOTP(a), superuserIPs(a))
	// The default message would repeat a password that starts with a dash, and messages end up in logs.
	root.SetFlagErrorFunc(func(command *cobra.Command, _ error) error {
		return fmt.Errorf("unknown or incomplete flag: put -- before a password that starts with - (see \"%s --help\")", command.CommandPath())
	})
	return root
}

func superuserSave(a *app.App, name, short string, operation operator.Operation[operator.SuperuserRequest, operator.SuperuserChange]) *cobra.Command {
	return &cobra.Command{
		Use: name + " EMAIL PASSWORD", Short: short, Args: requireArgs(2, 2, "an e-mail address and a password"),
		Example: "  fathom-to-loom superuser " + name + " admin@example.com a-long-password",
		RunE: func(command *cobra.Command, args []string) error {
			saved, err := one(command.Context(), a, operation, operator.SuperuserRequest{Email: args[0], Password: args[1]})
			if err != nil {
				return err
			}
			message := "password of superuser " + saved.Email + " changed"
			if saved.Created {
				message = "superuser " + saved.Email + " created"
			}
			_, err = fmt.Fprintln(command.OutOrStdout(), message)
			return err
		},
	}
}

func superuserDelete(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use: "delete EMAIL", Short: "Delete a superuser", Args: requireArgs(1, 1, "an e-mail address"),
		Example: "  fathom-to-loom superuser delete admin@example.com",
		RunE: func(command *cobra.Command, args []string) error {
			deleted, err := one(command.Context(), a, operator.DeleteSuperuser, operator.SuperuserRequest{Email: args[0]})
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(command.OutOrStdout(), "superuser "+deleted.Email+" deleted")
			return err
		},
	}
}

func superuserOTP(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use: "otp EMAIL", Short: "Create a one-time password for a superuser", Args: requireArgs(1, 1, "an e-mail address"),
		Example: "  fathom-to-loom superuser otp admin@example.com",
		RunE: func(command *cobra.Command, args []string) error {
			otp, err := one(command.Context(), a, operator.CreateOneTimePassword, operator.SuperuserRequest{Email: args[0]})
			if err != nil {
				return err
			}
			out := newTable(command.OutOrStdout())
			out.field("id", otp.ID)
			out.field("password", otp.Password)
			out.field("valid for", otp.ValidFor.String())
			return out.Flush()
		},
	}
}

func superuserIPs(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use: "ips [ADDRESS ...]", Short: "Limit superusers to IP addresses and subnets; without arguments, remove the limit",
		Example: "  fathom-to-loom superuser ips 127.0.0.1 10.0.0.0/24",
		RunE: func(command *cobra.Command, addresses []string) error {
			for _, address := range addresses {
				if strings.TrimSpace(address) == "" {
					return errors.New("an address is empty")
				}
			}
			limit, err := one(command.Context(), a, operator.LimitSuperusers, operator.SuperuserRequest{Addresses: addresses})
			if err != nil {
				return err
			}
			message := "superusers can sign in from every address"
			if len(limit.Addresses) > 0 {
				message = "superusers can sign in from " + strings.Join(limit.Addresses, ", ")
			}
			_, err = fmt.Fprintln(command.OutOrStdout(), message)
			return err
		},
	}
}
