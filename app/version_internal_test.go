package app

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRevisionIdentifiesABuildOfUnchangedSource(t *testing.T) {
	t.Parallel()
	revision := func(settings ...debug.BuildSetting) string { return revisionOf(&debug.BuildInfo{Settings: settings}) }
	const first, second = "1a2b3c4d5e6f", "1a2b3c5d5e6f"
	assert.Equal(t, "1a2b3c4", revision(debug.BuildSetting{Key: "vcs.revision", Value: first}, debug.BuildSetting{Key: "vcs.modified", Value: "false"}))
	assert.Equal(t, "1a2b3c5", revision(debug.BuildSetting{Key: "vcs.revision", Value: second}, debug.BuildSetting{Key: "vcs.modified", Value: "false"}))
	assert.Empty(t, revision(debug.BuildSetting{Key: "vcs.revision", Value: first}, debug.BuildSetting{Key: "vcs.modified", Value: "true"}),
		"builds of changed source differ")
	assert.Empty(t, revision(), "a build outside Git")
}

func TestExecutablesThatDifferHaveDifferentHashes(t *testing.T) {
	t.Parallel()
	hash := func(content string) string {
		path := filepath.Join(t.TempDir(), "program")
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		hash, err := hashOfFile(path)
		require.NoError(t, err)
		return hash
	}
	assert.Equal(t, hash("one build"), hash("one build"))
	assert.NotEqual(t, hash("one build"), hash("another build"))
	assert.Len(t, hash(""), shownDigits)
}
