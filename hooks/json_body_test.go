package hooks_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// sendBody sends a body of a type, which may be blank.
func sendBody(s *apptest.Server, method, link, token, kind, body string) apptest.Answer {
	s.T.Helper()
	request, err := http.NewRequest(method, link, strings.NewReader(body))
	require.NoError(s.T, err)
	request.Header.Set("Authorization", token)
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	return s.Do(request)
}

const (
	formType      = "application/x-www-form-urlencoded"
	multipartType = "multipart/form-data; boundary=x"
)

func TestBodiesThatAreNotJSONChangeNothing(t *testing.T) {
	t.Parallel()
	s, p := startPaused(t)
	require.Equal(t, 200, p.Enqueue("recording.transfer", map[string]any{"recording_id": 1001}).Status)
	jobs := func() int { return len(p.Jobs("pending")) }
	require.Equal(t, 1, jobs())

	for _, c := range []struct{ kind, body string }{
		{formType, `{"recording_ids":[1002],"ids":["x"],"dry_run":true}`}, // what curl -d sends
		{formType, "recording_ids=1002&ids=x&dry_run=true"},
		{multipartType, "--x\r\nContent-Disposition: form-data; name=\"recording_ids\"\r\n\r\n1002\r\n--x--\r\n"},
		{"application/xml", "<a><ids>x</ids></a>"},
		{"text/json", `{"recording_ids":[1002]}`},
		{"", `{"recording_ids":[1002]}`},
	} {
		for _, route := range []struct{ method, link, token string }{
			{"POST", p.DatabaseURL + "/api/transfers", p.Session},
			{"POST", p.DatabaseURL + "/api/bundles", p.Session},
			{"POST", p.DatabaseURL + "/api/share-links", p.Session},
			{"POST", p.DatabaseURL + "/api/rules/test", p.Session},
			{"POST", s.URL + "/api/queue/cancel", p.Token},
			{"POST", s.URL + "/api/queue/retry", p.Token},
			{"POST", s.URL + "/api/queue/cancel", s.SuperuserToken()},
			{"POST", s.URL + "/api/shares", p.Token},
			{"POST", s.URL + "/api/tokens", p.Token},
			{"POST", s.URL + "/api/account/password", p.Token},
			{"POST", s.URL + "/api/operator/titles", s.SuperuserToken()},
		} {
			refused := sendBody(s, route.method, route.link, route.token, c.kind, c.body)
			assert.Equal(t, 415, refused.Status, "%s %s with %q: %s", route.method, route.link, c.kind, refused.Raw)
			assert.Contains(t, refused.Text("message"), "Send JSON")
		}
	}
	assert.Equal(t, 1, jobs(), "a form must not select everything")
}

func TestFormDoesNotRemoveThePasswordOfALink(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	p.CreateSamples()
	link := s.URL + sharesPath + "/" + createShare(p, map[string]any{"password": "a-good-password"}).Text("id")
	refused := sendBody(s, "PATCH", link, p.Token, formType, "title=false")
	assert.Equal(t, 415, refused.Status, refused.Raw)
	changed := sendBody(s, "PATCH", link, p.Token, "application/json; charset=utf-8", `{"title":false}`)
	require.Equal(t, 200, changed.Status, changed.Raw)
	assert.Equal(t, []any{true, false, true}, []any{changed.Get("password"), changed.Get("title"), changed.Get("summary")})
}

func TestUnknownFieldsOfBodiesAreRefused(t *testing.T) {
	t.Parallel()
	_, p := startPaused(t)
	for body, want := range map[string]string{
		`{"library":{"sate":"at_fathom"}}`:            `"sate"`,
		`{"library":{"recording_ids":[1001]}}`:        `"recording_ids"`,
		`{"recording_ids":[1001],"dryrun":true}`:      `"dryrun"`,
		`{"recording_ids":[1001]} {"dry_run":true}`:   "Something follows",
		`{"recording_ids":[1001],"dry_run":"please"}`: "must be JSON",
		`[]`: "must be JSON",
		`{`:  "must be JSON",
	} {
		refused := sendBody(p.Server, "POST", p.DatabaseURL+"/api/transfers", p.Session, "application/json", body)
		assert.Equal(t, 400, refused.Status, body)
		assert.Contains(t, refused.Text("message"), want, body)
	}
	assert.Empty(t, p.Jobs("pending"))
}
