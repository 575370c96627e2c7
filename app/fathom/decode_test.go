package fathom_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
)

// repeated writes prefix, n times item with commas between, and suffix, compressed.
func repeated(prefix, item string, n int, suffix string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		zipped := gzip.NewWriter(w)
		defer zipped.Close()
		_, _ = io.WriteString(zipped, prefix+item)
		chunk := strings.Repeat(","+item, 1000)
		for left := n - 1; left > 0; left -= 1000 {
			if _, err := io.WriteString(zipped, chunk[:min(left, 1000)*(len(item)+1)]); err != nil {
				return // the client has had enough
			}
		}
		_, _ = io.WriteString(zipped, suffix)
	}
}

// It measures the memory of the process, so it must not run in parallel with other tests.
func TestSmallResponsesDoNotBecomeLargeValues(t *testing.T) {
	list := func(a *fathom.Account) error {
		_, err := a.ListMeetings(t.Context(), fathom.MeetingQuery{}, "")
		return err
	}
	transcript := func(a *fathom.Account) error {
		_, err := a.Transcript(t.Context(), 1)
		return err
	}
	summary := func(a *fathom.Account) error {
		_, err := a.Summary(t.Context(), 1)
		return err
	}
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		call    func(*fathom.Account) error
		detail  string
	}{
		"utterances":         {repeated(`{"transcript":[`, `{}`, 5_000_000, `]}`), transcript, "utterances"},
		"nulls":              {repeated(`{"transcript":[`, `null`, 3_000_000, `]}`), transcript, "utterances"},
		"unknown field":      {repeated(`{"other":[`, `[]`, 9_000_000, `],"transcript":[]}`), transcript, "values"},
		"levels":             {repeated(`{"other":`, `[[[[[[[[[[`, 1000, ``), transcript, "levels"},
		"text":               {repeated(`{"transcript":[{"text":"`, strings.Repeat("x", 1000), 60_000, `"}]}`), transcript, "bytes"},
		"meetings":           {repeated(`{"items":[`, `{"recording_id":1}`, 300_000, `]}`), list, "items"},
		"malformed meetings": {repeated(`{"items":[`, `0`, 3_000_000, `]}`), list, "items"},
		"action items":       {repeated(`{"items":[{"recording_id":1,"action_items":[`, `{}`, 2_000_000, `]}]}`), list, "values"},
		"page":               {repeated(`{"items":[{"recording_id":1,"title":"`, strings.Repeat("x", 1000), 20_000, `"}]}`), list, "bytes"},
		"cursor":             {repeated(`{"items":[],"next_cursor":"`, "x", 2_000, `"}`), list, "cursor"},
		"summary":            {repeated(`{"summary":{"other":[`, `1`, 300_000, `]}}`), summary, "values"},
	} {
		t.Run(name, func(t *testing.T) {
			account, _ := newAccount(t, test.handler)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err := test.call(account)
			runtime.ReadMemStats(&after)
			var failure *fathom.Error
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, fathom.KindInvalidResponse, failure.Kind)
			assert.Contains(t, failure.Detail, test.detail)
			assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(400<<20), "bytes allocated in total")
		})
	}
}

func TestLargeButLegitimateResponsesAreDecoded(t *testing.T) {
	account, _ := newAccount(t, repeated(`{"extra":{"a":[1,{"b":null}]},"transcript":[`,
		`{"speaker":{"display_name":"Ada","x":1},"text":"`+strings.Repeat("word ", 10)+`\"}","timestamp":"00:00:01"}`, 100_000, `]}`))
	items, err := account.Transcript(t.Context(), 1)
	require.NoError(t, err)
	require.Len(t, items, 100_000)
	assert.Equal(t, "Ada", items[99_999].Speaker.DisplayName)
	assert.True(t, strings.HasSuffix(items[99_999].Text, `word "}`))

	account, _ = newAccount(t, repeated(`{"limit":10,"items":[`, `{"recording_id":7,"action_items":[{},{}]}`, 100, `],"next_cursor":"next"}`))
	page, err := account.ListMeetings(t.Context(), fathom.MeetingQuery{}, "")
	require.NoError(t, err)
	assert.Len(t, page.Items, 100)
	assert.Equal(t, "next", page.NextCursor)
	assert.JSONEq(t, `{"recording_id":7,"action_items":[{},{}]}`, string(page.Items[0].Raw))
}

func TestCheckReadsOnlyTheStatus(t *testing.T) {
	account, _ := newAccount(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusOK)
		for chunk := make([]byte, 64<<10); ; {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	require.NoError(t, account.Check(t.Context()), "an endless body is not read")
}
