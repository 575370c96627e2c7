package standardwebhooks_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/standardwebhooks"
)

// vector is the example of the specification.
const (
	vectorSecret    = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	vectorID        = "msg_p5jXN8AQM9LWM0D4loKWxJek"
	vectorBody      = `{"test": 2432232314}`
	vectorSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
)

var vectorTime = time.Unix(1614265330, 0)

func parse(t *testing.T, text string) standardwebhooks.Secret {
	t.Helper()
	secret, err := standardwebhooks.ParseSecret(text)
	require.NoError(t, err)
	return secret
}

func TestSignatureOfTheSpecification(t *testing.T) {
	header := standardwebhooks.Sign(parse(t, vectorSecret), vectorID, vectorTime, []byte(vectorBody))
	assert.Equal(t, vectorSignature, header.Get("webhook-signature"))
	assert.Equal(t, vectorID, header.Get("webhook-id"))
	assert.Equal(t, "1614265330", header.Get("webhook-timestamp"))
}

func TestVerify(t *testing.T) {
	other := standardwebhooks.Prefix + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 32)))
	headers := func(id, timestamp, signature string) http.Header {
		return http.Header{"Webhook-Id": {id}, "Webhook-Timestamp": {timestamp}, "Webhook-Signature": {signature}}
	}
	at := strconv.FormatInt(vectorTime.Unix(), 10)
	svix := http.Header{"Svix-Id": {vectorID}, "Svix-Timestamp": {at}, "Svix-Signature": {vectorSignature}}
	for name, test := range map[string]struct {
		header  http.Header
		body    string
		age     time.Duration
		secrets []string
		want    error
	}{
		"valid":                   {headers(vectorID, at, vectorSignature), vectorBody, 0, []string{vectorSecret}, nil},
		"one of several":          {headers(vectorID, at, "v1a,x v1,AAAA "+vectorSignature), vectorBody, 0, []string{other, vectorSecret}, nil},
		"svix names":              {svix, vectorBody, 0, []string{vectorSecret}, nil},
		"five minutes old":        {headers(vectorID, at, vectorSignature), vectorBody, 5 * time.Minute, []string{vectorSecret}, nil},
		"six minutes old":         {headers(vectorID, at, vectorSignature), vectorBody, 6 * time.Minute, []string{vectorSecret}, standardwebhooks.ErrTimestamp},
		"from the future":         {headers(vectorID, at, vectorSignature), vectorBody, -6 * time.Minute, []string{vectorSecret}, standardwebhooks.ErrTimestamp},
		"another body":            {headers(vectorID, at, vectorSignature), vectorBody + " ", 0, []string{vectorSecret}, standardwebhooks.ErrSignature},
		"another id":              {headers("msg_x", at, vectorSignature), vectorBody, 0, []string{vectorSecret}, standardwebhooks.ErrSignature},
		"another secret":          {headers(vectorID, at, vectorSignature), vectorBody, 0, []string{other}, standardwebhooks.ErrSignature},
		"no secret":               {headers(vectorID, at, vectorSignature), vectorBody, 0, nil, standardwebhooks.ErrSignature},
		"no headers":              {http.Header{}, vectorBody, 0, []string{vectorSecret}, standardwebhooks.ErrHeaders},
		"malformed time":          {headers(vectorID, "1e9", vectorSignature), vectorBody, 0, []string{vectorSecret}, standardwebhooks.ErrHeaders},
		"another version":         {headers(vectorID, at, "v2"+vectorSignature[2:]), vectorBody, 0, []string{vectorSecret}, standardwebhooks.ErrSignature},
		"too many signatures":     {headers(vectorID, at, strings.Repeat("v1,AAAA ", 10)+vectorSignature), vectorBody, 0, []string{vectorSecret}, standardwebhooks.ErrSignature},
		"base64 without the rest": {headers(vectorID, at, vectorSignature[:20]), vectorBody, 0, []string{vectorSecret}, standardwebhooks.ErrSignature},
	} {
		t.Run(name, func(t *testing.T) {
			var secrets []standardwebhooks.Secret
			for _, text := range test.secrets {
				secrets = append(secrets, parse(t, text))
			}
			id, err := standardwebhooks.Verify(secrets, test.header, []byte(test.body), vectorTime.Add(test.age))
			assert.ErrorIs(t, err, test.want)
			if test.want == nil {
				assert.Equal(t, vectorID, id)
			} else {
				assert.Empty(t, id)
			}
		})
	}
}

func TestEmptySecretMatchesNothing(t *testing.T) {
	var empty standardwebhooks.Secret
	header := standardwebhooks.Sign(empty, "msg", vectorTime, []byte("{}"))
	_, err := standardwebhooks.Verify([]standardwebhooks.Secret{empty}, header, []byte("{}"), vectorTime)
	assert.ErrorIs(t, err, standardwebhooks.ErrSignature)
}

func TestParseSecretRefusesWeakAndMalformedSecrets(t *testing.T) {
	encode := func(bytes int) string {
		return standardwebhooks.Prefix + base64.StdEncoding.EncodeToString(make([]byte, bytes))
	}
	for _, text := range []string{"", "whsec_", encode(23), encode(65), encode(32)[len("whsec_"):], "whsec_!!!!" + strings.Repeat("a", 40)} {
		_, err := standardwebhooks.ParseSecret(text)
		assert.ErrorIs(t, err, standardwebhooks.ErrSecret, text)
	}
	assert.NotContains(t, fmt.Sprintf("%v %+v %#v %s", parse(t, vectorSecret), parse(t, vectorSecret), parse(t, vectorSecret), parse(t, vectorSecret)), "49")
}
