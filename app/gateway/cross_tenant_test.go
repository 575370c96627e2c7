package gateway_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testport"
)

// TestForeignTokensReachNothing calls every route with all credentials that aren't the owner's. The
// responses must show nothing of the database, change nothing, and not reveal that it exists.
func TestForeignTokensReachNothing(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"path", "ports"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			opts := apptest.Options{Settings: []string{"TRUSTED_PROXY_HEADERS=X-Real-IP"}}
			if mode == "ports" {
				opts.Settings = append(opts.Settings, portsSetting(testport.ForTest(t, 8)))
			}
			s := apptest.Start(t, opts)
			owner, other := s.SignUp("owner@example.com"), s.SignUp("other@example.com")
			samples := owner.CreateSamples()
			other.CreateSamples()
			tokens := foreignTokens(t, owner, other)
			owner = s.SignInAgain(owner, newPassword)
			before := owner.Fingerprint()
			require.Contains(t, owner.Own("GET", "/api/collections/meetings/records", nil).Raw, owner.Marker(), "the owner must see the marker")

			values := map[string]string{"id": samples.Meeting, "recordId": samples.Recording, "filename": samples.File, "key": "backup.zip"}
			for i, r := range allRoutes(t, s) {
				network := fmt.Sprintf("10.0.%d.1", i) // of its own, which limits refused requests
				if r.OpensStream() {
					continue // see TestStreamOfMissingDatabaseLooksTheSame
				}
				for _, collection := range []string{"meetings", "recordings", "preferences", "users"} {
					values["collection"] = collection
					if collection != "meetings" && !strings.Contains(r.Pattern, "{collection}") {
						continue
					}
					path := r.Path(t, values)
					for description, token := range tokens {
						for _, inQuery := range []bool{false, true} {
							got := intrude(t, s, r, network, owner.DatabaseURL+path, token, inQuery)
							message := fmt.Sprintf("%s %s with %s (in the query: %t): %d %s", r.Method, path, description, inQuery, got.Status, got.Raw)
							require.Contains(t, []int{401, 403, 404}, got.Status, message)
							require.NotContains(t, got.Raw, owner.Marker(), message)
							if mode == "ports" || namesDatabase(token, owner.Name) { // the address or the token reveals that the database exists
								continue
							}
							missing := intrude(t, s, r, network, s.URL+"/db/2020-01-01-002-owner"+path, token, inQuery)
							require.Equal(t, missing.Status, got.Status, message)
							require.Equal(t, missing.Raw, got.Raw, message)
							require.Equal(t, lasting(missing.Header), lasting(got.Header), message)
						}
					}
				}
			}
			assert.Equal(t, before, owner.Fingerprint(), "a request changed the database")
		})
	}
}

// intrude sends a request from an address with a token in the Authorization header or in the query.
func intrude(t *testing.T, s *apptest.Server, r apptest.Route, address, link, token string, inQuery bool) apptest.Answer {
	t.Helper()
	if inQuery {
		link += "?token=" + url.QueryEscape(token)
	}
	request, err := http.NewRequest(r.Method, link, strings.NewReader(`{"key":"intruder","value":1}`))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Real-IP", address)
	if !inQuery && token != "" {
		request.Header.Set("Authorization", token)
	}
	return s.Do(request)
}

// lasting returns headers without those that differ between any two responses.
func lasting(h http.Header) http.Header {
	h = h.Clone()
	h.Del("Date")
	h.Del("X-Request-Id")
	return h
}
