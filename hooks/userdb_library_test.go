package hooks_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// libraryOf returns what a request to the library answers.
func libraryOf(p apptest.Person, query string) apptest.Answer {
	p.T.Helper()
	answer := p.Own("GET", "/api/library?"+query, nil)
	require.Equal(p.T, 200, answer.Status, answer.Raw)
	return answer
}

// fillLibrary saves a meeting in each state; their numbers are the last days of January 2026.
func fillLibrary(p apptest.Person) {
	p.T.Helper()
	db, err := p.App.Databases.Acquire(context.Background(), p.Name)
	require.NoError(p.T, err)
	defer db.Release()
	statuses := []string{"", "queued", "awaiting_share_url", "delivered", "stored", "failed", "cancelled", "stored"}
	for i, status := range statuses {
		id := i + 1
		meeting := p.SaveRecord("meetings", map[string]any{
			"recording_id": id, "title": fmt.Sprintf("Meeting %c 100%%", 'H'-i), "recorded_at": fmt.Sprintf("2026-01-%02d 23:30:00.000Z", 23+id),
			"duration": id * 600, "meeting_type": []string{"internal", "external"}[i%2],
			"recorded_by": map[string]any{"name": "Ada Lovelace", "email": "ada@example.com"},
			"invitees":    []map[string]any{{"name": fmt.Sprintf("Guest %d", id), "email": fmt.Sprintf("guest%d@example.org", id)}},
		})
		if id == 5 { // without its file, it would be at Fathom
			recording := p.SaveRecord("recordings", map[string]any{
				"meeting": meeting.Id, "recording_id": id, "size": 1000 * id, "file_name": "a.mp4", "content_type": "video/mp4",
			})
			recording.SetRaw("file", "recording.mp4") // the field accepts only uploads
			require.NoError(p.T, db.App.UnsafeWithoutHooks().SaveNoValidate(recording))
		}
		if status != "" {
			p.SaveRecord("transfers", map[string]any{
				"meeting": meeting.Id, "recording_id": id, "status": status, "deliver": id == 8, "bytes_total": 1000 * id, "error": strings.Repeat("e", 900),
			})
		}
	}
}

// recordingIDs returns the recording ids of the items, in their order.
func recordingIDs(answer apptest.Answer) (ids []int) {
	for _, item := range answer.Items() {
		ids = append(ids, int(item["recording_id"].(float64)))
	}
	return ids
}

func TestLibraryCountsFiltersAndSorts(t *testing.T) {
	t.Parallel()
	p := apptest.Start(t, apptest.Options{}).SignUp("ada@example.com")
	fillLibrary(p)
	all := libraryOf(p, "")
	assert.Equal(t, []int{8, 7, 6, 5, 4, 3, 2, 1}, recordingIDs(all))
	assert.EqualValues(t, 8, all.Get("total"))
	assert.Equal(t, map[string]any{"at_fathom": 2.0, "copying": 2.0, "your_turn": 1.0, "on_loom": 1.0, "kept_here": 1.0, "problem": 1.0}, all.Get("states"))
	assert.Equal(t, []any{"external", "internal"}, all.Get("types"))
	failed := all.Items()[2]["transfer"].(map[string]any)
	assert.Equal(t, "failed", failed["status"])
	assert.Len(t, failed["error"], 300)
	assert.Equal(t, map[string]any{"name": "Ada Lovelace"}, all.Items()[0]["recorded_by"], "without the address")

	for query, want := range map[string][]int{
		"state=at_fathom":                     {7, 1},
		"state=copying":                       {8, 2},
		"state=your_turn":                     {3},
		"state=on_loom":                       {4},
		"state=kept_here":                     {5},
		"state=problem":                       {6},
		"from=2026-01-30":                     {8, 7},
		"from=2026-01-30&tz=Asia/Tokyo":       {8, 7, 6},
		"to=2026-01-24":                       {1},
		"to=2026-01-25&tz=Asia/Tokyo":         {1},
		"person=guest+3":                      {3},
		"person=guest3@":                      {3},
		"person=lovelace&state=your_turn":     {3},
		"person=email":                        nil, // a key, not a person
		"type=external":                       {8, 6, 4, 2},
		"min_minutes=70":                      {8, 7},
		"max_minutes=20":                      {1},
		"title=meeting+a":                     {8},
		"title=100%25":                        {8, 7, 6, 5, 4, 3, 2, 1},
		"title=1_0":                           nil,
		"title=%27+OR+1%3D1+--":               nil,
		"sort=oldest&limit=2":                 {1, 2},
		"sort=title&limit=2":                  {8, 7},
		"sort=longest&limit=1":                {8},
		"sort=largest&limit=2":                {8, 7},
		"offset=6":                            {2, 1},
		"offset=8":                            nil,
		"limit=0":                             nil,
		"recording_ids=3,99":                  {3},
		"sort=oldest&counts=false&offset=6":   {7, 8},
		"state=copying&type=external&limit=1": {8},
	} {
		assert.Equal(t, want, recordingIDs(libraryOf(p, query)), query)
	}
	part := libraryOf(p, "state=your_turn&type=internal")
	assert.EqualValues(t, 1, part.Get("total"))
	assert.EqualValues(t, 1, part.Get("states.kept_here"), "the numbers of the chips don't depend on the state")
	assert.EqualValues(t, 0, part.Get("states.on_loom"))
	assert.Nil(t, libraryOf(p, "counts=false").Get("total"))
}

