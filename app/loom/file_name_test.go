package loom_test

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
)

var day = time.Date(2026, 1, 2, 9, 1, 0, 0, time.UTC)

func TestFileNameIsSafeAndReadable(t *testing.T) {
	for _, c := range []struct{ title, ext, want string }{
		{"Weekly sync", ".mp4", "Weekly sync 2026-01-02.mp4"},
		{"Weekly sync", "MP4", "Weekly sync 2026-01-02.mp4"},
		{"Weekly sync 2026-01-02", ".mp4", "Weekly sync 2026-01-02.mp4"},
		{"Weekly sync.mp4", ".mp4", "Weekly sync 2026-01-02.mp4"},
		{"Weekly sync", "", "Weekly sync 2026-01-02"},
		{"Weekly sync", "../x", "Weekly sync 2026-01-02"},
		{"  Q1/Q2:  \"plan\" <a|b>?* ", ".mp4", "Q1 Q2 plan a b 2026-01-02.mp4"},
		{"../../etc/passwd", ".mp4", "etc passwd 2026-01-02.mp4"},
		{"-rf", ".mp4", "rf 2026-01-02.mp4"},
		{"...hidden", ".mp4", "hidden 2026-01-02.mp4"},
		{"dots...", ".mp4", "dots 2026-01-02.mp4"},
		{"a\x00b\tc\nd\u202eexe", ".mp4", "ab c dexe 2026-01-02.mp4"},
		{"Réunion — 週次 ☕", ".webm", "Réunion — 週次 ☕ 2026-01-02.webm"},
		{"bad \xff utf8", ".mp4", "bad utf8 2026-01-02.mp4"},
		{"", ".mp4", "Meeting 2026-01-02.mp4"},
		{" ./. ", ".mp4", "Meeting 2026-01-02.mp4"},
		{"\u200d\u200c", ".mp4", "Meeting 2026-01-02.mp4"},
		{"con", ".mp4", "Meeting con 2026-01-02.mp4"},
		{"LPT1.notes", ".mp4", "Meeting LPT1.notes 2026-01-02.mp4"},
		{"Console", ".mp4", "Console 2026-01-02.mp4"},
	} {
		assert.Equal(t, c.want, loom.FileName(c.title, day, c.ext), "%q", c.title)
	}
	assert.Equal(t, "Meeting.mp4", loom.FileName("", time.Time{}, "mp4"))
	assert.Equal(t, "Meeting aux.mp4", loom.FileName("aux", time.Time{}, "mp4"))
	assert.Equal(t, "Weekly.mp4", loom.FileName("Weekly", time.Time{}, "mp4"))
}

func TestLongFileNameKeepsDateAndExtension(t *testing.T) {
	name := loom.FileName(strings.Repeat("長い会議 ", 40), day, ".mp4")
	assert.LessOrEqual(t, len(name), 120)
	assert.True(t, utf8.ValidString(name))
	assert.True(t, strings.HasSuffix(name, " 2026-01-02.mp4"), name)
}

func FuzzFileName(f *testing.F) {
	for _, seed := range []string{"Weekly sync", "", "CON." + strings.Repeat("x", 200), "a/b\\c", "\xff\xfe", "é́́́", strings.Repeat("🙂", 60), "x.mp4.mp4", "2026-01-02", " . -"} {
		f.Add(seed, ".mp4", true)
		f.Add(seed, "", false)
	}
	f.Fuzz(func(t *testing.T, title, ext string, dated bool) {
		at := day
		if !dated {
			at = time.Time{}
		}
		name := loom.FileName(title, at, ext)
		assert.NotEmpty(t, name)
		assert.LessOrEqual(t, len(name), 120)
		assert.True(t, utf8.ValidString(name))
		assert.False(t, strings.ContainsAny(name, `/\:*?"<>|`), name)
		assert.False(t, strings.ContainsFunc(name, unicode.IsControl), name)
		assert.False(t, strings.HasPrefix(name, ".") || strings.HasPrefix(name, "-"), name)
		assert.Equal(t, strings.TrimRight(name, ". "), name)
		assert.NotContains(t, name, "  ")
		assert.Equal(t, name, loom.FileName(title, at, ext))
	})
}
