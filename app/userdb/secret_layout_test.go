package userdb

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// authOptions returns the options of an auth collection whose secrets consist of the given letters.
func authOptions(letters string) (options string, secrets []string) {
	var fields []string
	for i, option := range tokenOptions {
		secrets = append(secrets, strings.Repeat(letters[i:i+1], secretLength))
		fields = append([]string{fmt.Sprintf(`%q:{"secret":%q,"duration":%d}`, option.key, secrets[i], i)}, fields...)
	}
	return `{"rule":"",` + strings.Join(fields, ",") + `}`, secrets
}

func TestLayoutFindsTheSecretsThatDecodingFinds(t *testing.T) {
	t.Parallel()
	first, _ := authOptions("abcde")
	parsed, err := parseSigningSecrets("id", "users", first)
	require.NoError(t, err)
	layout := parsed.layout()

	second, want := authOptions("vwxyz")
	got, ok := layout.find(second)
	require.True(t, ok)
	assert.Equal(t, want, got, "in the order of tokenOptions, whatever their order in the text")
	decoded, err := parseSigningSecrets("id", "users", second)
	require.NoError(t, err)
	assert.Equal(t, decoded.secrets, got)
	assert.Equal(t, decoded.withoutSecrets(), layout.withoutSecrets())
}

func TestLayoutMatchesNoOtherOptions(t *testing.T) {
	t.Parallel()
	options, secrets := authOptions("abcde")
	parsed, err := parseSigningSecrets("id", "users", options)
	require.NoError(t, err)
	for name, other := range map[string]string{
		"another rule":        strings.Replace(options, `"rule":""`, `"rule":"x"`, 1),
		"another duration":    strings.Replace(options, `"duration":4`, `"duration":5`, 1),
		"a longer text":       options + " ",
		"a short secret":      strings.Replace(options, secrets[1], secrets[1][1:], 1),
		"a quote in a secret": strings.Replace(options, secrets[2], strings.Repeat("c", 40)+`","x":"yyy`, 1),
		"an end":              options[:len(options)/2],
		"nothing":             "",
	} {
		_, ok := parsed.layout().find(other)
		assert.False(t, ok, name)
	}
	same, _ := authOptions("aaaaa")
	parsed, err = parseSigningSecrets("id", "users", same)
	require.NoError(t, err)
	_, ok := parsed.layout().find(same)
	assert.False(t, ok, "equal secrets can't be told apart")
	_, ok = secretLayout{}.find("")
	assert.False(t, ok)
}
