package gateway_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// createRecords saves n records of each collection into a person's database, linked to a meeting each. Transcripts
// have a text of the given length.
func createRecords(p apptest.Person, n, textLength int) {
	p.T.Helper()
	db, err := p.App.Databases.Acquire(p.T.Context(), p.Name)
	require.NoError(p.T, err)
	defer db.Release()
	save := func(collection string, fields map[string]any) string {
		c, err := db.App.FindCollectionByNameOrId(collection)
		require.NoError(p.T, err)
		record := core.NewRecord(c)
		record.Load(fields)
		require.NoError(p.T, db.App.Save(record))
		return record.Id
	}
	for i := 1; i <= n; i++ {
		meeting := save("meetings", map[string]any{"recording_id": i, "title": fmt.Sprintf("title %03d", i%7)})
		save("transcripts", map[string]any{"meeting": meeting, "recording_id": i, "text": strings.Repeat("a", textLength)})
		save("transfers", map[string]any{"meeting": meeting, "recording_id": i, "status": "queued"})
	}
}

func list(p apptest.Person, collection string, query url.Values) apptest.Answer {
	p.T.Helper()
	return p.Own(http.MethodGet, "/api/collections/"+collection+"/records?"+query.Encode(), nil)
}

func TestPageSizeIsLimited(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	createRecords(p, 120, 10)
	transcripts := list(p, "transcripts", nil).Items()[0]["collectionId"].(string)
	for _, c := range []struct {
		collection, perPage, expand string
		want                        float64
	}{
		{"transcripts", "500", "", 5},
		{"transcripts", "3", "", 3},
		{"transcripts", "", "", 5},
		{"transcripts", "-1", "", 5},
		{transcripts, "500", "", 5},
		{"TRANSCRIPTS", "500", "", 5},
		{"meetings", "1000", "", 100},
		{"meetings", "", "", 30},
		{"transfers", "1000", "", 500},
		{"preferences", "1000", "", 200},
		{"transfers", "500", "meeting", 100},
		{"meetings", "500", "transcripts_via_meeting", 5},
		{"meetings", "500", transcripts + "_via_meeting", 5},
		{"transfers", "500", "meeting,meeting.transcripts_via_meeting", 5},
		{"transfers", "500", "meeting.transcripts(meeting)", 5},
	} {
		query := url.Values{}
		if c.perPage != "" {
			query.Set("perPage", c.perPage)
		}
		if c.expand != "" {
			query.Set("expand", c.expand)
		}
		got := list(p, c.collection, query)
		require.Equal(t, 200, got.Status, got.Raw)
		assert.Equal(t, c.want, got.Get("perPage"), c)
		assert.LessOrEqual(t, float64(len(got.Items())), c.want, c)
	}
	assert.Equal(t, 400, list(p, "transcripts", url.Values{"perPage": {"many"}}).Status)
	all := s.Call(http.MethodGet, p.DatabaseURL+"/api/collections/transcripts/records?perPage=500", s.SuperuserToken(), nil)
	assert.Len(t, all.Items(), 120, "the admin UI relies on the size it asks for")
}

func TestPagesContainEveryRecordOnceInOrder(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	createRecords(p, 23, 10)
	for _, c := range []struct {
		collection, sort, filter string
		want                     int
	}{
		{"transcripts", "", "", 23},
		{"transcripts", "-recording_id", "", 23},
		{"transcripts", "meeting.title,-recording_id", "", 23},
		{"transcripts", "text,recording_id", "recording_id > 3", 20},
		{"transcripts", "recording_id", `meeting.transfers_via_meeting.status ?= "queued"`, 23},
		{"meetings", "-recording_id", `transcripts_via_meeting.text ~ "aa"`, 23},
	} {
		var ids []int
		for page := 1; ; page++ {
			query := url.Values{"page": {fmt.Sprint(page)}, "perPage": {"5"}, "sort": {c.sort}, "filter": {c.filter}}
			got := list(p, c.collection, query)
			require.Equal(t, 200, got.Status, got.Raw)
			assert.EqualValues(t, c.want, got.Get("totalItems"), c)
			for _, record := range got.Items() {
				ids = append(ids, int(record["recording_id"].(float64)))
				assert.Contains(t, record, "created", "records have all fields")
			}
			if len(got.Items()) < 5 {
				break
			}
		}
		switch {
		case strings.HasPrefix(c.sort, "-"):
			assert.True(t, slices.IsSortedFunc(ids, func(a, b int) int { return b - a }), "%v: %v", c, ids)
		case strings.HasPrefix(c.sort, "meeting.title"):
			assert.True(t, slices.IsSortedFunc(ids, func(a, b int) int { return (a%7-b%7)*1000 + b - a }), "%v: %v", c, ids)
		default:
			assert.True(t, slices.IsSorted(ids), "%v: %v", c, ids)
		}
		slices.Sort(ids)
		assert.Len(t, slices.Compact(ids), c.want, c)
	}
}

