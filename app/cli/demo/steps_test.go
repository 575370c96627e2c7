package demo

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStepsNameWhatTheWebAppShows(t *testing.T) {
	t.Parallel()
	var app strings.Builder
	files := os.DirFS("../../../pb_public/src")
	require.NoError(t, fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		source, err := fs.ReadFile(files, path)
		app.Write(source)
		return err
	}))
	labels := regexp.MustCompile(`"([^"]+)"`).FindAllStringSubmatch(steps, -1)
	require.NotEmpty(t, labels)
	for _, label := range labels {
		assert.Regexp(t, `[>']`+regexp.QuoteMeta(label[1])+`[<']`, app.String())
	}
	for _, automatic := range []string{"Add rule", "Download as files"} {
		assert.Contains(t, steps, `"`+automatic+`"`)
	}
}
