package config

import (
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
)

// Generated contains new values for all required settings, PB_ADMIN_EMAIL and BACKUP_KEY.
type Generated struct {
	AESMasterKey    Secret
	JWTSecret       Secret
	PBEncryptionKey Secret
	AdminEmail      string
	AdminPassword   Secret
	BackupKey       Secret
}

// Generate reads new keys and a password from rand, which is crypto/rand.Reader except in tests. BACKUP_KEY always comes
// from crypto/rand.
func Generate(rand io.Reader) (Generated, error) {
	g := Generated{AdminEmail: "admin@example.com"}
	for _, part := range []struct {
		secret   *Secret
		bytes    int
		encoding interface{ EncodeToString([]byte) string }
	}{
		{&g.AESMasterKey, 32, base64.StdEncoding},
		{&g.JWTSecret, 64, base64.StdEncoding},
		{&g.PBEncryptionKey, 32, base64.StdEncoding},
		{&g.AdminPassword, 15, base32.StdEncoding}, // 24 letters and digits, which no command takes for a flag
	} {
		raw := make([]byte, part.bytes)
		if _, err := io.ReadFull(rand, raw); err != nil {
			return Generated{}, fmt.Errorf("generate keys: %w", err)
		}
		*part.secret = Secret(part.encoding.EncodeToString(raw))
	}
	backupKey, err := age.GenerateX25519Identity()
	if err != nil {
		return Generated{}, fmt.Errorf("generate keys: %w", err)
	}
	g.BackupKey = Secret(backupKey.String())
	return g, nil
}

// Environ returns the values as KEY=value lines for LoadFrom or for a child process.
func (g Generated) Environ() []string {
	return []string{
		"AES_MASTER_KEY=" + g.AESMasterKey.Reveal(),
		"JWT_SECRET=" + g.JWTSecret.Reveal(),
		"PB_ENCRYPTION_KEY=" + g.PBEncryptionKey.Reveal(),
		"PB_ADMIN_EMAIL=" + g.AdminEmail,
		"PB_ADMIN_PASSWORD=" + g.AdminPassword.Reveal(),
		"BACKUP_KEY=" + g.BackupKey.Reveal(),
	}
}

// DotEnv returns the values, secrets included, as the text of a .env file. It starts with an empty
// line, so that it can be appended to a file without a final newline. Values are in single quotes,
// because a $ is expanded outside of them.
func (g Generated) DotEnv() string {
	var b strings.Builder
	write := func(comment, key, value string) {
		fmt.Fprintf(&b, "\n# %s\n%s='%s'\n", comment, key, value)
	}
	write("Wraps the keys that encrypt stored credentials. Back it up: without it they are lost.", "AES_MASTER_KEY", g.AESMasterKey.Reveal())
	write("Signs sessions.", "JWT_SECRET", g.JWTSecret.Reveal())
	write("Encrypts the settings of PocketBase.", "PB_ENCRYPTION_KEY", g.PBEncryptionKey.Reveal())
	write("The first superuser of the admin UI.", "PB_ADMIN_EMAIL", g.AdminEmail)
	fmt.Fprintf(&b, "PB_ADMIN_PASSWORD='%s'\n", g.AdminPassword.Reveal())
	write("Encrypts backups. Keep a copy elsewhere: without it they can't be restored.", "BACKUP_KEY", g.BackupKey.Reveal())
	return b.String()
}
