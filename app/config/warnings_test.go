package config_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

func TestStorageThatBrowsersBlockIsAWarning(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		endpoint, public string
		warnings         int
	}{
		{"http://s3.example.com", "https://app.example.com", 1},
		{"HTTP://192.0.2.1:9000", "HTTPS://app.example.com", 1},
		{"https://s3.example.com", "https://app.example.com", 0},
		{"http://s3.example.com", "http://app.example.com", 0},
		{"http://s3.example.com", "", 0},
		{"", "https://app.example.com", 0},
	} {
		settings := []string{"PUBLIC_URL=" + test.public}
		if test.endpoint != "" {
			settings = append(settings, "S3_ENDPOINT="+test.endpoint, "S3_BUCKET=recordings", "S3_ACCESS_KEY=id", "S3_SECRET_KEY=secret")
		}
		c := config.LoadFrom(t.TempDir(), valid(t, settings...))
		require.NoError(t, c.Validate(), test)
		require.Len(t, c.Warnings(), test.warnings, test)
		if test.warnings > 0 {
			assert.Contains(t, c.Warnings()[0], "use an https URL for S3_ENDPOINT")
		}
	}
}
