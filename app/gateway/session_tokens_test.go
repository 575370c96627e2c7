package gateway_test

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/session"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// sessionType is the typ header of a session token.
const sessionType = "user-db+jwt"

const newPassword = "another-password"

// changePassword changes a person's password to newPassword.
func changePassword(p apptest.Person) {
	p.T.Helper()
	changed := p.Call("PATCH", p.URL+"/api/collections/users/records/"+p.ID, p.Token, map[string]any{
		"oldPassword": apptest.Password, "password": newPassword, "passwordConfirm": newPassword,
	})
	require.Equal(p.T, 200, changed.Status, changed.Raw)
}

// foreignTokens changes the owner's password and returns credentials that don't open the owner's
// database, by description.
func foreignTokens(t *testing.T, owner, other apptest.Person) map[string]string {
	t.Helper()
	_, otherAPIToken := other.CreateToken("read", "transfer", "share")
	_, endedAPIToken := owner.CreateToken("read", "transfer", "share")
	changePassword(owner)
	again := owner.SignInAgain(owner, newPassword)
	id, revokedAPIToken := again.CreateToken("read", "transfer", "share")
	again.RevokeToken(id)
	return map[string]string{
		"another user's API token":                  otherAPIToken,
		"another user's API token with its scheme":  "Bearer " + otherAPIToken,
		"API token from before the password change": endedAPIToken,
		"revoked API token":                         revokedAPIToken,
		"expired API token":                         expiredAPIToken(t, again),
		"truncated API token":                       otherAPIToken[:len(otherAPIToken)-1],
		"API token with a wrong checksum":           otherAPIToken[:len(otherAPIToken)-6] + "000000",
		"no token":                                  "",
		"garbage":                                   "garbage",
		"another user's session":                    other.Session,
		"another user's file token":                 other.Own("POST", "/api/files/token", nil).Text("token"),
		"another user's export token":               other.ExportToken(),
		"another user's bundle token":               bundleToken(t, other),
		"another user's sign-in":                    other.Token,
		"another user's global file token":          other.Call("POST", other.URL+"/api/files/token", other.Token, nil).Text("token"),
		"session from before the password change":   owner.Session,
		"sign-in from before the password change":   owner.Token,
		"expired session":                           sessionIssuedAt(t, owner, time.Now().Add(-2*time.Hour)),
		"unsigned session":                          unsignedSession(t, owner),
		"session with a wrong signature":            forgedSession(t, owner),
		"session for another database":              signedSession(t, owner.ID, other.Name, credential(owner)),
		"session for a missing database":            signedSession(t, owner.ID, "2020-01-01-001-nobody", credential(owner)),
		"another user's session for this database":  signedSession(t, other.ID, owner.Name, credential(other)),
		"another user's session for this database with the owner's fingerprint": signedSession(t, other.ID, owner.Name, credential(owner)),
		"PocketBase token of the database":                                      databaseToken(t, owner, "users"),
		"PocketBase superuser token of the database":                            databaseToken(t, owner, core.CollectionNameSuperusers),
		"session without its type":                                              untypedSession(t, owner),
	}
}

// expiredAPIToken returns an API token of a person that has just expired.
func expiredAPIToken(t *testing.T, p apptest.Person) string {
	t.Helper()
	id, token := p.CreateToken("read", "transfer", "share")
	_, err := p.App.NonconcurrentDB().Update("api_tokens", dbx.Params{"expires": "2026-01-01 00:00:00.000Z"}, dbx.HashExp{"id": id}).Execute()
	require.NoError(t, err)
	return token
}

// bundleToken returns a token for a bundle of all meetings.
func bundleToken(t *testing.T, p apptest.Person) string {
	t.Helper()
	link, err := url.Parse(p.Own("POST", "/api/bundles", map[string]any{}).Text("path"))
	require.NoError(t, err)
	require.NotEmpty(t, link.Query().Get("token"))
	return link.Query().Get("token")
}

func credential(p apptest.Person) string {
	p.T.Helper()
	user, err := p.App.FindRecordById("users", p.ID)
	require.NoError(p.T, err)
	return registry.Credential(user)
}

func jwtSecret(t *testing.T) []byte {
	t.Helper()
	secret, err := apptest.Secrets().JWTSecret.Bytes()
	require.NoError(t, err)
	return secret
}

// sessionIssuedAt returns a session of a person that was issued at a given time, for an hour.
func sessionIssuedAt(t *testing.T, p apptest.Person, at time.Time) string {
	t.Helper()
	issuer, err := session.NewIssuer(jwtSecret(t), time.Hour, func() time.Time { return at })
	require.NoError(t, err)
	token, _, err := issuer.Issue(p.ID, p.Name, credential(p))
	require.NoError(t, err)
	return token
}

// signedSession returns a session signed with the server's secret.
func signedSession(t *testing.T, userID, database, tokenKey string) string {
	t.Helper()
	issuer, err := session.NewIssuer(jwtSecret(t), time.Hour, nil)
	require.NoError(t, err)
	token, _, err := issuer.Issue(userID, database, tokenKey)
	require.NoError(t, err)
	return token
}

func sessionClaims(t *testing.T, p apptest.Person) jwt.MapClaims {
	t.Helper()
	claims := jwt.MapClaims{}
	_, _, err := jwt.NewParser().ParseUnverified(p.Session, claims)
	require.NoError(t, err)
	return claims
}

func unsignedSession(t *testing.T, p apptest.Person) string {
	t.Helper()
	token := jwt.NewWithClaims(jwt.SigningMethodNone, sessionClaims(t, p))
	token.Header["typ"] = sessionType
	unsigned, err := token.SignedString(jwt.UnsafeAllowNoneSignatureType)
	require.NoError(t, err)
	return unsigned
}

// forgedSession returns a person's session signed with a key that isn't the server's.
func forgedSession(t *testing.T, p apptest.Person) string {
	t.Helper()
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, sessionClaims(t, p))
	token.Header["typ"] = sessionType
	forged, err := token.SignedString(bytes.Repeat([]byte("k"), 64))
	require.NoError(t, err)
	return forged
}

// untypedSession returns the claims of a person's session signed with the server's secret, as a JWT
// without sessionType.
func untypedSession(t *testing.T, p apptest.Person) string {
	t.Helper()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, sessionClaims(t, p)).SignedString(jwtSecret(t))
	require.NoError(t, err)
	return token
}

// databaseToken returns a token as the PocketBase of a user database issues it.
func databaseToken(t *testing.T, p apptest.Person, collection string) string {
	t.Helper()
	db, err := p.App.Databases.Acquire(t.Context(), p.Name)
	require.NoError(t, err)
	defer db.Release()
	c, err := db.App.FindCollectionByNameOrId(collection)
	require.NoError(t, err)
	record := core.NewRecord(c)
	record.Id = p.ID
	record.SetEmail(p.Email)
	record.RefreshTokenKey()
	token, err := record.NewAuthToken()
	require.NoError(t, err)
	return token
}

// namesDatabase reports whether the audience of a token is a database.
func namesDatabase(token, database string) bool {
	claims := jwt.MapClaims{}
	_, _, err := jwt.NewParser().ParseUnverified(token, claims)
	return err == nil && strings.HasSuffix(fmt.Sprint(claims["aud"]), database)
}
