package session_test

import (
	"bytes"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/session"
)

// signKey derives the signing key. Tokens signed with it pass the signature check, which leaves only
// the other checks to reject them.
func signKey(t testing.TB) []byte {
	t.Helper()
	key, err := hkdf.Key(sha256.New, secret, nil, "fathom-to-loom/session/sign/v1", 32)
	require.NoError(t, err)
	return key
}

func validClaims() jwt.MapClaims {
	return jwt.MapClaims{
		"iss": "fathom-to-loom", "sub": user, "aud": database, "jti": "one", "fp": strings.Repeat("f", 22),
		"iat": start.Unix(), "nbf": start.Unix(), "exp": start.Add(time.Hour).Unix(),
	}
}

func sign(t testing.TB, method jwt.SigningMethod, key any, header, claims map[string]any) string {
	t.Helper()
	token := jwt.NewWithClaims(method, jwt.MapClaims(claims))
	token.Header["typ"] = "user-db+jwt"
	maps.Copy(token.Header, header)
	text, err := token.SignedString(key)
	require.NoError(t, err)
	return text
}

func TestMalformedClaimsAreRejected(t *testing.T) {
	t.Parallel()
	i, _ := issuer(t, secret)
	key := signKey(t)
	_, err := i.Verify(sign(t, jwt.SigningMethodHS256, key, nil, validClaims()), database)
	require.NoError(t, err, "the unchanged claims are valid")

	for name, change := range map[string]map[string]any{
		"no issuer":             {"iss": nil},
		"other issuer":          {"iss": "someone"},
		"no subject":            {"sub": nil},
		"empty subject":         {"sub": ""},
		"no audience":           {"aud": nil},
		"audience of two":       {"aud": []string{database, "another"}},
		"audience list of one":  {"aud": []string{database}},
		"no expiry":             {"exp": nil},
		"expiry zero":           {"exp": 0},
		"expiry as text":        {"exp": "9999999999"},
		"expiry beyond numbers": {"exp": 1e300},
		"no iat":                {"iat": nil},
		"future iat":            {"iat": start.Add(time.Minute).Unix()},
		"future nbf":            {"nbf": start.Add(time.Minute).Unix()},
		"iat as text":           {"iat": "soon"},
		"negative expiry":       {"exp": -1},
		"fractional expiry":     {"exp": float64(start.Add(time.Hour).Unix()) + 0.5},
		"no id":                 {"jti": nil},
		"no fingerprint":        {"fp": nil},
		"short fingerprint":     {"fp": "f"},
	} {
		claims := validClaims()
		maps.Copy(claims, change)
		for k, v := range claims {
			if v == nil {
				delete(claims, k)
			}
		}
		got, err := i.Verify(sign(t, jwt.SigningMethodHS256, key, nil, claims), database)
		require.ErrorIs(t, err, session.ErrInvalid, name)
		require.Zero(t, got, name)
	}
}

func TestForgedHeadersAreRejected(t *testing.T) {
	t.Parallel()
	i, _ := issuer(t, secret)
	key := signKey(t)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	der, err := x509.MarshalPKIXPublicKey(&rsaKey.PublicKey)
	require.NoError(t, err)
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})

	for name, token := range map[string]string{
		"alg none":                    sign(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil, validClaims()),
		"alg None in the header":      sign(t, jwt.SigningMethodHS256, key, map[string]any{"alg": "None"}, validClaims()),
		"HS384":                       sign(t, jwt.SigningMethodHS384, key, nil, validClaims()),
		"HS512":                       sign(t, jwt.SigningMethodHS512, key, nil, validClaims()),
		"RS256":                       sign(t, jwt.SigningMethodRS256, rsaKey, nil, validClaims()),
		"HS256 with a public RSA key": sign(t, jwt.SigningMethodHS256, public, nil, validClaims()),
		"alg RS256 over HS256":        sign(t, jwt.SigningMethodHS256, key, map[string]any{"alg": "RS256"}, validClaims()),
		"another key":                 sign(t, jwt.SigningMethodHS256, bytes.Repeat([]byte("k"), 32), nil, validClaims()),
		"an empty key":                sign(t, jwt.SigningMethodHS256, []byte{}, nil, validClaims()),
		"the secret itself":           sign(t, jwt.SigningMethodHS256, secret, nil, validClaims()),
		"typ JWT, as in PocketBase":   sign(t, jwt.SigningMethodHS256, key, map[string]any{"typ": "JWT"}, validClaims()),
		"no typ":                      sign(t, jwt.SigningMethodHS256, key, map[string]any{"typ": nil}, validClaims()),
		"typ as a list":               sign(t, jwt.SigningMethodHS256, key, map[string]any{"typ": []string{"user-db+jwt"}}, validClaims()),
	} {
		_, err := i.Verify(token, database)
		require.ErrorIs(t, err, session.ErrInvalid, name)
	}

	// The signature is removed, and the header is unchanged.
	parts := strings.Split(issue(t, i), ".")
	_, err = i.Verify(parts[0]+"."+parts[1]+".", database)
	require.ErrorIs(t, err, session.ErrInvalid)
}

