package config

import (
	"iter"
	"reflect"
	"slices"
	"strings"
)

// Field describes a setting.
type Field struct {
	Key      string // the environment variable
	Default  string // as text; empty if there is none
	Format   string // what a valid value looks like
	Required bool   // has no default and must be set
	Secret   bool   // must not be shown

	name string // of the field of Config
}

var fields = describeFields()

// Fields returns the descriptions of all settings in the order of Config.
func Fields() []Field { return slices.Clone(fields) }

func describeFields() []Field {
	var out []Field
	for f := range settingFields() {
		out = append(out, Field{
			Key:      f.Tag.Get("envconfig"),
			Default:  f.Tag.Get("default"),
			Format:   f.Tag.Get("format"),
			Required: f.Tag.Get("need") == "true",
			Secret:   f.Type == reflect.TypeFor[Secret](),
			name:     f.Name,
		})
	}
	return out
}

// settingFields yields the fields of Config that are settings.
func settingFields() iter.Seq[reflect.StructField] {
	return func(yield func(reflect.StructField) bool) {
		for f := range reflect.TypeFor[Config]().Fields() {
			if f.IsExported() && !yield(f) {
				return
			}
		}
	}
}

// fieldIndex returns the index of a setting in Config, or -1 if key is not a setting, such as the name
// of a .env file.
func fieldIndex(key string) int {
	return slices.IndexFunc(fields, func(f Field) bool { return f.Key == key })
}

// isSetting reports whether the program reads key: a setting, or the name of a file with a secret.
func isSetting(key string) bool { return fieldIndex(key) >= 0 || secretOf(key) != "" }

// WithoutSettings returns a copy of environ (KEY=value lines) without the settings, for starting a
// process that must not inherit the settings of this one.
func WithoutSettings(environ []string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(line string) bool {
		key, _, _ := strings.Cut(line, "=")
		return isSetting(key)
	})
}
