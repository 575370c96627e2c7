package config

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"sync"

	"github.com/kelseyhightower/envconfig"
)

// The .env files, the one that wins first.
var dotenvNames = []string{".env", ".env.local"}

// Load reads the settings from the environment and the .env files in dir. It
// never fails: what it could not read is reported by Validate.
func Load(dir string) *Config { return LoadFrom(dir, os.Environ()) }

// LoadFrom is Load with the environment handed in, as KEY=value lines. It looks
// at no other environment.
func LoadFrom(dir string, environ []string) *Config {
	values := map[string]string{}
	for _, line := range environ {
		if key, value, ok := strings.Cut(line, "="); ok && position(key) >= 0 {
			values[key] = value
		}
	}
	drop(values)

	var problems []Problem
	var warnings []string
	for _, name := range dotenvNames {
		file := readDotEnv(dir, name)
		problems = append(problems, file.problems...)
		warnings = append(warnings, file.warnings...)
		drop(file.values)
		for key, value := range file.values {
			if _, set := values[key]; !set && position(key) >= 0 {
				values[key] = value
			}
		}
	}

	c, unread := decode(values)
	c.CORSOrigins = tidy(c.CORSOrigins)
	c.TrustedProxyHeaders = tidy(c.TrustedProxyHeaders)
	c.problems = append(problems, unread...)
	c.warnings = append(warnings, weakSecrets(c)...)
	return c
}

// drop trims what a file with Windows line ends leaves behind, and removes what
// is empty then. Spaces in a secret are kept: they may be part of a password.
func drop(values map[string]string) {
	for key, value := range values {
		if i := position(key); i >= 0 && fields[i].Secret {
			value = strings.TrimRight(value, "\r\n")
		} else {
			value = strings.TrimSpace(value)
		}
		if strings.TrimSpace(value) == "" {
			delete(values, key)
			continue
		}
		values[key] = value
	}
}

// environment guards the moment the process environment is not the caller's.
var environment sync.Mutex

// decode runs envconfig over values. envconfig reads the process environment
// only and stops at the first value it cannot parse, printing it. So values are
// put there under a lock and what was there before is put back, nothing stays;
// and a key that does not parse is noted by name, taken out and the rest tried
// again, so that all of them are found.
func decode(values map[string]string) (*Config, []Problem) {
	environment.Lock()
	defer environment.Unlock()

	var problems []Problem
	restore, refused := swapEnviron(values)
	defer restore()
	for _, key := range refused {
		problems = append(problems, invalid(key))
	}

	for range len(fields) + 1 {
		c := &Config{}
		err := envconfig.Process("", c)
		if err == nil {
			return c, problems
		}
		var parse *envconfig.ParseError
		if !errors.As(err, &parse) {
			break
		}
		problems = append(problems, invalid(parse.KeyName))
		_ = os.Unsetenv(parse.KeyName)
	}
	// Only a default that does not parse leads here; a test keeps them sound.
	panic("config: the defaults do not parse")
}

// swapEnviron makes the process environment hold values for our keys and
// nothing else for them. It returns how to undo that, and the keys whose value
// the operating system refuses.
func swapEnviron(values map[string]string) (restore func(), refused []string) {
	var undo []func() error
	for _, f := range fields {
		before, had := os.LookupEnv(f.Key)
		value, want := values[f.Key]
		if had == want && before == value {
			// Still undone below: decode may unset it.
			undo = append(undo, put(f.Key, before, had))
			continue
		}
		if err := put(f.Key, value, want)(); err != nil {
			refused = append(refused, f.Key)
			_ = os.Unsetenv(f.Key)
		}
		undo = append(undo, put(f.Key, before, had))
	}
	return func() {
		for _, f := range undo {
			_ = f()
		}
	}, refused
}

func put(key, value string, set bool) func() error {
	if set {
		return func() error { return os.Setenv(key, value) }
	}
	return func() error { return os.Unsetenv(key) }
}

// tidy trims the items of a comma-separated list and leaves out empty ones.
func tidy(list []string) []string {
	var out []string
	for _, item := range list {
		if item = strings.TrimSpace(item); item != "" {
			out = append(out, item)
		}
	}
	return out
}

// weakSecrets warns of placeholders: they decode, so they are valid, but they
// protect nothing.
func weakSecrets(c *Config) []string {
	var out []string
	seen := map[string]string{}
	for _, s := range []struct {
		key   string
		value Secret
	}{
		{"AES_MASTER_KEY", c.AESMasterKey}, {"AES_MASTER_KEY_PREVIOUS", c.AESMasterKeyPrevious},
		{"JWT_SECRET", c.JWTSecret}, {"PB_ENCRYPTION_KEY", c.PBEncryptionKey},
	} {
		raw, err := s.value.Bytes()
		if err != nil || len(raw) == 0 {
			continue
		}
		if bytes.Count(raw, raw[:1]) == len(raw) {
			out = append(out, s.key+" is one byte over and over: it protects nothing")
		}
		if other, same := seen[string(raw)]; same {
			out = append(out, s.key+" is the same as "+other+": use a different one for each")
		}
		seen[string(raw)] = s.key
	}
	return out
}
