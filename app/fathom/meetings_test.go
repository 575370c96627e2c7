package fathom_test

import (
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
)

const fullMeeting = `{"title":"Weekly sync","meeting_title":null,"meeting_type":"Sales","recording_id":9007199254740993,
 "url":"https://fathom.video/calls/2002","share_url":"https://fathom.video/share/abc","meeting_url":null,"created_at":"2026-01-02T10:00:00Z",
 "scheduled_start_time":"2026-01-02T09:00:00+01:00","scheduled_end_time":"2026-01-02 09:30:00Z",
 "recording_start_time":"2026-01-02T09:01:00.250Z","recording_end_time":"2026-01-02T09:29:00.25",
 "calendar_invitees_domains_type":"a_new_one","shared_with":"no_teams","transcript_language":"unknown",
 "calendar_invitees":[{"name":null,"email":"b@y.test","email_domain":"y.test","is_external":true,"matched_speaker_display_name":null}],
 "recorded_by":{"name":"A","email":"a@x.test","email_domain":"x.test","team":null},
 "transcript":[{"speaker":{"display_name":"A","matched_calendar_invitee_email":null},"text":"hi","timestamp":"01:00:01"}],
 "default_summary":{"template_name":null,"markdown_formatted":"## x"},
 "action_items":[{"description":"do","user_generated":true,"completed":false,"recording_timestamp":"00:01:00","recording_playback_url":"u","assignee":null}],
 "highlights":[{"type":"Win","summary":null,"start_time":1.5,"end_time":2}],
 "crm_matches":{"deals":[{"name":"D","amount":null,"record_url":"u"}],"error":"No CRM connected"},"id":"wh_1","brand_new":{"a":[1]}}`

func TestListMeetingsDecodesEveryField(t *testing.T) {
	account, _ := newAccount(t, respond(200, `{"limit":null,"next_cursor":" ","items":[`+fullMeeting+`,{"recording_id":1}]}`))
	page, err := account.ListMeetings(t.Context(), fathom.MeetingQuery{}, "")
	require.NoError(t, err)
	require.Len(t, page.Items, 2)
	assert.False(t, page.HasMore())
	assert.Empty(t, page.NextCursor)

	m := page.Items[0]
	assert.Equal(t, int64(9007199254740993), m.RecordingID, "exact beyond the range of a float")
	assert.Equal(t, 28*time.Minute, m.Duration())
	assert.Equal(t, time.Date(2026, 1, 2, 8, 0, 0, 0, time.UTC), m.ScheduledStartTime.UTC())
	assert.Equal(t, time.Date(2026, 1, 2, 9, 30, 0, 0, time.UTC), m.ScheduledEndTime.UTC())
	assert.Equal(t, "a_new_one", m.DomainsType)
	assert.Equal(t, "## x", m.DefaultSummary.Markdown)
	assert.True(t, m.CalendarInvitees[0].IsExternal)
	assert.Equal(t, "Win", m.Highlights[0].Type)
	assert.JSONEq(t, fullMeeting, string(m.Raw))
	assert.Equal(t, "01:00:01", m.Transcript[0].Timestamp)

	assert.Zero(t, page.Items[1].Duration())
	assert.True(t, page.Items[1].CreatedAt.IsZero())
}

func TestMeetingsWithoutIntegerIDsAreSetAside(t *testing.T) {
	for _, id := range []string{`"x1001"`, `""`, `1001.5`, `1e3`, `null`, `0`, `-1`, `"-1"`, `99999999999999999999`, `{}`} {
		meeting := `{"title":"Weekly","recording_id":` + id + `}`
		account, _ := newAccount(t, respond(200, `{"items":[`+meeting+`,{"recording_id":7}],"next_cursor":null}`))
		page, err := account.ListMeetings(t.Context(), fathom.MeetingQuery{}, "")
		require.NoError(t, err, id)
		require.Len(t, page.Items, 1, "one item doesn't cost the page")
		require.Len(t, page.Unreadable, 1, id)
		assert.Equal(t, meeting, string(page.Unreadable[0].Raw))
		require.Error(t, page.Unreadable[0].Err)
	}
}

func TestPagesOfSomethingElseAreInvalid(t *testing.T) {
	account, _ := newAccount(t, respond(200, `{"items":[1001,"1002",null],"next_cursor":null}`))
	_, err := account.ListMeetings(t.Context(), fathom.MeetingQuery{}, "")
	var failure *fathom.Error
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, fathom.KindInvalidResponse, failure.Kind)
}

func TestMeetingsAreReadInOtherShapes(t *testing.T) {
	account, _ := newAccount(t, respond(200, `{"items":[{"recording_id":"1001","recorded_by":{"name":"Ada","team":{"id":7,"name":"Sales"}}}]}`))
	page, err := account.ListMeetings(t.Context(), fathom.MeetingQuery{}, "")
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	assert.EqualValues(t, 1001, page.Items[0].RecordingID)
	assert.EqualValues(t, "Sales", page.Items[0].RecordedBy.Team)
}

func TestTeamsOfAllPagesAreListed(t *testing.T) {
	account, _ := newAccount(t, func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "/external/v1/teams", r.URL.Path)
		respond(200, map[string]string{
			"":   `{"limit":25,"next_cursor":"p2","items":[{"name":"Sales"},{"name":""}]}`,
			"p2": `{"limit":25,"next_cursor":null,"items":[{"name":"Design & Research"},{"name":5}]}`,
		}[r.URL.Query().Get("cursor")])(w, r)
	})
	teams, err := account.Teams(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"Sales", "Design & Research"}, teams)
}

