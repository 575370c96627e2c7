package config

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/kelseyhightower/envconfig"
)

// Load reads the settings from the environment and from .env and .env.local in dir. Values from the
// files are added to the process environment for settings that are unset or empty there; nothing
// else in it changes. Load never fails: Validate reports what could not be read.
func Load(dir string) *Config {
	c, settings := newConfig()
	for key, value := range c.readDotEnvFiles(dir) {
		if !isBlank(os.Getenv(key)) {
			continue
		}
		if err := os.Setenv(key, value); err != nil {
			c.problems = append(c.problems, invalid(key))
		}
	}
	if err := envconfig.Process("", envconfigSpec(settings)); err != nil {
		panic(fmt.Sprintf("config: read environment: %v", err)) // Decode never fails
	}
	c.readSecretFiles(dir, settings, os.Getenv)
	c.warnings = append(c.warnings, slices.Concat(weakSecrets(c), mixedContent(c), outboundWarnings(c, os.Getenv))...)
	return c
}

// LoadFrom is like Load, but takes the environment as KEY=value lines, and neither reads nor changes
// the process environment. If a key is repeated, the last line wins.
func LoadFrom(dir string, environ []string) *Config {
	c, settings := newConfig()
	values := c.readDotEnvFiles(dir)
	environment := map[string]string{}
	for _, line := range environ {
		key, value, _ := strings.Cut(line, "=")
		environment[key] = value
	}
	getenv := func(key string) string {
		if text := environment[key]; !isBlank(text) {
			return text
		}
		return values[key]
	}
	for _, s := range settings {
		_ = s.Decode(getenv(s.Key)) // never fails
	}
	c.readSecretFiles(dir, settings, getenv)
	c.warnings = append(c.warnings, slices.Concat(weakSecrets(c), mixedContent(c), outboundWarnings(c, func(key string) string { return environment[key] }))...)
	return c
}

// envconfigSpec returns a pointer to a struct with one decoder per setting, named and tagged like
// the fields of Config. The fields of Config cannot be decoders themselves: a decoder must know its
// key and where to report a problem.
func envconfigSpec(settings []setting) any {
	spec := reflect.New(specType).Elem()
	for i, s := range settings {
		spec.Field(i).Set(reflect.ValueOf(s))
	}
	return spec.Addr().Interface()
}

var specType = func() reflect.Type {
	var out []reflect.StructField
	for field := range settingFields() {
		out = append(out, reflect.StructField{Name: field.Name, Type: reflect.TypeFor[envconfig.Decoder](), Tag: field.Tag})
	}
	return reflect.StructOf(out)
}()

func isBlank(text string) bool { return strings.TrimSpace(text) == "" }