func TestLibraryCountsMonthsInATimeZone(t *testing.T) {
	t.Parallel()
	p := apptest.Start(t, apptest.Options{}).SignUp("ada@example.com")
	fillLibrary(p)
	p.SaveRecord("meetings", map[string]any{"recording_id": 9})
	month := func(name string, count float64) map[string]any { return map[string]any{"month": name, "count": count} }
	assert.Equal(t, []any{month("2026-01", 8), month("", 1)}, libraryOf(p, "").Get("months"))
	tokyo := "tz=" + url.QueryEscape("Asia/Tokyo")
	assert.Equal(t, []any{month("2026-02", 1), month("2026-01", 7), month("", 1)}, libraryOf(p, tokyo).Get("months"))
	assert.Equal(t, []any{month("", 1), month("2026-01", 7), month("2026-02", 1)}, libraryOf(p, tokyo+"&sort=oldest").Get("months"))
	assert.Equal(t, []any{month("2026-01", 2), month("", 1)}, libraryOf(p, "state=at_fathom").Get("months"))
	assert.Equal(t, []any{}, libraryOf(p, "sort=title").Get("months"))
}

func TestLibraryShowsOnlyOwnMeetings(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	ada, bob := s.SignUp("ada@example.com"), s.SignUp("bob@example.com")
	ada.SaveRecord("meetings", map[string]any{"recording_id": 1, "title": "Secret budget"})
	_, reading := ada.CreateToken("read")
	_, transferring := ada.CreateToken("transfer")
	path := ada.DatabaseURL + "/api/library"
	assert.Contains(t, s.Call("GET", path, ada.Session, nil).Raw, "Secret")
	assert.Contains(t, s.Call("GET", path, reading, nil).Raw, "Secret")
	for name, answer := range map[string]apptest.Answer{
		"nobody": s.Call("GET", path, "", nil), "another user": s.Call("GET", path, bob.Session, nil), "the global token": s.Call("GET", path, ada.Token, nil),
		"a superuser": s.Call("GET", path, s.SuperuserToken(), nil), "a token without the scope": s.Call("GET", path, transferring, nil),
		"a change": s.Call("POST", path, ada.Session, map[string]any{}),
	} {
		assert.GreaterOrEqual(t, answer.Status, 400, name)
		assert.NotContains(t, answer.Raw, "Secret", name)
	}
}