func TestMeetingQueryParameters(t *testing.T) {
	var got *http.Request
	account, _ := newAccount(t, func(w http.ResponseWriter, r *http.Request) { got = r; respond(200, emptyPage)(w, r) })

	_, err := account.ListMeetings(t.Context(), fathom.MeetingQuery{}, "")
	require.NoError(t, err)
	assert.Equal(t, "/external/v1/meetings", got.URL.String(), "defaults are left out")
	assert.Equal(t, testKey, got.Header.Get("X-Api-Key"))
	assert.Equal(t, "application/json", got.Header.Get("Accept"))
	assert.NotEmpty(t, got.Header.Get("User-Agent"))

	_, err = account.ListMeetings(t.Context(), fathom.MeetingQuery{
		CreatedAfter: time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600)), CreatedBefore: time.Date(2026, 2, 2, 0, 0, 0, 0, time.UTC),
		RecordedBy: []string{"a@x.test", "b+c@x.test"}, Teams: []string{"Sales & Co"},
		IncludeActionItems: true, IncludeHighlights: true, IncludeSummary: true, IncludeTranscript: true,
	}, "abc=")
	require.NoError(t, err)
	assert.Equal(t, map[string][]string{
		"created_after": {"2026-01-02T02:04:05Z"}, "created_before": {"2026-02-02T00:00:00Z"},
		"recorded_by[]": {"a@x.test", "b+c@x.test"}, "teams[]": {"Sales & Co"}, "cursor": {"abc="},
		"include_action_items": {"true"}, "include_highlights": {"true"}, "include_summary": {"true"}, "include_transcript": {"true"},
	}, map[string][]string(got.URL.Query()))
}

func TestMeetingsIteratesOverPages(t *testing.T) {
	pages := map[string]string{
		"":   `{"limit":10,"next_cursor":"p2","items":[{"recording_id":1},{"recording_id":2}]}`,
		"p2": `{"limit":10,"next_cursor":"p3","items":[]}`,
		"p3": `{"limit":10,"next_cursor":"","items":[{"recording_id":2}]}`,
	}
	account, _ := newAccount(t, func(w http.ResponseWriter, r *http.Request) { respond(200, pages[r.URL.Query().Get("cursor")])(w, r) })
	var ids []int64
	for m, err := range allMeetings(t, account) {
		require.NoError(t, err)
		ids = append(ids, m.RecordingID)
	}
	assert.Equal(t, []int64{1, 2, 2}, ids)
}

func TestMeetingsStopsEarlyAndAtErrors(t *testing.T) {
	s := newScript(respond(200, `{"next_cursor":"p2","items":[{"recording_id":1},{"recording_id":2}]}`), respond(400, ""))
	account, _ := newAccount(t, s.ServeHTTP)
	for range allMeetings(t, account) {
		break
	}
	assert.Equal(t, 1, s.Calls())

	var errs, items int
	for _, err := range allMeetings(t, account) {
		if err != nil {
			errs++
		} else {
			items++
		}
	}
	assert.Equal(t, 1, errs)
	assert.Equal(t, 0, items, "the server now returns 400")
}

func TestMeetingsStopsAtRepeatedCursor(t *testing.T) {
	s := newScript(respond(200, `{"next_cursor":"again","items":[{"recording_id":1}]}`))
	account, _ := newAccount(t, s.ServeHTTP)
	var last error
	for _, err := range allMeetings(t, account) {
		last = err
	}
	var failure *fathom.Error
	require.ErrorAs(t, last, &failure)
	assert.Equal(t, fathom.KindInvalidResponse, failure.Kind)
	assert.Equal(t, 2, s.Calls())
}

func TestSummaryAndTranscriptMayBeMissing(t *testing.T) {
	for body, want := range map[string]*fathom.Summary{
		`{"summary":{"template_name":"General","markdown_formatted":"## x"}}`: {TemplateName: "General", Markdown: "## x"},
		`{"summary":null}`: nil,
		`{}`:               nil,
	} {
		account, _ := newAccount(t, func(w http.ResponseWriter, r *http.Request) {
			assert.Equal(t, "/external/v1/recordings/1001/summary", r.URL.RequestURI())
			respond(200, body)(w, r)
		})
		got, err := account.Summary(t.Context(), 1001)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	for body, want := range map[string]int{
		`{"transcript":[{"speaker":{"display_name":"A"},"text":"hi","timestamp":"odd"}]}`: 1,
		`{"transcript":null}`: 0,
		`{"transcript":[]}`:   0,
	} {
		account, _ := newAccount(t, respond(200, body))
		got, err := account.Transcript(t.Context(), 1001)
		require.NoError(t, err)
		assert.Len(t, got, want)
	}
}

func ExampleMeeting_Duration() {
	var m fathom.Meeting
	_ = json.Unmarshal([]byte(`{"recording_id":1001,"recording_start_time":"2026-01-02T09:01:00Z","recording_end_time":"2026-01-02T09:29:00Z"}`), &m)
	fmt.Println(m.Duration())
	// Output: 28m0s
}

// allMeetings iterates over the meetings of all pages.
func allMeetings(t *testing.T, account *fathom.Account) iter.Seq2[fathom.Meeting, error] {
	t.Helper()
	return func(yield func(fathom.Meeting, error) bool) {
		for page, err := range account.MeetingPages(t.Context(), fathom.MeetingQuery{}, "") {
			if err != nil {
				yield(fathom.Meeting{}, err)
				return
			}
			for _, meeting := range page.Items {
				if !yield(meeting, nil) {
					return
				}
			}
		}
	}
}