func TestLongFiltersAreRefused(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	createRecords(p, 1, 10)
	filter := func(length int) string {
		return `title != "` + strings.Repeat("a", length-len(`title != ""`)) + `"`
	}
	assert.Equal(t, 200, list(p, "meetings", url.Values{"filter": {filter(2000)}}).Status)
	for name, value := range map[string]string{
		"filter": filter(2001), "sort": strings.Repeat("title,", 400), "expand": strings.Repeat("meeting,", 300),
	} {
		refused := list(p, "meetings", url.Values{name: {value}})
		assert.Equal(t, 400, refused.Status, name)
		assert.Contains(t, refused.Text("message"), "2000 characters", name)
	}
	refused := list(p, "meetings", url.Values{"filter": {`title ~ "` + strings.Repeat("a", 300) + `"`}})
	assert.Equal(t, 400, refused.Status)
	assert.Contains(t, refused.Text("message"), "Use a shorter text.")
}

// slowFilter returns a filter that takes many seconds for 60 transcripts of 64 KB.
func slowFilter(first string) string {
	var conditions []string
	for i := range 6 {
		conditions = append(conditions, fmt.Sprintf(`text ~ "%%%s%d"`, strings.Repeat("a", 250), i))
	}
	return first + "(" + strings.Join(conditions, " || ") + ")"
}

func TestSlowQueryEnds(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	createRecords(p, 60, 64<<10)
	for _, skipFirst := range []string{"", "recording_id = 1 || "} { // the first row is found at once
		started := time.Now()
		got := list(p, "transcripts", url.Values{"skipTotal": {"1"}, "filter": {slowFilter(skipFirst)}})
		assert.Equal(t, 400, got.Status, got.Raw)
		assert.Contains(t, got.Text("message"), "longer than 3 seconds")
		assert.Less(t, time.Since(started), 20*time.Second)
	}
	assert.Equal(t, 200, list(p, "transfers", nil).Status)
}

func TestListsOfAUserWaitForEachOther(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	createRecords(p, 60, 64<<10)
	var clients sync.WaitGroup
	for range 4 {
		clients.Go(func() {
			link := p.DatabaseURL + "/api/collections/transcripts/records?skipTotal=1&filter=" + url.QueryEscape(slowFilter(""))
			got, err := apptest.Send(http.MethodGet, link, p.Session, nil)
			if assert.NoError(t, err) {
				assert.Equal(t, 400, got.Status)
			}
		})
	}
	// Requests of others, and other requests of the same user, don't wait.
	assert.Equal(t, 200, list(other, "meetings", nil).Status)
	assert.Equal(t, 200, p.Own(http.MethodGet, "/api/health", nil).Status)
	assert.Equal(t, 200, list(p, "meetings", nil).Status, "waits for its turn")
	clients.Wait()
}

func TestLargeResponsesAreLimitedInTotal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p, other := s.SignUp("ada@example.com"), s.SignUp("other@example.com")
	createRecords(p, 5, 8<<20)
	createRecords(other, 1, 10)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.DatabaseURL+"/api/collections/transcripts/records", nil)
	require.NoError(t, err)
	request.Header.Set("Authorization", p.Session)
	request.Header.Set("Accept-Encoding", "identity") // compressed, it would fit into the buffers of the connection
	var unread *http.Response                         // the server holds 40 MB until the client reads
	s.Eventually(func() bool {                        // a busy machine may need more than the seconds that a query is given
		unread, err = http.DefaultClient.Do(request)
		require.NoError(t, err)
		if unread.StatusCode != 200 {
			require.NoError(t, unread.Body.Close())
		}
		return unread.StatusCode == 200
	})

	refused := list(p, "transcripts", nil)
	assert.Equal(t, 429, refused.Status, len(refused.Raw))
	assert.NotEmpty(t, refused.Header.Get("Retry-After"))
	expanded := list(p, "meetings", url.Values{"expand": {"transcripts_via_meeting"}})
	assert.Equal(t, 429, expanded.Status, "records without their relations would look complete")
	assert.Equal(t, 200, list(p, "meetings", nil).Status, "small responses are not refused")
	assert.Equal(t, 200, list(other, "transcripts", nil).Status)

	require.NoError(t, unread.Body.Close())
	var complete apptest.Answer
	s.Eventually(func() bool {
		complete = list(p, "transcripts", nil)
		return complete.Status == 200
	})
	assert.Len(t, complete.Items(), 5)
	assert.Greater(t, len(complete.Raw), 40<<20)
}

func TestExpansionsInABatchAreLimited(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	batch := func(n int) int {
		requests := make([]map[string]any, n)
		for i := range requests {
			requests[i] = map[string]any{
				"method": "POST", "url": "/api/collections/preferences/records?expand=x", "body": map[string]any{"key": fmt.Sprintf("k%d_%d", n, i)},
			}
		}
		return p.Own(http.MethodPost, "/api/batch", map[string]any{"requests": requests}).Status
	}
	assert.Equal(t, 200, batch(5))
	assert.Equal(t, 400, batch(6))
}
