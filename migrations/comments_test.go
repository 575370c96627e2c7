package migrations_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Comments name the files in which hooks refine what a rule allows.
func TestFilesNamedInCommentsExist(t *testing.T) {
	pointer := regexp.MustCompile(`\bhooks/\w+\.go\b`)
	found := 0
	for _, pattern := range []string{"*.go", "userdb/*.go"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, file := range files {
			content, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, name := range pointer.FindAllString(string(content), -1) {
				found++
				assert.FileExists(t, filepath.Join("..", name), "named in %s", file)
			}
		}
	}
	assert.Positive(t, found)
}
