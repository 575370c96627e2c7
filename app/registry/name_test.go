package registry_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
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
		assert.Equal(t, want, registry.UsernameFrom(email), email)
	}
}

func FuzzNameIsASinglePathElement(f *testing.F) {
	for _, seed := range []string{"johndoe@example.com", "../..@x", "\x00@", "@@@", "İ@x.y", strings.Repeat("é", 300)} {
		f.Add(seed, 1)
	}
	f.Fuzz(func(t *testing.T, email string, seq int) {
		if seq < 1 || seq > 999_999_999 {
			return
		}
		name := registry.FormatName("2024-01-15", seq, registry.UsernameFrom(email))
		require.True(t, registry.ValidName(name), "%q", name)
		require.LessOrEqual(t, len(name), 80)
		require.Equal(t, name, filepath.Base(filepath.Join("/root/user_dbs", name)))
	})
}

// Names also come from paths, archives and folders, before anything else is known about them.
func FuzzValidName(f *testing.F) {
	for _, seed := range []string{"2024-01-15-001-johndoe", "../2024-01-15-001-a", "2024-01-15-001-a/..", "2024-01-15-001-a\n", "2024-01-15-001-a..", "٢024-01-15-001-a", "2024-01-15-001-a\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if !registry.ValidName(name) {
			return
		}
		require.LessOrEqual(t, len(name), 80)
		require.Equal(t, "/root/user_dbs/"+name, filepath.Join("/root/user_dbs", name))
		require.NotContains(t, name, "/")
		require.Equal(t, strings.ToLower(name), name, "no two names may differ in case only")
	})
}

func TestValidName(t *testing.T) {
	assert.True(t, registry.ValidName("2024-01-15-001-johndoe"))
	assert.True(t, registry.ValidName("2024-01-15-1000-a.b_c-d"))
	for _, bad := range []string{
		"", ".", "..", "2024-01-15-001-", "2024-01-15-01-a", "2024-1-15-001-a", "2024-01-15-001-A", "2024-01-15-001-a/b",
		"2024-01-15-001-a\n", "2024-01-15-001-.a", "2024-01-15-001-a.", "../2024-01-15-001-a", ".new-2024-01-15-001-a",
		"2024-01-15-001-" + strings.Repeat("a", 41),
	} {
		assert.False(t, registry.ValidName(bad), "%q", bad)
	}
}
