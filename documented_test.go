package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/notify"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
)

func TestDocumentedMessagesAreLogged(t *testing.T) {
	var sources strings.Builder
	for _, p := range productPackages(t) {
		files, err := filepath.Glob(filepath.Join(p.name, "*.go"))
		require.NoError(t, err)
		for _, file := range files {
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			sources.Write(source)
		}
	}
	messages := regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(sectionOf(t, "docs/jobs.md", "### What the log reports"), -1)
	require.NotEmpty(t, messages)
	for _, message := range messages {
		assert.True(t, strings.Contains(sources.String(), `("`+message[1]+`"`), "docs/jobs.md explains a message that nothing logs: %s", message[1])
	}
}

func TestPathsThatStrangersRequestAreDocumented(t *testing.T) {
	section := sectionOf(t, "docs/network.md", "## What must reach the server")
	for _, path := range []string{notify.UnsubscribePath, transfer.EndpointPath} {
		assert.Contains(t, section, path+"`")
	}
}

// sectionOf returns what follows a heading in a file, up to the next heading.
func sectionOf(t *testing.T, file, heading string) string {
	t.Helper()
	page, err := os.ReadFile(file)
	require.NoError(t, err)
	_, section, found := strings.Cut(string(page), "\n"+heading+"\n")
	require.True(t, found, "%s has no heading %q", file, heading)
	section, _, _ = strings.Cut(section, "\n#")
	return section
}
