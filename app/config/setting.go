package config

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/kelseyhightower/envconfig"
)

// setting binds the description of a setting to its field in a Config.
type setting struct {
	Field
	target   any        // a pointer to the field
	problems *[]Problem // problems of the Config
}

var _ envconfig.Decoder = setting{}

// newConfig returns a Config that holds the defaults, and its settings in the order of Config.
func newConfig() (*Config, []setting) {
	c := &Config{}
	settings := make([]setting, len(fields))
	values := reflect.ValueOf(c).Elem()
	for i, field := range fields {
		s := setting{Field: field, target: values.FieldByName(field.name).Addr().Interface(), problems: &c.problems}
		if s.Default != "" {
			if err := parse(s.target, s.Default); err != nil {
				panic(fmt.Sprintf("config: parse default of %s: %v", s.Key, err))
			}
		}
		settings[i] = s
	}
	return c, settings
}

// Decode implements envconfig.Decoder. It always returns nil, because an error would stop envconfig
// at the first malformed setting and print its value. Instead, it records the problem by key. A
// malformed or empty value leaves the default in place.
func (s setting) Decode(text string) error {
	if s.Secret {
		text = strings.TrimRight(text, "\r\n") // spaces may belong to a password
	} else {
		text = strings.TrimSpace(text)
	}
	if isBlank(text) {
		return nil
	}
	if err := parse(s.target, text); err != nil {
		*s.problems = append(*s.problems, invalid(s.Key))
	}
	return nil
}

// parse stores text in target, a pointer to a field of Config. On an error target is unchanged.
func parse(target any, text string) (err error) {
	switch target := target.(type) {
	case *string:
		*target = text
	case *Secret:
		*target = Secret(text)
	case *[]string:
		*target = splitList(text)
	case *int:
		var n int64
		if n, err = strconv.ParseInt(text, 0, strconv.IntSize); err == nil {
			*target = int(n)
		}
	case *bool:
		var b bool
		if b, err = strconv.ParseBool(text); err == nil {
			*target = b
		}
	case encoding.TextUnmarshaler:
		err = target.UnmarshalText([]byte(text))
	default:
		panic(fmt.Sprintf("config: settings of type %T are not supported", target))
	}
	return err
}

// splitList returns the items of a comma-separated list without spaces and empty items.
func splitList(text string) []string {
	var items []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}
