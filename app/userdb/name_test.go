package userdb

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestUsername(t *testing.T) {
	for email, want := range map[string]string{
		"johndoe@example.com":              "johndoe",
		"John.Doe+tag@example.com":         "john.doetag",
		`"a@b"@example.com`:                "ab",
		"用户@example.com":                   "user",
		"...@example.com":                  "user",
		"a..b@example.com":                 "a.b",
		"../../etc/passwd@example.com":     "etcpasswd",
		"":                                 "user",
		"no-at-sign":                       "no-at-sign",
		strings.Repeat("a", 39) + ".b@x.y": strings.Repeat("a", 39),
	} {
		assert.Equal(t, want, username(email), email)
	}
}

func FuzzNamesStayInTheirFolder(f *testing.F) {
	for _, seed := range []string{"johndoe@example.com", "../..@x", "\x00@", "@@@", "İ@x.y", strings.Repeat("é", 300)} {
		f.Add(seed, 1)
	}
	f.Fuzz(func(t *testing.T, email string, seq int) {
		if seq < 1 || seq > 999_999_999 {
			return
		}
		name := formatName("2024-01-15", seq, username(email))
		require.True(t, ValidName(name), "%q", name)
		require.LessOrEqual(t, len(name), 80)
		require.Equal(t, name, filepath.Base(filepath.Join("/root/user_dbs", name)))
	})
}

func TestValidName(t *testing.T) {
	assert.True(t, ValidName("2024-01-15-001-johndoe"))
	assert.True(t, ValidName("2024-01-15-1000-a.b_c-d"))
	for _, bad := range []string{
		"", ".", "..", "2024-01-15-001-", "2024-01-15-01-a", "2024-1-15-001-a", "2024-01-15-001-A", "2024-01-15-001-a/b",
		"2024-01-15-001-a\n", "2024-01-15-001-.a", "2024-01-15-001-a.", "../2024-01-15-001-a", ".new-2024-01-15-001-a",
		"2024-01-15-001-" + strings.Repeat("a", 41),
	} {
		assert.False(t, ValidName(bad), "%q", bad)
	}
}
