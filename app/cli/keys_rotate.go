package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/operator"
)

func keysRotate(a *app.App) *cobra.Command {
	var path string
	command := &cobra.Command{
		Use: "rotate " + strings.Join(config.RotatedKeys, "|"), Short: "Replace a key, in three steps",
		Long: "Replace a key, in three steps:\n\n" +
			"  1. \"keys rotate KEY --write .env\" generates a new key in the file, and keeps the former one as\n" +
			"     KEY_PREVIOUS. Restart the server, which uses both.\n" +
			"  2. \"keys rotate KEY\" encrypts what still needs the former key again, while people use the server.\n" +
			"     Interrupt it whenever you like: run it again to continue.\n" +
			"  3. When it says so, delete the lines with KEY_PREVIOUS, and restart the server.\n\n" +
			"After step 1, copy the file to wherever you keep the keys, and to the standby: backups that are made\n" +
			"from then on can't be restored without the new key.\n\n" +
			"If settings are in the environment instead of a file, do step 1 yourself: \"keys generate\" prints keys.",
		Example: "  fathom-to-loom keys rotate AES_MASTER_KEY --write .env\n  fathom-to-loom keys rotate AES_MASTER_KEY",
		Args:    requireArgs(1, 1, "a key: "+strings.Join(config.RotatedKeys, ", ")),
		RunE: func(command *cobra.Command, args []string) error {
			key := args[0]
			if !slices.Contains(config.RotatedKeys, key) {
				return fmt.Errorf("%s is not a key that can be rotated: use %s", key, strings.Join(config.RotatedKeys, ", "))
			}
			if command.Flags().Changed("write") {
				return beginRotation(command, a, key, path)
			}
			return finishRotation(command, a, key)
		},
	}
	command.Flags().StringVar(&path, "write", "", "`file` with settings in which the key is replaced")
	addJSONFlag(command)
	return command
}

const maxEnvFile = 1 << 20 // bytes

// beginRotation writes a new key into a file with settings.
func beginRotation(command *cobra.Command, a *app.App, key, path string) error {
	if path == "" {
		return errors.New("--write needs the name of a file")
	}
	current, previous := a.Config.Key(key)
	if previous.IsSet() {
		return fmt.Errorf("%w: run \"fathom-to-loom keys rotate %s\", and delete %s when it says so", config.ErrRotating, key, key+config.PreviousSuffix)
	}
	text, err := readEnvFile(path)
	if err != nil {
		return err
	}
	rotation, err := config.Rotate(text, key, rand.Reader)
	if err != nil {
		return fmt.Errorf("rotate %s in %s: %w", key, path, err)
	}
	if current.IsSet() && strings.TrimSpace(current.Reveal()) != rotation.Former.Reveal() {
		return fmt.Errorf("the environment or another file sets a different %s than %s: rotate it where it is set", key, path)
	}
	err = durable.ReplaceFile(path, func(to io.Writer) error {
		_, err := io.WriteString(to, rotation.Text)
		return err
	})
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = fmt.Fprintf(command.ErrOrStderr(), "%s has a new %s, and the former one as %s.\n"+
		"Copy it now to wherever you keep the keys, and to the standby if there is one: without the new key, what is stored from now on\n"+
		"can't be read, not even from a backup.\n"+
		"Then restart the server so that it reads the file again (with Docker Compose: docker compose up -d), and run: fathom-to-loom keys rotate %s\n",
		path, key, key+config.PreviousSuffix, key)
	return err
}

func readEnvFile(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", filepath.Base(path), err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxEnvFile+1))
	if err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	if len(text) > maxEnvFile {
		return "", fmt.Errorf("read %s: the file is too large for settings", path)
	}
	return string(text), nil
}

// finishRotation has the owner of the data directories encrypt again what needs the former key.
func finishRotation(command *cobra.Command, a *app.App, key string) error {
	if err := a.Config.Validate(); err != nil {
		return err
	}
	if _, previous := a.Config.Key(key); !previous.IsSet() {
		return fmt.Errorf("no rotation of %s has begun: run \"fathom-to-loom keys rotate %s --write .env\" first", key, key)
	}
	return withProgress(command, longCommand{"rotate", continueAgain}, func(ctx context.Context) error {
		result, err := one(ctx, a, operator.RotateKey, operator.RotateRequest{Key: key, ID: a.Config.KeyID(key)})
		if err != nil {
			return fmt.Errorf("rotate %s: %w", key, err)
		}
		return write(command, result, func(to io.Writer, result operator.Rotation) error {
			_, err := fmt.Fprintln(to, rotationText(a, key, result))
			return err
		})
	})
}

// rotationText says what to do after a rotation.
func rotationText(a *app.App, key string, result operator.Rotation) string {
	previous := key + config.PreviousSuffix
	const keep = "Keep the former key with the backups that were made before now, and the new one with those from now on: each needs its own."
	switch key {
	case "AES_MASTER_KEY":
		return fmt.Sprintf("%d data keys were rewrapped, and none uses the former key any more. Delete the lines with %s from your settings.\n%s",
			result.Changed, previous, keep)
	case "PB_ENCRYPTION_KEY":
		return fmt.Sprintf("PocketBase's settings are encrypted with the new key. Delete the lines with %s from your settings.\n%s", previous, keep)
	}
	return fmt.Sprintf("The server signs with the new secret. It accepts sessions that the former one has signed until they expire, which takes %s\n"+
		"from its restart. After that, delete the lines with %s from your settings; delete them now if others know the former secret.\n"+
		"The server accepts the former secret until it is restarted without them (with Docker Compose: docker compose up -d).\n"+
		"Links to unsubscribe in mail that was sent before the restart work only until then.", a.Config.SessionTTL.Std(), previous)
}
