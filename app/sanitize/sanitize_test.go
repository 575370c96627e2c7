package sanitize_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
)

func TestTruncateCountsCharacters(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "abc", sanitize.Truncate("abc", 1<<24))
	assert.Equal(t, "äö", sanitize.Truncate("äöü", 2))
	assert.Equal(t, "", sanitize.Truncate("x", 0))
	assert.Equal(t, strings.Repeat("é", 10), sanitize.Truncate(strings.Repeat("é", 11), 10))
}

func TestSingleLineRemovesControlCharacters(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "a b", sanitize.SingleLine(" a\nb\u202e\x00"))
	assert.Equal(t, "שלום 🎉", sanitize.SingleLine("שלום 🎉"))
}

func TestTruncateBytesKeepsCharactersWhole(t *testing.T) {
	t.Parallel()
	testseed.Check(t, func(t *rapid.T) {
		text, limit := rapid.String().Draw(t, "text"), rapid.IntRange(0, 64).Draw(t, "limit")
		got := sanitize.TruncateBytes(text, limit)
		assert.LessOrEqual(t, len(got), limit)
		assert.True(t, strings.HasPrefix(text, got))
		assert.True(t, utf8.ValidString(got))
		if len(text) > limit {
			assert.Greater(t, len(got), limit-utf8.UTFMax)
		} else {
			assert.Equal(t, text, got)
		}
	})
}
