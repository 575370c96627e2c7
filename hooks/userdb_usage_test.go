package hooks_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestUsageByMeeting(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	samples := p.CreateSamples()
	talk := p.SaveRecord("meetings", map[string]any{
		"recording_id": 2, "title": "Long talk", "summary": strings.Repeat("é", 1000),
		"highlights": types.JSONRaw(`[{"text":"` + strings.Repeat("x", 2000) + `"}]`),
	})
	p.SaveRecord("transcripts", map[string]any{
		"meeting": talk.Id, "recording_id": 2, "items": types.JSONRaw(`[{"text":"` + strings.Repeat("x", 5000) + `"}]`), "text": strings.Repeat("x", 5000),
	})
	deleted := p.SaveRecord("meetings", map[string]any{"recording_id": 3, "title": "Video deleted"})
	p.SaveRecord("recordings", map[string]any{"meeting": deleted.Id, "recording_id": 3, "size": 1e9})

	got := p.Own("GET", "/api/usage/meetings", nil)
	require.Equal(t, 200, got.Status, got.Raw)
	assert.EqualValues(t, 3, got.Get("totalItems"))
	items := got.Items()
	require.Len(t, items, 3)
	assert.Equal(t, talk.Id, items[0]["meeting"])
	assert.Equal(t, "Long talk", items[0]["title"])
	assert.InDelta(t, 14_000, items[0]["text"], 100, "bytes of UTF-8")
	assert.EqualValues(t, 0, items[0]["video"])
	assert.Empty(t, items[0]["recording"])
	assert.Equal(t, samples.Meeting, items[1]["meeting"])
	assert.EqualValues(t, len(p.Marker()), items[1]["video"])
	assert.Equal(t, samples.Recording, items[1]["recording"])
	assert.EqualValues(t, 0, items[2]["video"], "only stored files count")

	assert.Empty(t, p.Own("GET", "/api/usage/meetings?page=2", nil).Items())
	assert.Len(t, p.Own("GET", "/api/usage/meetings?page=-1", nil).Items(), 3)
}
