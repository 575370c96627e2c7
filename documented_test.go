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
	"github.com/fathom-to-loom/fathom-to-loom/app/share"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
)

// logCall is a call of a logger whose message is a literal. Operators don't read debug messages.
var logCall = regexp.MustCompile(`\.(?:(?:Info|Warn|Error)\(|(?:Info|Warn|Error)Context\([^"]*,)\s*"([^"]+)"`)

// loggedMessages returns the messages that the product logs, without those for debugging.
func loggedMessages(t *testing.T) (messages []string) {
	for _, p := range productPackages(t) {
		files, err := filepath.Glob(filepath.Join(p.name, "*.go"))
		require.NoError(t, err)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, call := range logCall.FindAllStringSubmatch(string(source), -1) {
				messages = append(messages, call[1])
			}
		}
	}
	return messages
}

// documentedMessages returns the messages that docs/jobs.md explains to operators.
func documentedMessages(t *testing.T) (messages []string) {
	section := sectionOf(t, "docs/jobs.md", "### What the log reports")
	for _, row := range regexp.MustCompile("(?m)^\\| `([^|]+)` \\|").FindAllStringSubmatch(section, -1) {
		messages = append(messages, strings.Split(row[1], "`, `")...)
	}
	return messages
}

func TestDocumentedMessagesAreLogged(t *testing.T) {
	logged, documented := loggedMessages(t), documentedMessages(t)
	require.NotEmpty(t, documented)
	for _, message := range documented {
		assert.Contains(t, logged, message, "docs/jobs.md explains a message that nothing logs")
	}
}

// What Atlassian answers is unpublished, so that operators need to know what each message about it means.
func TestMessagesAboutLoomAreDocumented(t *testing.T) {
	about := regexp.MustCompile(`(?i)\b(?:loom|atlassian)`)
	documented, found := documentedMessages(t), 0
	for _, message := range loggedMessages(t) {
		if about.MatchString(strings.ReplaceAll(message, "fathom-to-loom", "")) {
			found++
			assert.Contains(t, documented, message, "docs/jobs.md doesn't explain a message about Loom")
		}
	}
	assert.Greater(t, found, 5)
}

func TestPathsThatStrangersRequestAreDocumented(t *testing.T) {
	section := sectionOf(t, "docs/network.md", "## What must reach the server")
	for _, path := range []string{notify.UnsubscribePath, transfer.EndpointPath, share.Path} {
		assert.Contains(t, section, path+"`")
	}
}

func TestPicturesAreShown(t *testing.T) {
	pictures, err := filepath.Glob("docs/pictures/*.png")
	require.NoError(t, err)
	assert.NotEmpty(t, pictures)
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	guide, err := os.ReadFile("docs/guide.md")
	require.NoError(t, err)
	shown := string(readme) + strings.ReplaceAll(string(guide), "(pictures/", "(docs/pictures/")
	for _, picture := range pictures {
		assert.Contains(t, shown, picture)
	}
	for _, match := range regexp.MustCompile(`docs/pictures/[\w.-]+`).FindAllString(shown, -1) {
		assert.FileExists(t, match)
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