func TestChangedTokensAreRejected(t *testing.T) {
	t.Parallel()
	i, _ := issuer(t, secret)
	token := issue(t, i)
	for at := range len(token) {
		for bit := range 8 {
			raw := []byte(token)
			raw[at] ^= 1 << bit
			_, err := i.Verify(string(raw), database)
			require.ErrorIs(t, err, session.ErrInvalid, "byte %d bit %d", at, bit)
		}
	}
	for n := range len(token) {
		_, err := i.Verify(token[:n], database)
		require.ErrorIs(t, err, session.ErrInvalid)
	}
	for _, text := range []string{
		"", ".", "..", "...", " " + token, token + " ", token + "\n", token + "=", token + ".", "Bearer " + token,
		strings.Replace(token, ".", ".\n", 1), strings.Repeat("a", 5<<10), strings.Repeat("a.", 3<<20), token + strings.Repeat("A", 1<<20),
	} {
		_, err := i.Verify(text, database)
		require.ErrorIs(t, err, session.ErrInvalid)
	}

	// The payload of one token has the header and signature of another.
	other, _, err := i.Issue("anotheruser0000", database, tokenKey)
	require.NoError(t, err)
	a, b := strings.Split(token, "."), strings.Split(other, ".")
	_, err = i.Verify(a[0]+"."+b[1]+"."+a[2], database)
	require.ErrorIs(t, err, session.ErrInvalid)
}

func TestTokensOfAnotherSecretAreRejected(t *testing.T) {
	t.Parallel()
	i, _ := issuer(t, secret)
	other, _ := issuer(t, bytes.Repeat([]byte("x"), 64))
	_, err := other.Verify(issue(t, i), database)
	require.ErrorIs(t, err, session.ErrInvalid)
}

func TestErrorsDoNotQuoteTheToken(t *testing.T) {
	t.Parallel()
	i, _ := issuer(t, secret)
	header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"hunter2","typ":"hunter2"}`))
	for _, text := range []string{"hunter2", "hunter2.hunter2.hunter2", header + ".e30.hunter2"} {
		_, err := i.Verify(text, database)
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "hunter2")
	}
}

// The link to a file, an export or a bundle contains a token for it only. Its audience is part of the link, so that people can
// change both.
func FuzzAudience(f *testing.F) {
	i, _ := issuer(f, secret)
	claims := validClaims()
	claims["aud"] = "files:" + database
	good := sign(f, jwt.SigningMethodHS256, signKey(f), nil, claims)
	for _, seed := range []string{"", database, "files:", "files:" + database, "FILES:" + database, "files:" + database + "\x00", "files: " + database} {
		f.Add(good, seed)
	}
	f.Fuzz(func(t *testing.T, token, audience string) {
		_, err := i.Verify(token, audience)
		if token == good && audience == claims["aud"] {
			require.NoError(t, err)
			return
		}
		require.Error(t, err)
	})
}

func FuzzVerify(f *testing.F) {
	i, _ := issuer(f, secret)
	// A token from Issue would differ in every fuzzing process.
	good := sign(f, jwt.SigningMethodHS256, signKey(f), nil, validClaims())
	parts := strings.Split(good, ".")
	for _, seed := range []string{"", "..", good, good + "\n", parts[0] + "." + parts[1] + ".", sign(f, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil, validClaims())} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		claims, err := i.Verify(token, database)
		if token == good {
			require.NoError(t, err)
			return
		}
		require.ErrorIs(t, err, session.ErrInvalid)
		require.Zero(t, claims)
	})
}
