package filename_test

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/filename"
)

var start = time.Date(2026, 3, 4, 1, 30, 0, 0, time.UTC)

// name names a recording with a template, which must be valid.
func name(t testing.TB, template string, r filename.Recording, zone *time.Location, ext string) string {
	parsed, err := filename.Parse(template)
	require.NoError(t, err)
	return parsed.Name(r, zone, ext)
}

func TestNamesAreSafeAndReadable(t *testing.T) {
	for _, c := range []struct{ title, ext, want string }{
		{"Weekly sync", ".mp4", "Weekly sync 2026-03-04.mp4"},
		{"Weekly sync", "MP4", "Weekly sync 2026-03-04.mp4"},
		{"Weekly sync 2026-03-04", ".mp4", "Weekly sync 2026-03-04.mp4"},
		{"Weekly sync.mp4", ".mp4", "Weekly sync 2026-03-04.mp4"},
		{"Weekly sync", "", "Weekly sync 2026-03-04"},
		{"Weekly sync", "../x", "Weekly sync 2026-03-04"},
		{"  Q1/Q2:  \"plan\" <a|b>?* ", ".mp4", "Q1 Q2 plan a b 2026-03-04.mp4"},
		{"../../etc/passwd", ".mp4", "etc passwd 2026-03-04.mp4"},
		{"-rf", ".mp4", "rf 2026-03-04.mp4"},
		{"...hidden", ".mp4", "hidden 2026-03-04.mp4"},
		{"dots...", ".mp4", "dots 2026-03-04.mp4"},
		{"a\x00b\tc\nd\u202eexe", ".mp4", "ab c dexe 2026-03-04.mp4"},
		{"Réunion — 週次 ☕", ".webm", "Réunion — 週次 ☕ 2026-03-04.webm"},
		{"Re\u0301union", ".mp4", "R\u00e9union 2026-03-04.mp4"},
		{"bad \xff utf8", ".mp4", "bad utf8 2026-03-04.mp4"},
		{"", ".mp4", "Meeting 2026-03-04.mp4"},
		{" ./. ", ".mp4", "Meeting 2026-03-04.mp4"},
		{"\u200d\u200c", ".mp4", "Meeting 2026-03-04.mp4"},
		{"LPT1.notes", ".mp4", "Meeting LPT1.notes 2026-03-04.mp4"},
		{"{date} {nothing}", ".mp4", "{date} {nothing} 2026-03-04.mp4"},
	} {
		assert.Equal(t, c.want, name(t, "{title} {date}", filename.Recording{Title: c.title, Start: start}, time.UTC, c.ext), "%q", c.title)
	}
	for title, want := range map[string]string{"": "Meeting.mp4", "aux": "Meeting aux.mp4", "con": "Meeting con.mp4", "Console": "Console.mp4", "2026-03-04": "2026-03-04.mp4"} {
		assert.Equal(t, want, name(t, "{title}", filename.Recording{Title: title}, time.UTC, "mp4"), "%q", title)
	}
}

func TestTemplates(t *testing.T) {
	r := filename.Recording{ID: 1001, Title: "Weekly sync", Type: "Stand-up", Host: "Ada", Start: start}
	losAngeles, err := time.LoadLocation("America/Los_Angeles")
	require.NoError(t, err)
	for template, want := range map[string]string{
		filename.Default:                "2026-03-03 17.30 Weekly sync.mp4",
		"{title}":                       "Weekly sync.mp4",
		"{id}":                          "1001.mp4",
		"{date}T{time}":                 "2026-03-03T17.30.mp4",
		"{type}/{host}: {title} ({id})": "Stand-up Ada Weekly sync (1001).mp4",
		"Team – {title} {title}":        "Team – Weekly sync Weekly sync.mp4",
		"  {date}   {title} .":          "2026-03-03 Weekly sync.mp4",
		"週次 {date} {time} {title} {title}…": "週次 2026-03-03 17.30 Weekly sync Weekly sync….mp4",
	} {
		assert.Equal(t, want, name(t, template, r, losAngeles, ".mp4"), template)
	}
	assert.Equal(t, "2026-03-04 01.30 Weekly sync.mp4", filename.Template{}.Name(r, time.UTC, ".mp4"), "the zero template")
	assert.Equal(t, "Weekly sync.mp4", filename.Template{}.Name(filename.Recording{Title: "Weekly sync"}, time.UTC, ".mp4"), "unknown date")
}

