package loomupload

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
)

func readerOfVideos(t *testing.T) *Uploads {
	t.Helper()
	client, err := loom.New(loom.Config{})
	require.NoError(t, err)
	return &Uploads{loom: client}
}

func TestVideosAreReadLeniently(t *testing.T) {
	u := readerOfVideos(t)
	const link = "https://www.loom.com/share/" + hexA
	day := time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		answer string
		want   answered
	}{
		"read model": {
			`{"id":"` + hexA + `","name":" Weekly\nsync ","url":"` + link + `?sid=1","isComplete":true,"sourceDuration":61.5,"createdAt":"2026-03-04T09:00:00Z","folderId":"f"}`,
			answered{Video: Video{ID: hexA, Title: "Weekly sync", ShareURL: link, Duration: 61500 * time.Millisecond, Complete: true, CreatedAt: day}, folder: "f", knowsComplete: true},
		},
		"within data": {
			`{"data":{"video":{"videoId":"v","title":"T","durationMs":1500,"status":"PROCESSING","privacy":{"level":"ONLY_ME"},"created":1772614800}}}`,
			answered{Video: Video{ID: "v", Title: "T", Duration: 1500 * time.Millisecond, Visibility: "owner", CreatedAt: day}, knowsComplete: true},
		},
		"only a link":      {`{"shareUrl":"` + link + `"}`, answered{Video: Video{ID: hexA, ShareURL: link}}},
		"failed":           {`{"id":"v","title":"T","status":"failed","createdAt":1772614800000}`, answered{Video: Video{ID: "v", Title: "T", CreatedAt: day}, failed: true, knowsComplete: true}},
		"not published":    {`{"id":"v","title":"T","isPublished":false,"duration":5}`, answered{Video: Video{ID: "v", Title: "T", Duration: 5 * time.Second}, unpublished: true}},
		"absurd values":    {`{"id":"v","title":"T","duration":1e300,"createdAt":"yesterday","visibility":"friends"}`, answered{Video: Video{ID: "v", Title: "T"}}},
		"several links":    {`{"id":"v","title":"T","a":"` + link + `","b":"https://www.loom.com/share/ffffffffffffffffffffffffffffffff"}`, answered{Video: Video{ID: "v", Title: "T"}}},
		"a link elsewhere": {`{"id":"v","title":"T","url":"https://evil.example.com/share/` + hexA + `"}`, answered{Video: Video{ID: "v", Title: "T"}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := u.readVideo(decodeAnswer(json.RawMessage(test.answer)))
			require.True(t, ok)
			assert.Equal(t, test.want, got)
		})
	}
	for _, answer := range []string{`{}`, `null`, `"text"`, `{"id":"v"}`, `{"title":"T"}`, `[]`} {
		_, ok := u.readVideo(decodeAnswer(json.RawMessage(answer)))
		assert.False(t, ok, answer)
	}
}

func TestOnlyEvidenceProvesAPublication(t *testing.T) {
	assert.True(t, answered{Video: Video{Complete: true}}.isPublished())
	assert.True(t, answered{Video: Video{Duration: 1}}.isPublished())
	assert.False(t, answered{Video: Video{ID: "v", ShareURL: "x"}}.isPublished())
	assert.False(t, answered{Video: Video{Duration: 1}, unpublished: true}.isPublished())
}

func TestListsAreReadLeniently(t *testing.T) {
	for name, test := range map[string]struct {
		answer, next string
		count        int
	}{
		"list":        {`[{"id":"1"},{"id":"2"}]`, "", 2},
		"of one":      {`[{"id":"1"}]`, "", 1},
		"in a list":   {`[{"videos":[{"id":"1"},{"id":"2"}],"nextCursor":"c"}]`, "c", 2},
		"named":       {`{"results":[{"x":1}],"videos":[{"id":"1"},{"id":"2"}],"next":"https://x/2"}`, "", 2},
		"connection":  {`{"data":{"videos":{"edges":[{"node":{"id":"1"}}],"pageInfo":{"hasNextPage":true,"endCursor":"e"}}}}`, "e", 1},
		"last page":   {`{"items":[{"id":"1"}],"pageInfo":{"hasNextPage":false,"endCursor":"e"}}`, "", 1},
		"number":      {`{"items":[],"nextCursor":50}`, "50", 0},
		"empty":       {`{"videos":[]}`, "", 0},
		"with folder": {`{"videos":[{"id":"1","folder":{"id":"f"}}]}`, "", 1},
		"as text":     {`"{\"videos\":[{\"id\":\"1\"}]}"`, "", 1},
	} {
		items, next, ok := readList(decodeList(json.RawMessage(test.answer)), "videos")
		require.True(t, ok, name)
		assert.Len(t, items, test.count, name)
		assert.Equal(t, test.next, next, name)
		if test.count > 0 {
			assert.Equal(t, "1", items[0].id("id"), name)
		}
	}
	for _, answer := range []string{`{}`, `null`, `"none"`, `{"videos":"none"}`} {
		_, _, ok := readList(decodeList(json.RawMessage(answer)), "videos")
		assert.False(t, ok, answer)
	}
}

func TestIDsOfTheSameVideo(t *testing.T) {
	for _, other := range []string{hexA, "ari:cloud:loom::video/" + hexA, "https://www.loom.com/share/" + hexA, "https://www.loom.com/share/Weekly-" + hexA} {
		assert.True(t, sameVideo(hexA, other), other)
	}
	assert.True(t, sameVideo("v-1", "v-1"))
	for _, other := range []string{"", "v-1", hexA + "0", "ffffffffffffffffffffffffffffffff"} {
		assert.False(t, sameVideo(hexA, other), other)
	}
	assert.False(t, sameVideo("", ""))
}
