package notify

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/pb_public"
)

func TestEveryEventCanBeChosenInTheWebApp(t *testing.T) {
	page, err := pb_public.Files.ReadFile("src/components/webhook.js")
	require.NoError(t, err)
	for _, name := range eventNames() {
		assert.Regexp(t, `\n\t'?`+name+`'?: '`, string(page))
	}
}