func TestInvalidTemplates(t *testing.T) {
	for template, want := range map[string]string{
		"":                                   "needs {title}",
		"{date}":                             "needs {title}",
		"{type} {host}":                      "needs {title}",
		"{title} {clock}":                    "{clock} is not a placeholder",
		"{title} {":                          "{ is not a placeholder",
		"{title} {Date}":                     "{Date} is not a placeholder",
		"{title}" + strings.Repeat("x", 300): "can have 200 characters",
	} {
		_, err := filename.Parse(template)
		var invalid *filename.TemplateError
		require.ErrorAs(t, err, &invalid, template)
		assert.Contains(t, invalid.Message, want)
	}
}

func TestLongTitlesLeaveRoomForEverythingElse(t *testing.T) {
	for _, title := range []string{strings.Repeat("長い会議 ", 60), strings.Repeat("x", 500), strings.Repeat("é́́́ ", 200)} {
		got := name(t, "{title} {date} {time} {id}", filename.Recording{ID: 77, Title: title, Start: start}, time.UTC, ".mp4")
		assert.LessOrEqual(t, len(got), 180)
		assert.True(t, utf8.ValidString(got))
		assert.True(t, strings.HasSuffix(got, " 2026-03-04 01.30 77.mp4"), got)
		assert.Greater(t, len(got), 150, "the title uses the room that is left")
	}
}

func TestUnique(t *testing.T) {
	taken := map[string]bool{}
	var got []string
	for _, wanted := range []string{"Sync.mp4", "Sync.mp4", "SYNC.mp4", "Sync (2).mp4", "Straße.mp4", "STRASSE.mp4", "Re\u0301union", "R\u00e9union", "14.30 Sync", "14.30 Sync"} {
		unique := filename.Unique(wanted, func(folded string) bool { return taken[folded] })
		taken[filename.Fold(unique)] = true
		got = append(got, unique)
	}
	assert.Equal(t, []string{
		"Sync.mp4", "Sync (2).mp4", "SYNC (3).mp4", "Sync (2) (2).mp4", "Straße.mp4", "STRASSE (2).mp4", "Re\u0301union", "R\u00e9union (2)", "14.30 Sync", "14.30 Sync (2)",
	}, got)
}

func FuzzName(f *testing.F) {
	for _, seed := range []string{"Weekly sync", "", "CON." + strings.Repeat("x", 200), "a/b\\c", "\xff\xfe", "é́́́", strings.Repeat("🙂", 60), "x.mp4.mp4", "2026-03-04", " . -", "{title}"} {
		f.Add(seed, ".mp4", filename.Default, true)
		f.Add(seed, "", "{type}{title}"+seed, false)
	}
	f.Fuzz(func(t *testing.T, title, ext, template string, dated bool) {
		parsed, err := filename.Parse(template)
		if err != nil {
			return
		}
		r := filename.Recording{ID: 5, Title: title, Type: title, Host: template}
		if dated {
			r.Start = start
		}
		got := parsed.Name(r, time.UTC, ext)
		assert.NotEmpty(t, got)
		assert.LessOrEqual(t, len(got), 180)
		assert.True(t, utf8.ValidString(got))
		assert.False(t, strings.ContainsAny(got, `/\:*?"<>|`), got)
		assert.False(t, strings.ContainsFunc(got, unicode.IsControl), got)
		assert.False(t, strings.HasPrefix(got, ".") || strings.HasPrefix(got, "-"), got)
		assert.Equal(t, strings.TrimRight(got, ". "), got)
		assert.NotContains(t, got, "  ")
	})
}
