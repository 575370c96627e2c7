package assistants

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
)

func item(at, text string) map[string]any {
	return map[string]any{"timestamp": at, "text": text, "speaker": map[string]any{"display_name": "Ada"}}
}

func encode(t require.TestingT, items any) string {
	encoded, err := json.Marshal(items)
	require.NoError(t, err)
	return string(encoded)
}

// Whatever a transcript contains, its pages together have all of it, and each is of limited size.
func TestPagesOfATranscriptContainAllOfIt(t *testing.T) {
	t.Parallel()
	testseed.Check(t, func(t *rapid.T) {
		words := rapid.SampledFrom([]string{"", "a", "é", strings.Repeat("x", 9_000), strings.Repeat("日本", 15_000), strings.Repeat("y", maxTranscript)})
		times := rapid.SampledFrom([]string{"00:00:01", "00:00:01", "00:10:00", "?", "99:00:00"})
		var items []map[string]any
		var want strings.Builder
		for range rapid.IntRange(0, 12).Draw(t, "items") {
			text := words.Draw(t, "text")
			want.WriteString(text)
			items = append(items, item(times.Draw(t, "time"), text))
		}
		encoded := encode(t, items)
		var got strings.Builder
		next := &textCursor{}
		for pages := 0; next != nil; pages++ {
			require.Less(t, pages, 100, "pages never end")
			page := transcriptPage{from: *next}
			_, err := page.read(t.Context(), encoded)
			require.NoError(t, err)
			size := 0
			for _, line := range page.lines {
				got.WriteString(line.Text)
				size += len([]rune(line.Text))
			}
			require.LessOrEqual(t, size, maxTranscript)
			next = page.next
		}
		require.Equal(t, want.String(), got.String())
	})
}

func TestTranscriptWithDamagedItems(t *testing.T) {
	t.Parallel()
	for stored, want := range map[string]int{
		"": 0, "null": 0, "{}": 0, `"text"`: 0, "[]": 0,
		encode(t, []any{item("00:00:01", "a"), 5, map[string]any{"text": 7}, item("00:00:02", "b")}): 2,
	} {
		page := transcriptPage{}
		found, err := page.read(t.Context(), stored)
		require.NoError(t, err, stored)
		assert.Len(t, page.lines, want, stored)
		assert.Equal(t, want > 0, found, stored)
	}
	_, err := (&transcriptPage{}).read(t.Context(), `[{"text":`)
	assert.Error(t, err)
}
