package pb_public_test

import (
	"io/fs"
	"path"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/pb_public"
)

func TestOnlyTheWebAppIsEmbedded(t *testing.T) {
	t.Parallel()
	var names []string
	require.NoError(t, fs.WalkDir(pb_public.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		names = append(names, name)
		assert.NotEqual(t, ".json", path.Ext(name), name)
		assert.NotEqual(t, ".go", path.Ext(name), name)
		assert.NotContains(t, name, "test", name)
		return nil
	}))
	for _, required := range []string{"index.html", "app.css", "favicon.svg", "src/main.js", "vendor/marked.js", "vendor/LICENSE-marked.txt"} {
		assert.Contains(t, names, required)
	}
}
