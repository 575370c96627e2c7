package standardwebhooks

import (
	"encoding/base64"
	"strings"
)

// minReceived is how many bytes a secret must have that the sender has chosen. Fathom's examples have 18.
const minReceived = 16

// ParseReceivedSecret reads the text of a secret that the sender of webhooks has chosen, with or without Prefix. It
// returns ErrSecret if the text is malformed or the secret too short to protect anything.
func ParseReceivedSecret(text string) (Secret, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(text, Prefix))
	if err != nil || len(key) < minReceived || len(key) > MaxSecret {
		return Secret{}, ErrSecret
	}
	return Secret{key}, nil
}
