package tokens

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
)

// scanned is the pattern that docs/api.md recommends for scanners.
var scanned = regexp.MustCompile(`\bf2l_pat_[0-9A-Za-z]{49}\b`)

func TestNewTokensHaveTheDocumentedFormat(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		secret, err := newSecret()
		require.NoError(t, err)
		text := secret.Reveal()
		assert.Equal(t, text, scanned.FindString("token: "+text+"."))
		_, ok := parse(text)
		assert.True(t, ok, text)
		assert.False(t, seen[text])
		seen[text] = true
	}
}

// The format is a contract with scanners and with tokens that exist.
func TestChecksumIsStable(t *testing.T) {
	t.Parallel()
	text := Prefix + strings.Repeat("0", randomLength)
	assert.Equal(t, "0lBsmX", checksum(text))
	h, ok := parse(text + checksum(text))
	require.True(t, ok)
	assert.Equal(t, "2275786220cb183240d0bab5835ddd7b286ee7820e0c1a00cb0b18e71ff9e1d9", h.String())
}

func TestEveryChangedCharacterIsNoticed(t *testing.T) {
	t.Parallel()
	secret, err := newSecret()
	require.NoError(t, err)
	text := secret.Reveal()
	for i := range text {
		for _, c := range []byte("0aZ_- \x00\xff") {
			if text[i] == c {
				continue
			}
			_, ok := parse(text[:i] + string(c) + text[i+1:])
			assert.False(t, ok, "character %d replaced by %q", i, c)
		}
		_, ok := parse(text[:i] + text[i+1:])
		assert.False(t, ok, "character %d removed", i)
		_, ok = parse(text[:i])
		assert.False(t, ok, "truncated to %d", i)
	}
	for _, changed := range []string{text + "0", text + "\n", " " + text, strings.ToUpper(text), strings.ToLower(text), text + text} {
		_, ok := parse(changed)
		assert.False(t, ok, changed)
	}
}

func TestTokensAreRedacted(t *testing.T) {
	t.Parallel()
	secret, err := newSecret()
	require.NoError(t, err)
	for _, printed := range []string{fmt.Sprint(secret), fmt.Sprintf("%+v %#v %d %q", secret, secret, secret, secret)} {
		assert.NotContains(t, printed, secret.text[len(Prefix):])
		assert.Contains(t, printed, redact.Text)
	}
	for _, message := range []string{"invalid token " + secret.text, `{"token":"` + secret.text[:20] + `"}`, "x" + secret.text + "y"} {
		assert.NotContains(t, redact.Message(message), secret.text[len(Prefix):20])
		assert.NotContains(t, redact.Path("/api/"+message), secret.text[len(Prefix):20])
	}
}

func FuzzParse(f *testing.F) {
	secret, err := newSecret()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(secret.text)
	f.Add(Prefix)
	f.Add(secret.text[:tokenLength-1] + "!")
	f.Add(strings.Repeat("f2l_pat_", 100))
	f.Fuzz(func(t *testing.T, text string) {
		_, ok := parse(text)
		if !ok {
			return
		}
		if !scanned.MatchString(text) || len(text) != tokenLength || checksum(text[:tokenLength-checksumLength]) != text[tokenLength-checksumLength:] {
			t.Fatalf("accepted %q", text)
		}
		if message := redact.Message(text); message != redact.Text {
			t.Fatalf("shows %q", message)
		}
	})
}
