package transfer

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestClip(t *testing.T) {
	assert.Equal(t, "abc", clip("abc", 1<<24))
	assert.Equal(t, "äö", clip("äöü", 2))
	assert.Equal(t, "", clip("x", 0))
	assert.Equal(t, strings.Repeat("é", 10), clip(strings.Repeat("é", 11), 10))
}

func TestOneLine(t *testing.T) {
	assert.Equal(t, "a b", oneLine(" a\nb\u202e\x00"))
	assert.Equal(t, "שלום 🎉", oneLine("שלום 🎉"))
}

func TestWebURL(t *testing.T) {
	assert.Equal(t, "https://fathom.video/calls/1", webURL("https://fathom.video/calls/1"))
	for _, bad := range []string{"javascript:alert(1)", "data:text/html,x", "//evil", "", "https://x/" + strings.Repeat("y", 3000)} {
		assert.Empty(t, webURL(bad))
	}
}

func TestSentence(t *testing.T) {
	assert.Equal(t, "Loom can't take it.", sentence("loom can't take it"))
	assert.Equal(t, "Éa.", sentence("éa."))
	assert.Equal(t, "", sentence(""))
}
