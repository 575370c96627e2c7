package notify

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEveryEventCanBeChosenInTheWebApp(t *testing.T) {
	page, err := os.ReadFile("../../pb_public/src/components/webhook.js")
	require.NoError(t, err)
	for _, name := range eventNames() {
		assert.Regexp(t, `\n\t'?`+name+`'?: '`, string(page))
	}
}
