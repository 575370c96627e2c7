package config_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

// environMap returns KEY=value lines as a map. The last line of a key wins.
func environMap(environ []string) map[string]string {
	out := map[string]string{}
	for _, line := range environ {
		key, value, _ := strings.Cut(line, "=")
		out[key] = value
	}
	return out
}

func TestEnvExampleMatchesConfig(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../.env.example")
	require.NoError(t, err)
	example := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^(#\s*)?([A-Z][A-Z0-9_]*)=(.*)$`).FindAllStringSubmatch(string(text), -1) {
		assert.NotContains(t, example, m[2], "each key appears once")
		example[m[2]] = m[3]
	}
	for _, f := range config.Fields() {
		value, ok := example[f.Key]
		assert.True(t, ok, "%s is missing from .env.example", f.Key)
		assert.Equal(t, f.Default, value, "default of %s", f.Key)
		assert.NotEmpty(t, f.Format, "format of %s", f.Key)
		if f.Required {
			assert.Regexp(t, "(?m)^"+f.Key+"=$", string(text), "required keys are not commented out")
		}
		delete(example, f.Key)
	}
	assert.Empty(t, example, "keys in .env.example that are not settings")

	dir := t.TempDir()
	write(t, dir, ".env", string(text))
	c := config.LoadFrom(dir, nil)
	assert.Empty(t, c.Warnings())
	assert.Len(t, problems(t, c), 4, "only the required settings are missing")
}

func TestWithoutRemovesOnlySettings(t *testing.T) {
	t.Parallel()
	environ := []string{"PATH=/bin", "JWT_SECRET=x=y", "PB_GLOBAL_PORT=1", "EMPTY=", "JWT_SECRET_OF_ANOTHER=z"}
	assert.Equal(t, []string{"PATH=/bin", "EMPTY=", "JWT_SECRET_OF_ANOTHER=z"}, config.WithoutSettings(environ))
	assert.Len(t, environ, 5)
	assert.Equal(t, "JWT_SECRET=x=y", environ[1], "the argument is unchanged")
}
