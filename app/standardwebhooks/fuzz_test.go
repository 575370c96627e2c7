package standardwebhooks_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/standardwebhooks"
)

// Only the exact message that was signed is accepted, within the tolerance of its time.
func FuzzVerify(f *testing.F) {
	secret, err := standardwebhooks.ParseSecret(vectorSecret)
	require.NoError(f, err)
	at := time.Unix(1614265330, 0)
	f.Add(vectorID, "1614265330", vectorSignature, []byte(vectorBody))
	f.Add(vectorID, "1614265330", "v1,AAAA "+vectorSignature, []byte(vectorBody))
	f.Add(vectorID, "+1614265330", vectorSignature, []byte(vectorBody))
	f.Add(vectorID+".1614265330", "", vectorSignature, []byte(vectorBody))
	f.Add("", "1614265330", "v1,", []byte(nil))
	f.Add(vectorID, "99999999999999999999", "v1a,"+vectorSignature, []byte("{}"))
	f.Fuzz(func(t *testing.T, id, timestamp, signature string, body []byte) {
		header := http.Header{"Webhook-Id": {id}, "Webhook-Timestamp": {timestamp}, "Webhook-Signature": {signature}}
		got, err := standardwebhooks.Verify([]standardwebhooks.Secret{secret}, header, body, at)
		if err == nil {
			require.Equal(t, vectorID, id)
			require.Equal(t, vectorID, got)
			require.Equal(t, "1614265330", timestamp)
			require.Equal(t, vectorBody, string(body))
			return
		}
		require.Empty(t, got)
		_, err = standardwebhooks.Verify(nil, header, body, at)
		require.Error(t, err, "without a secret, nothing is accepted")
	})
}

func FuzzParseSecret(f *testing.F) {
	for _, seed := range []string{"", "whsec_", vectorSecret, vectorSecret[6:], vectorSecret + "=", " " + vectorSecret, "whsec_!"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, parse := range []func(string) (standardwebhooks.Secret, error){standardwebhooks.ParseSecret, standardwebhooks.ParseReceivedSecret} {
			secret, err := parse(text)
			if err != nil {
				require.ErrorIs(t, err, standardwebhooks.ErrSecret)
				continue
			}
			require.Equal(t, "[redacted]", secret.String())
			header := standardwebhooks.Sign(secret, "msg_1", time.Unix(1, 0), nil)
			_, err = standardwebhooks.Verify([]standardwebhooks.Secret{secret}, header, nil, time.Unix(1, 0))
			require.NoError(t, err)
		}
	})
}
