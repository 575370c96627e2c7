package redact_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
)

func TestMessagesOfOtherServicesLoseSecrets(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"The video is too long.":                                       "The video is too long.",
		"token given-1 is not valid: given-1":                          "token [redacted] is not valid: [redacted]",
		"in base64: Z2l2ZW4tMQ==":                                      "in base64: [redacted]",
		"PUT https://up.example.com/a/b?X-Amz-Signature=abc&x=1 again": "PUT https://up.example.com/a/b?[redacted] again",
		"see https://up.example.com/a#token=abc.":                      "see https://up.example.com/a?[redacted]",
		"https://user:pw@host.example.com/x":                           "https://host.example.com/x",
		"https://user:pw@host.example.com/x?y=1":                       "https://host.example.com/x?[redacted]",
		"Authorization: Bearer abc.def-ghi_jkl":                        "Authorization: Bearer [redacted]",
		"-H 'authorization: basic YWJjZGVmZ2g='":                       "-H 'authorization: basic [redacted]'",
		"Basic plans are limited":                                      "Basic plans are limited",
		"with a Basic subscription. Bearer authentication":             "with a Basic subscription. Bearer authentication",
		`{"access_token":"abc","x":1}`:                                 `{"access_token":"[redacted]","x":1}`,
		"client_secret=abc&x=1":                                        "client_secret=[redacted]&x=1",
		"eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.sig":                      "[redacted]",
		"ATATT3xFfGF0abcdefgh=12":                                      "[redacted]",
		"no user has f2l_pat_0aZ%2e.":                                  "no user has [redacted].",
		"with Bearer f2l_pat_" + strings.Repeat("x", 49):               "with Bearer [redacted]",
	} {
		assert.Equal(t, want, redact.Message(text, "given-1", "", "x"), text)
	}
}
