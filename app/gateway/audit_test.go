package gateway_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestSuperuserRequestsAreLogged(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	samples := p.CreateSamples()
	p.Own("GET", "/api/collections/meetings/records", nil)
	token := asSuperuser(p, "POST", "/api/files/token", nil).Text("token")
	s.Call("GET", p.DatabaseURL+"/api/files/recordings/"+samples.Recording+"/"+samples.File+"?token="+token, "", nil)
	asSuperuser(p, "DELETE", "/api/collections/preferences/records/"+samples.Preference, nil)
	asSuperuser(p, "POST", "/api/sql", map[string]any{"query": "SELECT 1"})
	asSuperuser(p, "POST", "/api/batch", map[string]any{"requests": []map[string]any{
		{"method": "PATCH", "url": "/api/collections/meetings/records/" + samples.Meeting, "body": map[string]any{"title": "x"}},
	}})
	log := s.Log.String()
	assert.Equal(t, 5, strings.Count(log, "superuser accessed user database"), log)
	assert.Contains(t, log, "superuser="+apptest.Secrets().AdminEmail+" database="+p.Name+" method=DELETE path=/api/collections/preferences/records/"+samples.Preference+" status=204")
	assert.Contains(t, log, "path=/api/sql status=403", "refused requests are logged too")
	assert.Contains(t, log, `batch="[PATCH /api/collections/meetings/records/`+samples.Meeting+`]"`)
	assert.NotContains(t, log, token)
	s.Eventually(func() bool {
		logs := s.Call("GET", s.URL+"/api/logs?perPage=200&filter="+`message%7E"superuser%20accessed"`, s.SuperuserToken(), nil)
		return strings.Contains(logs.Raw, p.Name) && strings.Contains(logs.Raw, samples.Preference)
	})
}