func TestLibraryExplainsWhatItRefuses(t *testing.T) {
	t.Parallel()
	p := apptest.Start(t, apptest.Options{}).SignUp("ada@example.com")
	for query, want := range map[string]string{
		"state=done":                         "one of at_fathom",
		"sort=random":                        "Sort by newest",
		"sort=recorded_at%3B--":              "Sort by newest",
		"limit=101":                          "Ask for 0 to 100 meetings.",
		"limit=-1":                           "Ask for 0 to 100 meetings.",
		"offset=-1":                          "from 0 to 1000000",
		"offset=9999999999999999999":         "from 0 to 1000000",
		"from=yesterday":                     "YYYY-MM-DD",
		"to=2026-02-30":                      "YYYY-MM-DD",
		"tz=../../etc/passwd":                "time zone",
		"tz=Local":                           "time zone",
		"tz=Mars/Base":                       "time zone",
		"min_minutes=NaN":                    "from 0 to 1440",
		"max_minutes=-1":                     "from 0 to 1440",
		"min_minutes=Inf":                    "from 0 to 1440",
		"min_minutes=long":                   "number of minutes",
		"title=a%00b":                        "can't be searched",
		"title=%ff":                          "can't be searched",
		"person=" + strings.Repeat("a", 201): "200 characters",
		"recording_ids=1,x":                  "up to 100 recording ids",
		"recording_ids=" + strings.Repeat("1,", 100) + "1": "up to 100 recording ids",
	} {
		refused := p.Own("GET", "/api/library?"+query, nil)
		assert.Equal(t, 400, refused.Status, query)
		assert.Contains(t, refused.Text("message"), want, query)
	}
	p.SaveRecord("meetings", map[string]any{"recording_id": 1, "title": "One", "recorded_at": "2026-01-31 10:00:00.000Z"})
	for _, long := range []string{strings.Repeat("%25", 128), strings.Repeat("_", 128), strings.Repeat("%5C", 128), strings.Repeat("é", 128), strings.Repeat("会", 86)} {
		for _, param := range []string{"title", "person"} {
			answer := p.Own("GET", "/api/library?"+param+"="+long, nil)
			assert.Equal(t, 400, answer.Status, answer.Raw)
			assert.Contains(t, answer.Text("message"), "shorter")
		}
		refused := p.Own("POST", "/api/transfers", map[string]any{"library": map[string]any{"title": strings.Repeat("é", 128)}})
		assert.Equal(t, 400, refused.Status, refused.Raw)
	}
	assert.Equal(t, 200, p.Own("GET", "/api/library?title="+strings.Repeat("é", 127)+"&person="+strings.Repeat("a", 200), nil).Status)
	assert.EqualValues(t, 1, libraryOf(p, "to=9999-12-31&from=0000-01-01").Get("total"))
	assert.EqualValues(t, 1, libraryOf(p, "to=9999-12-31&tz=America/Los_Angeles").Get("total"))
}

func TestPageOfLongTextsIsSmall(t *testing.T) {
	t.Parallel()
	p := apptest.Start(t, apptest.Options{}).SignUp("ada@example.com")
	for id := range 60 {
		meeting := p.SaveRecord("meetings", map[string]any{
			"recording_id": id + 1, "title": strings.Repeat("t", 1000), "recorded_by": map[string]any{"name": strings.Repeat("n", 5000)},
			"summary": strings.Repeat("s", 5000),
		})
		p.SaveRecord("transfers", map[string]any{
			"meeting": meeting.Id, "recording_id": id + 1, "status": "failed", "error": strings.Repeat("e", 1000), "file_name": strings.Repeat("f", 300),
		})
	}
	assert.Less(t, len(libraryOf(p, "limit=60").Raw), 100_000)
}

func TestSelectionByTheFiltersOfTheLibrary(t *testing.T) {
	t.Parallel()
	_, p := startPaused(t)
	total := int(libraryOf(p, "").Get("total").(float64))
	selection := map[string]any{"library": map[string]any{"state": "at_fathom"}, "except": []int{1001, 1002}, "dry_run": true}
	requireCounts(t, transferSelection(p, selection), total-2, total-2, 0, 0, 0)
	selection["library"] = map[string]any{"title": "no such title"}
	assert.Contains(t, p.Own("POST", "/api/transfers", selection).Text("message"), "No meeting matches")
	for name, refused := range map[string]map[string]any{
		"unknown state":     {"library": map[string]any{"state": "x"}},
		"two ways":          {"library": map[string]any{}, "recording_ids": []int{1001}},
		"a filter as well":  {"library": map[string]any{}, "filter": "recording_id > 0"},
		"except without it": {"recording_ids": []int{1001}, "except": []int{1001}},
	} {
		assert.Equal(t, 400, p.Own("POST", "/api/transfers", refused).Status, name)
		assert.Equal(t, 400, p.Own("POST", "/api/bundles", refused).Status, name)
	}

	answer := p.Own("POST", "/api/bundles", map[string]any{"library": map[string]any{}, "except": []int{1001}, "video": false})
	require.Equal(t, 200, answer.Status, answer.Raw)
	assert.EqualValues(t, total-1, answer.Get("meetings"))
	bundle := p.Call("GET", p.DatabaseURL+answer.Text("path"), "", nil)
	assert.Equal(t, 200, bundle.Status)
	tampered := strings.Replace(answer.Text("path"), "except=1001", "except=1002", 1)
	require.NotEqual(t, answer.Text("path"), tampered)
	assert.GreaterOrEqual(t, p.Call("GET", p.DatabaseURL+tampered, "", nil).Status, 400)
}
