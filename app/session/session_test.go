package session_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/session"
)

const (
	user     = "abcdefghijklmno"
	database = "2024-01-15-001-johndoe"
	tokenKey = "k0123456789012345678901234567890123456789012345678"
)

var (
	secret = bytes.Repeat([]byte("0123456789abcdef"), 4)
	start  = time.Date(2024, 1, 15, 12, 0, 0, 999, time.UTC)
)

// clock is a clock that tests set.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func issuer(t testing.TB, secret []byte) (*session.Issuer, *clock) {
	t.Helper()
	c := &clock{at: start}
	i, err := session.NewIssuer(secret, time.Hour, c.now)
	require.NoError(t, err)
	return i, c
}

func issue(t testing.TB, i *session.Issuer) string {
	t.Helper()
	token, _, err := i.Issue(user, database, tokenKey)
	require.NoError(t, err)
	return token
}

func TestVerifyReturnsTheIssuedClaims(t *testing.T) {
	t.Parallel()
	i, _ := issuer(t, secret)
	token, expires, err := i.Issue(user, database, tokenKey)
	require.NoError(t, err)
	assert.Equal(t, start.Truncate(time.Second).Add(time.Hour), expires)

	claims, err := i.Verify(token, database)
	require.NoError(t, err)
	assert.Equal(t, user, claims.UserID)
	assert.Equal(t, database, claims.Database)
	assert.Equal(t, expires, claims.ExpiresAt)
	assert.Len(t, claims.Fingerprint, 22)
	assert.NotEmpty(t, claims.ID)

	second, err := i.Verify(issue(t, i), database)
	require.NoError(t, err)
	assert.NotEqual(t, claims.ID, second.ID)
	assert.Equal(t, claims.Fingerprint, second.Fingerprint)
}

// earlierToken was issued at start, before claims were validated by the jwt library.
const earlierToken = "eyJhbGciOiJIUzI1NiIsInR5cCI6InVzZXItZGIrand0In0." +
	"eyJpc3MiOiJmYXRob20tdG8tbG9vbSIsInN1YiI6ImFiY2RlZmdoaWprbG1ubyIsImF1ZCI6IjIwMjQtMDEtMTUtMDAxLWpvaG5kb2UiLCJleHAiOjE3MDUzMjM2MDAs" +
	"ImlhdCI6MTcwNTMyMDAwMCwibmJmIjoxNzA1MzIwMDAwLCJmcCI6IklUM3pwcF9nWTFtcU5VMDZWeHN1VTUiLCJqdGkiOiJBWTVCU0cyRkpLNVdCRExINVlLM0dUTkRIMiJ9." +
	"gff5A4OPCGoXUya5B2PE0jxPAEl-qYWZRT5g731-5oY"

func TestTokensOfEarlierReleasesAreValid(t *testing.T) {
	t.Parallel()
	i, c := issuer(t, secret)
	claims, err := i.Verify(earlierToken, database)
	require.NoError(t, err)
	assert.Equal(t, session.Claims{
		UserID: user, Database: database, ExpiresAt: start.Truncate(time.Second).Add(time.Hour),
		Fingerprint: "IT3zpp_gY1mqNU06VxsuU5", ID: "AY5BSG2FJK5WBDLH5YK3GTNDH2",
	}, claims)
	assert.True(t, i.Matches(claims, tokenKey))
	c.at = start.Add(time.Hour)
	_, err = i.Verify(earlierToken, database)
	assert.ErrorIs(t, err, session.ErrExpired)
}

func TestWireFormatIsUnchanged(t *testing.T) {
	t.Parallel()
	i, _ := issuer(t, secret)
	token := issue(t, i)
	claims, err := i.Verify(token, database)
	require.NoError(t, err)
	decode := func(part int) string {
		raw, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[part])
		require.NoError(t, err)
		return string(raw)
	}
	assert.Equal(t, `{"alg":"HS256","typ":"user-db+jwt"}`, decode(0))
	assert.JSONEq(t, `{"iss":"fathom-to-loom","sub":"abcdefghijklmno","aud":"2024-01-15-001-johndoe","exp":1705323600,`+
		`"iat":1705320000,"nbf":1705320000,"fp":"IT3zpp_gY1mqNU06VxsuU5","jti":"`+claims.ID+`"}`, decode(1))
	assert.Contains(t, decode(1), `"exp":1705323600,`, "times are whole numbers")
	assert.Contains(t, decode(1), `"iat":1705320000,`)
}

// The PocketBase SDK decodes the payload with atob and reads exp. With type=auth, it would treat the
// owner as a superuser or as a record of the database.
func TestPocketBaseSDKCanReadTokens(t *testing.T) {
	t.Parallel()
	i, _ := issuer(t, secret)
	for range 50 {
		parts := strings.Split(issue(t, i), ".")
		require.Len(t, parts, 3)
		assert.NotContains(t, parts[1], "-")
		assert.NotContains(t, parts[1], "_")
		raw, err := base64.RawStdEncoding.DecodeString(parts[1])
		require.NoError(t, err)
		var payload map[string]any
		require.NoError(t, json.Unmarshal(raw, &payload))
		assert.Equal(t, float64(start.Add(time.Hour).Unix()), payload["exp"])
		assert.NotContains(t, payload, "type")
		assert.NotContains(t, payload, "collectionId")
		assert.NotContains(t, string(raw), tokenKey)
	}
}

