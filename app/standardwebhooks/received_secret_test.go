package standardwebhooks_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/standardwebhooks"
)

func TestSecretOfAnotherServiceMayBeShorter(t *testing.T) {
	const id, body = "msg_1", `{"recording_id":1001}`
	const signature = "v1,hpZpwkEPpsRnG1cAiJkyPjTmL6oFBkU6jPN5kIMRPD8=" // of Fathom's own helper
	at := time.Unix(1767225600, 0)
	for _, text := range []string{"whsec_AAECAwQFBgcICQoLDA0ODxAR", "AAECAwQFBgcICQoLDA0ODxAR"} {
		secret, err := standardwebhooks.ParseReceivedSecret(text)
		require.NoError(t, err)
		header := standardwebhooks.Sign(secret, id, at, []byte(body))
		assert.Equal(t, signature, header.Get("webhook-signature"))
		got, err := standardwebhooks.Verify([]standardwebhooks.Secret{secret}, header, []byte(body), at)
		require.NoError(t, err)
		assert.Equal(t, id, got)
	}
	for _, text := range []string{
		"", "whsec_", "whsec_!", "whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 15)),
		"whsec_" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 65))),
	} {
		_, err := standardwebhooks.ParseReceivedSecret(text)
		assert.ErrorIs(t, err, standardwebhooks.ErrSecret, text)
	}
}
