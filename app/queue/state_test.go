package queue

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheDiagramShowsEveryTransition(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/jobs.md")
	require.NoError(t, err)
	shown := map[Status][]Status{}
	for _, arrow := range regexp.MustCompile(`(?m)^ +(\w+) --> (\w+):`).FindAllStringSubmatch(string(page), -1) {
		shown[Status(arrow[1])] = append(shown[Status(arrow[1])], Status(arrow[2]))
	}
	for _, status := range Statuses() {
		assert.ElementsMatch(t, transitions[status], shown[status], status)
	}
	assert.Len(t, Statuses(), len(transitions))
}