func TestTokensAreValidFromIssueToExpiry(t *testing.T) {
	t.Parallel()
	i, c := issuer(t, secret)
	token := issue(t, i)
	for after, want := range map[time.Duration]error{
		-4 * time.Second:                         nil, // within the leeway
		-6 * time.Second:                         session.ErrInvalid,
		time.Hour - 2*time.Second:                nil,
		time.Hour:                                session.ErrExpired,
		time.Hour + 100*24*time.Hour:             session.ErrExpired,
		-time.Duration(1<<62) * time.Duration(1): session.ErrInvalid,
	} {
		c.at = start.Add(after)
		_, err := i.Verify(token, database)
		if want == nil {
			require.NoError(t, err, after)
		} else {
			require.ErrorIs(t, err, want, after)
		}
	}
}

func TestIssueForSetsTheLifetime(t *testing.T) {
	t.Parallel()
	i, c := issuer(t, secret)
	token, expires, err := i.IssueFor(user, database, tokenKey, time.Minute)
	require.NoError(t, err)
	assert.Equal(t, start.Truncate(time.Second).Add(time.Minute), expires)
	c.at = start.Add(time.Minute)
	_, err = i.Verify(token, database)
	require.ErrorIs(t, err, session.ErrExpired)
	c.at = start
	_, expires, err = i.IssueFor(user, database, tokenKey, 24*time.Hour)
	require.NoError(t, err)
	assert.Equal(t, start.Truncate(time.Second).Add(24*time.Hour), expires, "longer than a session")
}

func TestWrongDatabaseIsReportedBeforeExpiry(t *testing.T) {
	t.Parallel()
	i, c := issuer(t, secret)
	token := issue(t, i)
	for _, other := range []string{"", database + "x", strings.ToUpper(database), "2024-01-15-002-johndoe"} {
		_, err := i.Verify(token, other)
		require.ErrorIs(t, err, session.ErrWrongDatabase, other)
	}
	c.at = start.Add(2 * time.Hour)
	_, err := i.Verify(token, "2024-01-15-002-johndoe")
	require.ErrorIs(t, err, session.ErrWrongDatabase)
	assert.NotErrorIs(t, err, session.ErrExpired)
}

func TestMatchesComparesTheTokenKey(t *testing.T) {
	t.Parallel()
	i, _ := issuer(t, secret)
	claims, err := i.Verify(issue(t, i), database)
	require.NoError(t, err)
	assert.True(t, i.Matches(claims, tokenKey))
	assert.False(t, i.Matches(claims, tokenKey+"x"), "changed token key")
	assert.False(t, i.Matches(claims, ""))
	assert.False(t, i.Matches(session.Claims{}, tokenKey))

	moved := claims
	moved.UserID = "anotheruser0000"
	assert.False(t, i.Matches(moved, tokenKey), "another user with the same token key")
	cut := claims
	cut.Fingerprint = cut.Fingerprint[:21]
	assert.False(t, i.Matches(cut, tokenKey))

	other, _ := issuer(t, bytes.Repeat([]byte("x"), 64))
	assert.False(t, other.Matches(claims, tokenKey))
}

func TestInvalidInputIsRejected(t *testing.T) {
	t.Parallel()
	_, err := session.NewIssuer(secret[:63], time.Hour, nil)
	require.Error(t, err)
	for _, ttl := range []time.Duration{0, -time.Hour, time.Millisecond} {
		_, err = session.NewIssuer(secret, ttl, nil)
		require.Error(t, err)
	}
	i, err := session.NewIssuer(secret, time.Hour, nil)
	require.NoError(t, err, "the default clock is time.Now")
	_, err = i.Verify(issue(t, i), database)
	require.NoError(t, err)

	for _, c := range [][3]string{
		{"", database, tokenKey},
		{user, "", tokenKey},
		{user, database, ""},
		{"a\x00b", database, tokenKey},
		{user, "../etc", tokenKey},
		{user, strings.Repeat("x", 256), tokenKey},
	} {
		_, _, err := i.Issue(c[0], c[1], c[2])
		require.Error(t, err, "%q", c)
		assert.NotContains(t, err.Error(), tokenKey)
	}
}

func TestTokensOfThePreviousSecretAreAccepted(t *testing.T) {
	t.Parallel()
	former, _ := issuer(t, bytes.Repeat([]byte("x"), 64))
	plain, clock := issuer(t, secret)
	both, err := plain.Accepting(bytes.Repeat([]byte("x"), 64))
	require.NoError(t, err)
	old := issue(t, former)
	claims, err := both.Verify(old, database)
	require.NoError(t, err)
	assert.True(t, both.Matches(claims, tokenKey))
	assert.False(t, both.Matches(claims, tokenKey+"x"), "changed token key")
	_, err = both.Verify(old, "another-database")
	require.ErrorIs(t, err, session.ErrWrongDatabase)
	_, err = plain.Verify(old, database)
	require.ErrorIs(t, err, session.ErrInvalid)

	fresh, err := both.Verify(issue(t, both), database)
	require.NoError(t, err)
	assert.True(t, both.Matches(fresh, tokenKey))
	_, err = former.Verify(issue(t, both), database)
	require.ErrorIs(t, err, session.ErrInvalid, "new tokens are signed with the new secret")
	clock.at = clock.at.Add(2 * time.Hour)
	_, err = both.Verify(old, database)
	require.ErrorIs(t, err, session.ErrExpired)
	_, err = plain.Accepting(secret[:63])
	require.Error(t, err)
}
