package simulator_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestCredentialsAreChecked(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{APIKeys: []string{"one", "two"}, OAuthTokens: []string{"token"}})
	for name, c := range map[string]struct {
		header []string
		status int
	}{
		"no credentials":   {nil, 401},
		"wrong key":        {[]string{"X-Api-Key", "three"}, 401},
		"key":              {[]string{"X-Api-Key", "one"}, 200},
		"token":            {[]string{"Authorization", "Bearer token"}, 200},
		"wrong token":      {[]string{"Authorization", "Bearer one"}, 401},
		"wrong scheme":     {[]string{"Authorization", "Basic token"}, 401},
		"key before token": {[]string{"X-Api-Key", "three", "Authorization", "Bearer token"}, 401},
	} {
		res, err := s.send(http.MethodGet, s.FathomURL()+"/meetings", "", c.header...)
		require.NoError(t, err)
		assert.Equal(t, c.status, res.StatusCode, name)
	}
	s.RevokeKey("two")
	res, err := s.send(http.MethodGet, s.FathomURL()+"/meetings", "", "X-Api-Key", "two")
	require.NoError(t, err)
	assert.Equal(t, http.StatusUnauthorized, res.StatusCode)
}

func TestMeetingsArePaginatedNewestFirst(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{})
	var ids []float64
	var last time.Time
	path := "/meetings"
	for _, size := range []int{10, 10, 4} {
		p := s.page(path)
		assert.Equal(t, 10, p.Limit)
		require.Len(t, p.Items, size)
		for _, item := range p.Items {
			created, err := time.Parse(time.RFC3339, item["created_at"].(string))
			require.NoError(t, err)
			if !last.IsZero() {
				assert.True(t, created.Before(last))
			}
			last = created
			ids = append(ids, item["recording_id"].(float64))
		}
		if size < 10 {
			assert.Nil(t, p.Next)
			break
		}
		require.NotNil(t, p.Next)
		path = "/meetings?cursor=" + url.QueryEscape(*p.Next)
	}
	assert.InDelta(t, 1001, ids[0], 0)
	assert.Len(t, ids, 24)
	assert.Equal(t, "eyJwYWdlX251bSI6Mn0=", *s.page("/meetings").Next)
	assert.Empty(t, s.page("/meetings?cursor=eyJwYWdlX251bSI6OTl9").Items, "the page is beyond the end")
	for _, bad := range []string{"x", "e30=", "eyJwYWdlX251bSI6MH0="} {
		assert.Equal(t, http.StatusBadRequest, s.get("/meetings?cursor="+url.QueryEscape(bad)).StatusCode, bad)
	}
}

func TestGeneratedMeetings(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{})
	all := s.Meetings()
	require.Len(t, all, simulator.DefaultMeetings)
	seen := map[string]bool{}
	for i, m := range all {
		assert.Equal(t, int64(1001+i), m.RecordingID)
		assert.Equal(t, i < 20, m.HasVideo(), m.Title)
		if !m.NoMedia {
			assert.False(t, seen[m.SHA256], "every file is different")
			seen[m.SHA256] = true
		}
		var got struct {
			Transcript []struct {
				Speaker   map[string]any
				Text      string
				Timestamp string
			}
		}
		s.get("/recordings/"+id(m.RecordingID)+"/transcript").decode(t, &got)
		assert.GreaterOrEqual(t, len(got.Transcript), 6, m.Title)
		assert.LessOrEqual(t, len(got.Transcript), 40, m.Title)
		for _, line := range got.Transcript {
			assert.Regexp(t, regexp.MustCompile(`^\d{2}:\d{2}:\d{2}$`), line.Timestamp)
			at, err := time.Parse(time.TimeOnly, line.Timestamp)
			require.NoError(t, err)
			assert.Less(t, at.Sub(at.Truncate(24*time.Hour)), m.Duration)
		}
	}
	assert.True(t, all[20].AudioOnly)
	assert.True(t, all[21].Limited)
	assert.True(t, all[22].NoMedia)
	assert.Equal(t, simulator.FailureGeneration, all[23].FailGeneration)

	again, err := simulator.New(simulator.Config{})
	require.NoError(t, err)
	for i, m := range again.Meetings() {
		assert.Equal(t, all[i].Title, m.Title)
		assert.Equal(t, all[i].SHA256, m.SHA256)
	}
	none, err := simulator.New(simulator.Config{Meetings: -1})
	require.NoError(t, err)
	assert.Empty(t, none.Meetings())
	many, err := simulator.New(simulator.Config{Meetings: 500})
	require.NoError(t, err)
	assert.Len(t, many.Meetings(), 500)
	assert.True(t, many.Meetings()[499].FailGeneration != "" && many.Meetings()[30].HasVideo())
}

