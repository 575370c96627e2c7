package gateway_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/session"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// A download over a slow line takes longer than a session.
// Case C15: a large download in a browser can be continued after an hour.
func TestDownloadContinuesAfterTheSessionHasEnded(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"SESSION_TTL=1m"}})
	p := s.SignUp("ada@example.com")
	samples := p.CreateSamples()
	continueWith := func(token string) apptest.Answer {
		request, err := http.NewRequest("GET", p.DatabaseURL+"/api/files/recordings/"+samples.Recording+"/"+samples.File+"?token="+token, nil)
		require.NoError(t, err)
		request.Header.Set("Range", "bytes=10-")
		return s.Do(request)
	}

	issued := p.Own("POST", "/api/files/token", nil).Text("token")
	var claims struct{ jwt.RegisteredClaims }
	_, _, err := jwt.NewParser().ParseUnverified(issued, &claims)
	require.NoError(t, err)
	assert.Equal(t, 24*time.Hour, claims.ExpiresAt.Sub(claims.IssuedAt.Time))

	tokenFrom := func(ago time.Duration) string { // what the server issued that long ago
		issuer, err := session.NewIssuer(jwtSecret(t), time.Minute, func() time.Time { return time.Now().Add(-ago) })
		require.NoError(t, err)
		token, _, err := issuer.IssueFor(p.ID, claims.Audience[0], credential(p), claims.ExpiresAt.Sub(claims.IssuedAt.Time))
		require.NoError(t, err)
		return token
	}
	for name, token := range map[string]string{"just issued": issued, "issued 23 hours ago": tokenFrom(23 * time.Hour)} {
		got := continueWith(token)
		require.Equal(t, 206, got.Status, "%s: %s", name, got.Raw)
		assert.Equal(t, p.Marker()[10:], got.Raw, name)
	}
	assert.Equal(t, 401, continueWith(tokenFrom(25*time.Hour)).Status, "a day is over")
	assert.Equal(t, 401, s.Call("GET", p.DatabaseURL+"/api/usage", sessionIssuedAt(t, p, time.Now().Add(-2*time.Hour)), nil).Status)

	changePassword(p)
	assert.Equal(t, 401, continueWith(issued).Status, "revoked")
}
