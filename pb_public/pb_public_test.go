package pb_public_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/pb_public"
)

func TestTheBundleIsThatOfTheSources(t *testing.T) {
	t.Parallel()
	bundled := t.TempDir()
	output, err := exec.CommandContext(t.Context(), "sh", "../.ci/bundle", bundled).CombinedOutput()
	require.NoError(t, err, "%s", output)
	const advice = "run make bundle"
	fresh, err := fs.Glob(os.DirFS(bundled), "*")
	require.NoError(t, err)
	committed, err := fs.Glob(pb_public.Files, "dist/*")
	require.NoError(t, err)
	require.Len(t, committed, len(fresh), advice)
	for _, name := range fresh {
		want, err := os.ReadFile(filepath.Join(bundled, name))
		require.NoError(t, err)
		got, err := fs.ReadFile(pb_public.Files, "dist/"+name)
		require.NoError(t, err, advice)
		assert.True(t, bytes.Equal(want, got), "%s differs: %s", name, advice)
	}
}

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
	for _, required := range []string{"dist/index.html", "favicon.svg", "share/page.js", "share/page.css", "vendor/LICENSE-marked.txt"} {
		assert.Contains(t, names, required)
	}
}