func TestMeetingFilters(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{Meetings: -1})
	noon := time.Date(2026, time.May, 4, 12, 0, 0, 0, time.UTC)
	add := func(title string, options ...simulator.MeetingOption) {
		_, err := s.AddMeeting(append([]simulator.MeetingOption{simulator.WithTitle(title)}, options...)...)
		require.NoError(t, err)
	}
	guests := []any{map[string]any{"name": nil, "email": "x@client.example", "email_domain": "client.example", "is_external": true}}
	add("a", simulator.WithCreatedAt(noon), simulator.RecordedBy("Ada Lindqvist", "ada@northwind.example"))
	add("b", simulator.WithCreatedAt(noon.Add(time.Hour)), simulator.RecordedBy("Ben Okafor", "ben@northwind.example"),
		simulator.WithMeetingType("Board review"))
	add("c", simulator.WithCreatedAt(noon.Add(2*time.Hour)), simulator.RecordedBy("Guest", "guest@elsewhere.example"),
		simulator.WithField("calendar_invitees", guests))
	add("d", simulator.WithCreatedAt(noon.Add(3*time.Hour)), simulator.Unlisted())

	for query, want := range map[string]string{
		"":                                    "ba",
		"?unknown=1&limit=3":                  "ba",
		"?created_after=2026-05-04T12:00:00Z": "b",
		"?created_after=2026-05-04T13:59:00%2B02:00": "ba",
		"?created_before=2026-05-04T13:00:00Z":       "a",
		"?created_after=2026-05-04":                  "ba",
		"?created_after=":                            "ba",
		"?meeting_type=Board+review":                 "b",
		"?meeting_type=external":                     "",
		"?recorded_by[]=ADA@northwind.example":       "a",
		"?recorded_by%5B%5D=ada@northwind.example&recorded_by[]=guest@elsewhere.example":     "ca",
		"?teams%5B%5D=Engineering&teams[]=Sales":                                             "b",
		"?include_transcript=false&include_summary=false&calendar_invitees_domains_type=all": "ba",
	} {
		var got strings.Builder
		for _, item := range s.page("/meetings" + query).Items {
			got.WriteString(item["title"].(string))
		}
		assert.Equal(t, want, got.String(), query)
	}
	for _, query := range []string{
		"?created_after=yesterday", "?include_summary=1", "?calendar_invitees_domains_type=some",
	} {
		assert.Equal(t, http.StatusBadRequest, s.get("/meetings"+query).StatusCode, query)
	}
}

func TestInviteeDomainFilters(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{})
	external := s.page("/meetings?calendar_invitees_domains_type=one_or_more_external").Items
	require.NotEmpty(t, external)
	for _, item := range external {
		assert.Equal(t, "one_or_more_external", item["calendar_invitees_domains_type"])
	}
	two := s.page("/meetings?calendar_invitees_domains[]=brightwater.example&calendar_invitees_domains%5B%5D=oaktree.example").Items
	assert.Len(t, two, 3)
	assert.Len(t, s.page("/meetings?calendar_invitees_domains[]=water.example").Items, 0, "domains match exactly")
}

func TestOptionalPartsAreIncludedOnRequest(t *testing.T) {
	t.Parallel()
	all := []string{"action_items", "crm_matches", "highlights", "default_summary", "transcript"}
	s := start(t, simulator.Config{OAuthTokens: []string{"token"}})
	item := s.page("/meetings").Items[0]
	for _, name := range all {
		assert.NotContains(t, item, name)
	}
	item = s.page("/meetings?include_action_items=true&include_crm_matches=true&include_highlights=true" +
		"&include_summary=true&include_transcript=true").Items[0]
	for _, name := range all {
		assert.NotEmpty(t, item[name], name)
	}
	for _, name := range []string{"include_summary", "include_transcript"} {
		res, err := s.send(http.MethodGet, s.FathomURL()+"/meetings?"+name+"=true", "", "Authorization", "Bearer token")
		require.NoError(t, err)
		assert.Equal(t, http.StatusBadRequest, res.StatusCode, "the part is not available to OAuth apps")
	}
	nulls := start(t, simulator.Config{NullOptionals: true})
	item = nulls.page("/meetings").Items[0]
	for _, name := range all {
		assert.Contains(t, item, name)
		assert.Nil(t, item[name])
	}
}

func TestMeetingsCanBeAddedAndChanged(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Config{APIKeys: []string{simulator.DemoAPIKey, "other"}})
	const big = int64(1)<<62 + 1
	m, err := s.AddMeeting(
		simulator.WithRecordingID(big), simulator.WithTitle("Big"), simulator.WithoutField("shared_with"),
		simulator.WithField("meeting_type", nil), simulator.WithField("news", "unknown value"), simulator.VisibleTo(simulator.DemoAPIKey),
	)
	require.NoError(t, err)
	assert.Equal(t, big, m.RecordingID)
	res := s.get("/meetings")
	assert.Contains(t, string(res.body), `"recording_id":4611686018427387905`)
	item := s.page("/meetings").Items[0]
	assert.NotContains(t, item, "shared_with")
	assert.Nil(t, item["meeting_type"])
	assert.Equal(t, "unknown value", item["news"])
	path := "/recordings/" + id(big) + "/summary"
	assert.Equal(t, http.StatusOK, s.get(path).StatusCode)
	s.key = "other"
	assert.Equal(t, http.StatusNotFound, s.get(path).StatusCode)
	assert.InDelta(t, 1001, s.page("/meetings").Items[0]["recording_id"], 0)

	_, err = s.AddMeeting(simulator.WithRecordingID(big))
	require.ErrorContains(t, err, "exists")
	_, err = s.Change(5)
	require.ErrorContains(t, err, "unknown")
	changed, err := s.Change(1002, simulator.WithTitle("New name"), simulator.AudioOnly())
	require.NoError(t, err)
	assert.Equal(t, "audio/mp4", changed.ContentType)
	s.Reset()
	assert.Len(t, s.Meetings(), 24)
	assert.NotEqual(t, "New name", s.Meetings()[1].Title)
}
