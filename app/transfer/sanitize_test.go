package transfer

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWebURLRejectsUnsafeLinks(t *testing.T) {
	assert.Equal(t, "https://fathom.video/calls/1", webURL("https://fathom.video/calls/1"))
	for _, bad := range []string{"javascript:alert(1)", "data:text/html,x", "//evil", "", "https://x/" + strings.Repeat("y", 3000)} {
		assert.Empty(t, webURL(bad))
	}
}

func TestSentenceHasCapitalAndPeriod(t *testing.T) {
	assert.Equal(t, "Loom can't take it.", sentence("loom can't take it"))
	assert.Equal(t, "Éa.", sentence("éa."))
	assert.Equal(t, "", sentence(""))
}
