package config

import (
	"encoding/base64"
	"fmt"
	"io"
	"strings"
)

// Generated is a fresh set of everything that is required.
type Generated struct {
	AESMasterKey    Secret
	JWTSecret       Secret
	PBEncryptionKey Secret
	AdminEmail      string
	AdminPassword   Secret
}

// Generate makes a set from rand, which is crypto/rand.Reader outside of tests.
func Generate(rand io.Reader) (Generated, error) {
	g := Generated{AdminEmail: "admin@example.com"}
	for _, part := range []struct {
		into     *Secret
		bytes    int
		encoding *base64.Encoding
	}{
		{&g.AESMasterKey, 32, base64.StdEncoding},
		{&g.JWTSecret, 64, base64.StdEncoding},
		{&g.PBEncryptionKey, 32, base64.StdEncoding},
		{&g.AdminPassword, 15, base64.RawURLEncoding}, // 20 characters
	} {
		raw := make([]byte, part.bytes)
		if _, err := io.ReadFull(rand, raw); err != nil {
			return Generated{}, fmt.Errorf("generate keys: %w", err)
		}
		*part.into = Secret(part.encoding.EncodeToString(raw))
	}
	return g, nil
}

// Environ is the set as KEY=value lines for LoadFrom, for a server that is
// thrown away afterwards.
func (g Generated) Environ() []string {
	return []string{
		"AES_MASTER_KEY=" + g.AESMasterKey.Reveal(),
		"JWT_SECRET=" + g.JWTSecret.Reveal(),
		"PB_ENCRYPTION_KEY=" + g.PBEncryptionKey.Reveal(),
		"PB_ADMIN_EMAIL=" + g.AdminEmail,
		"PB_ADMIN_PASSWORD=" + g.AdminPassword.Reveal(),
	}
}

// DotEnv is the set as the text of a .env file, secrets included. It starts with
// an empty line so that it may be appended to a file that does not end in one.
// Values are in single quotes: anywhere else a $ is expanded.
func (g Generated) DotEnv() string {
	var b strings.Builder
	put := func(comment, key, value string) {
		fmt.Fprintf(&b, "\n# %s\n%s='%s'\n", comment, key, value)
	}
	put("Wraps the keys that encrypt stored credentials. Keep a copy: without it they are lost.", "AES_MASTER_KEY", g.AESMasterKey.Reveal())
	put("Signs sessions. Changing it signs everybody out of their database.", "JWT_SECRET", g.JWTSecret.Reveal())
	put("Encrypts the settings of PocketBase.", "PB_ENCRYPTION_KEY", g.PBEncryptionKey.Reveal())
	put("The first superuser of the admin UI.", "PB_ADMIN_EMAIL", g.AdminEmail)
	fmt.Fprintf(&b, "PB_ADMIN_PASSWORD='%s'\n", g.AdminPassword.Reveal())
	return b.String()
}
