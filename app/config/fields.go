package config

import (
	"reflect"
	"slices"
	"strings"
)

// Field describes one setting, for the tests that
// keep .env.example and the documentation true.
type Field struct {
	Key      string // as in the environment
	Default  string // as text; empty when there is none
	Must     string // what a valid value looks like
	Required bool   // has no default and must be set
	Secret   bool   // its value is never shown
}

var fields = readFields()

// Fields lists every setting in the order of Config.
func Fields() []Field { return slices.Clone(fields) }

func readFields() []Field {
	var out []Field
	for f := range reflect.TypeFor[Config]().Fields() {
		key, ok := f.Tag.Lookup("envconfig")
		if !ok {
			continue
		}
		out = append(out, Field{
			Key:      key,
			Default:  f.Tag.Get("default"),
			Must:     f.Tag.Get("must"),
			Required: f.Tag.Get("need") == "true",
			Secret:   f.Type == reflect.TypeFor[Secret](),
		})
	}
	return out
}

// position is where key stands in Config, or -1 for what is not a setting (the
// name of a .env file).
func position(key string) int {
	return slices.IndexFunc(fields, func(f Field) bool { return f.Key == key })
}

// Without returns environ (KEY=value) without any setting of ours, for starting
// a program that must not take over this one's.
func Without(environ []string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(entry string) bool {
		key, _, _ := strings.Cut(entry, "=")
		return slices.ContainsFunc(fields, func(f Field) bool { return f.Key == key })
	})
}
