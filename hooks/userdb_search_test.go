package hooks_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// search searches until all recordings are indexed. On a busy machine a search may not end in time.
func search(p apptest.Person, query string) (answer apptest.Answer) {
	p.T.Helper()
	p.Eventually(func() bool {
		answer = p.Own("GET", "/api/search?q="+url.QueryEscape(query), nil)
		return answer.Status == 200 && answer.Get("complete") == true ||
			answer.Status != 200 && !strings.Contains(answer.Raw, "takes too long")
	})
	require.Equal(p.T, 200, answer.Status, answer.Raw)
	return answer
}

func TestSearchFindsOnlyOwnRecordings(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	ada, bob := s.SignUp("ada@example.com"), s.SignUp("bob@example.com")
	ada.SaveRecord("meetings", map[string]any{"recording_id": 1, "title": "Secret budget"})
	bob.SaveRecord("meetings", map[string]any{"recording_id": 2, "title": "Holiday budget"})
	found := search(ada, "budget")
	require.Len(t, found.Items(), 1, found.Raw)
	assert.EqualValues(t, 1, found.Items()[0]["recording_id"])
	assert.NotContains(t, search(bob, "budget OR secret").Raw, "Secret")

	path := "/api/search?q=budget"
	for _, answer := range []apptest.Answer{
		s.Call("GET", ada.DatabaseURL+path, "", nil), s.Call("GET", ada.DatabaseURL+path, bob.Session, nil),
		s.Call("GET", ada.DatabaseURL+path, ada.Token, nil), s.Call("GET", ada.DatabaseURL+path, s.SuperuserToken(), nil),
		s.Call("POST", ada.DatabaseURL+path, ada.Session, map[string]any{}),
	} {
		assert.GreaterOrEqual(t, answer.Status, 400, answer.Raw)
		assert.NotContains(t, answer.Raw, "Secret")
	}
}

func TestSearchExplainsWhatItRefuses(t *testing.T) {
	t.Parallel()
	p := apptest.Start(t, apptest.Options{}).SignUp("ada@example.com")
	for query, want := range map[string]string{
		"":                    "Enter at least one word",
		"q=%22a":              "is never closed",
		"q=a%00&limit=0":      "Ask for 1 to 50 results.",
		"q=a&limit=51":        "Ask for 1 to 50 results.",
		"q=a&offset=-1":       "from 0 to 10000",
		"q=a&offset=x":        "from 0 to 10000",
		"q=before%3Atomorrow": "YYYY-MM-DD",
	} {
		refused := p.Own("GET", "/api/search?"+query, nil)
		assert.Equal(t, 400, refused.Status, query)
		assert.Contains(t, refused.Text("message"), want, query)
	}
}
