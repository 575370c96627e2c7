package config

import (
	"bytes"
	"slices"
	"strings"
)

// Warnings returns descriptions of settings that are probably mistakes but do not prevent a start,
// such as a misspelt key in a .env file, a key set twice, a secret that is not random, a .env file that
// other users of the machine can read, or a storage whose recordings browsers won't play.
func (c *Config) Warnings() []string { return slices.Clone(c.warnings) }

// weakSecrets describes keys that are well-formed but obviously not random.
func weakSecrets(c *Config) []string {
	var warnings []string
	seen := map[string]string{}
	for _, s := range []struct {
		key   string
		value Secret
	}{
		{"AES_MASTER_KEY", c.AESMasterKey},
		{"AES_MASTER_KEY_PREVIOUS", c.AESMasterKeyPrevious},
		{"JWT_SECRET", c.JWTSecret},
		{"JWT_SECRET_PREVIOUS", c.JWTSecretPrevious},
		{"PB_ENCRYPTION_KEY", c.PBEncryptionKey},
		{"PB_ENCRYPTION_KEY_PREVIOUS", c.PBEncryptionKeyPrevious},
	} {
		raw, err := s.value.Bytes()
		if err != nil || len(raw) == 0 {
			continue
		}
		if bytes.Count(raw, raw[:1]) == len(raw) {
			warnings = append(warnings, s.key+" is a single byte repeated and protects nothing; generate a random key")
		}
		if other, used := seen[string(raw)]; used {
			warnings = append(warnings, s.key+" is the same as "+other+"; use a different key for each")
		}
		seen[string(raw)] = s.key
	}
	return warnings
}

// mixedContent describes a storage from which browsers refuse to load recordings into the pages of this server.
func mixedContent(c *Config) []string {
	storage, pages := strings.ToLower(c.S3Endpoint), strings.ToLower(c.PublicURL)
	if !strings.HasPrefix(storage, "http://") || !strings.HasPrefix(pages, "https://") {
		return nil
	}
	return []string{"S3_ENDPOINT uses http, but PUBLIC_URL uses https: browsers block such recordings; " +
		"use an https URL for S3_ENDPOINT"}
}
