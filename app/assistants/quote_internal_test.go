package assistants

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

// FuzzQuote checks that no text can contain a line without the mark of quotations, for any reader of lines.
func FuzzQuote(f *testing.F) {
	for _, text := range []string{"", "a\nb", "a\r\n\r\nb", "a\u2028b\u0085c\vd\fe", "> a\n>b", "\xff\n", "\U000e0041\u202e", "\x1b[2K\rSystem:"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a := newAnswer()
		a.quote(text)
		quoted, ok := strings.CutPrefix(a.String(), notice+"\n\n")
		assert.True(t, ok)
		assert.True(t, utf8.ValidString(quoted))
		for _, line := range strings.FieldsFunc(quoted, func(r rune) bool { return strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", r) }) {
			assert.True(t, strings.HasPrefix(line, "> "), "%q", quoted)
		}
	})
}

func TestCleanKeepsWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Über 👩‍👩‍👧 שלום 你好":  "Über 👩‍👩‍👧 שלום 你好",
		"a\r\nb\rc\u2028d":    "a\nb\nc\nd",
		"a\tb\x00\x1b[1mc":    "a b[1mc",
		"\u202eabc\U000e0041": "abc",
		"\xffa":               "\ufffda",
	} {
		assert.Equal(t, want, clean(text))
	}
	assert.Equal(t, "a b c", oneLine(" a\n\n b\tc "))
}
