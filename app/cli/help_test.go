package cli

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

func TestHelpOfEveryCommand(t *testing.T) {
	newApp := func() *app.App { return app.New(config.LoadFrom(t.TempDir(), nil)) }
	a := newApp()
	addCommands(a)
	var files []string
	for _, path := range commandPaths(a.RootCmd) {
		a := newApp()
		var out strings.Builder
		a.RootCmd.SetOut(&out)
		a.RootCmd.SetErr(&out)
		require.NoError(t, Run(t.Context(), a, append(path, "--help")...))
		assert.Contains(t, out.String(), "Examples:\n", path)
		name := strings.Join(append([]string{"help"}, path...), "_")
		golden(t, name, out.String())
		files = append(files, filepath.Join("testdata", name+".golden"))
	}
	found, err := filepath.Glob("testdata/help*.golden")
	require.NoError(t, err)
	assert.ElementsMatch(t, files, found, "every golden file belongs to a command")
}

// commandPaths returns the arguments that select each command below root, and root itself.
func commandPaths(root *cobra.Command) [][]string {
	paths := [][]string{{}}
	for _, command := range root.Commands() {
		if command.Hidden {
			continue
		}
		for _, path := range commandPaths(command) {
			paths = append(paths, append([]string{command.Name()}, path...))
		}
	}
	return paths
}
