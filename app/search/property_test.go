package search_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/search"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
)

// vocabulary is small, so that queries often match.
var vocabulary = []string{"plan", "planet", "budget", "café", "会", "議", "会議", "Größe", "محمد", "x1"}

func words(t *rapid.T, label string, most int) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(vocabulary), 1, most).Draw(t, label), " ")
}

// generated returns a recording with random words.
func generated(t *rapid.T, id int64) meeting {
	m := meeting{
		id: id, title: words(t, "title", 3), at: fmt.Sprintf("2026-01-%02d 09:00:00.000Z", rapid.IntRange(1, 28).Draw(t, "day")),
		summary: words(t, "summary", 4), host: fathom.Host{Name: rapid.SampledFrom([]string{"Ada", "Bob"}).Draw(t, "host")},
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "items") {
		speaker := rapid.SampledFrom([]string{"Ada", "Grace"}).Draw(t, "speaker")
		m.transcript = append(m.transcript, says(speaker, "", fmt.Sprintf("00:00:%02d", i), words(t, "text", 4)))
	}
	return m
}

// texts are the texts of a recording in which a phrase can match.
func (m meeting) texts() []string {
	texts := []string{m.title, m.summary, m.host.Name}
	speaker := ""
	for _, item := range m.transcript {
		texts = append(texts, item.Speaker.DisplayName)
	}
	for i, item := range m.transcript {
		if i == 0 || item.Speaker.DisplayName != speaker {
			texts = append(texts, "")
		}
		speaker = item.Speaker.DisplayName
		texts[len(texts)-1] += " " + item.Text
	}
	return texts
}

// contains is the plain scan for a phrase.
func contains(texts []string, phrase string, isPrefix bool) bool {
	wanted := " " + strings.Join(search.WordsOf(phrase), " ")
	if !isPrefix {
		wanted += " "
	}
	return slices.ContainsFunc(texts, func(text string) bool {
		return strings.Contains(" "+strings.Join(search.WordsOf(text), " ")+" ", wanted)
	})
}

// condition is a part of a query, and what it means for a plain scan.
type condition struct {
	query string
	holds func(m meeting) bool
}

func conditions(depth int) *rapid.Generator[condition] {
	return rapid.Custom(func(t *rapid.T) condition {
		kind := rapid.IntRange(0, 6).Draw(t, "kind")
		if depth == 0 {
			kind = min(kind, 2)
		}
		switch kind {
		case 0:
			phrase, isPrefix := words(t, "phrase", 2), rapid.Bool().Draw(t, "prefix")
			query := `"` + phrase + `"`
			if isPrefix {
				query += "*"
			}
			return condition{query, func(m meeting) bool { return contains(m.texts(), phrase, isPrefix) }}
		case 1, 2:
			if kind == 1 {
				word := rapid.SampledFrom(vocabulary).Draw(t, "word")
				return condition{word, func(m meeting) bool { return contains(m.texts(), word, false) }}
			}
			name := rapid.SampledFrom([]string{"ada", "bob", "grace"}).Draw(t, "from")
			return condition{"from:" + name, func(m meeting) bool {
				people := []string{m.host.Name}
				for _, item := range m.transcript {
					people = append(people, item.Speaker.DisplayName)
				}
				return contains(people, name, false)
			}}
		case 3:
			part := conditions(depth-1).Draw(t, "not")
			return condition{"NOT (" + part.query + ")", func(m meeting) bool { return !part.holds(m) }}
		}
		a, b := conditions(depth-1).Draw(t, "left"), conditions(depth-1).Draw(t, "right")
		if kind == 4 {
			return condition{"(" + a.query + " OR " + b.query + ")", func(m meeting) bool { return a.holds(m) || b.holds(m) }}
		}
		return condition{"(" + a.query + " " + b.query + ")", func(m meeting) bool { return a.holds(m) && b.holds(m) }}
	})
}

// After any mix of changes, restarts, kills, restored copies and damage, the index finds what a plain scan of the recordings finds.
func TestIndexFindsWhatAPlainScanFinds(t *testing.T) {
	h := newHarness(t)
	testseed.Check(t, func(r *rapid.T) {
		stored := map[int64]meeting{}
		for _, record := range h.all() {
			h.delete(record)
		}
		var saved []byte // an earlier data.db
		var savedMeetings map[int64]meeting
		clone := func(from map[int64]meeting) map[int64]meeting {
			to := map[int64]meeting{}
			for id, m := range from {
				to[id] = m
			}
			return to
		}
		r.Repeat(map[string]func(*rapid.T){
			"save": func(r *rapid.T) {
				m := generated(r, rapid.Int64Range(1, 5).Draw(r, "id"))
				if m.transcript == nil {
					m.transcript = stored[m.id].transcript // a sync without transcripts keeps them
				}
				h.save(m)
				stored[m.id] = m
			},
			"delete": func(r *rapid.T) {
				if id := rapid.Int64Range(1, 5).Draw(r, "id"); stored[id].id != 0 {
					h.delete(id)
					delete(stored, id)
				}
			},
			"step": func(r *rapid.T) {
				_, _ = h.search.Step(t.Context(), h.db.Database) // may find damage
			},
			"kill": func(r *rapid.T) {
				if rapid.IntRange(0, 3).Draw(r, "whether") != 0 {
					return
				}
				before := readDatabase(t, h.dir(), sqlite.DataFile)
				_, _ = h.search.Step(t.Context(), h.db.Database)
				after := readDatabase(t, h.dir(), sqlite.DataFile)
				index := readDatabase(t, h.dir(), sqlite.SearchFile)
				h.restart(func(dir string) {
					if rapid.Bool().Draw(r, "between") { // the index has changed, and data.db hasn't
						after = before
					}
					writeDatabase(t, dir, sqlite.DataFile, after)
					writeDatabase(t, dir, sqlite.SearchFile, index)
				})
			},
			"restart": func(r *rapid.T) {
				if rapid.IntRange(0, 3).Draw(r, "whether") == 0 {
					h.restart(nil)
				}
			},
			"copy": func(r *rapid.T) {
				if rapid.IntRange(0, 5).Draw(r, "whether") == 0 {
					h.restart(func(dir string) { saved, savedMeetings = readFile(t, dir), clone(stored) })
				}
			},
			"restore": func(r *rapid.T) {
				if saved == nil || rapid.IntRange(0, 5).Draw(r, "whether") != 0 {
					return
				}
				h.restart(func(dir string) { replaceData(t, dir, saved) })
				stored = clone(savedMeetings)
			},
			"damage": func(r *rapid.T) {
				if rapid.IntRange(0, 5).Draw(r, "whether") != 0 {
					return
				}
				offset, length := rapid.IntRange(0, 12).Draw(r, "page"), rapid.IntRange(1, 12).Draw(r, "pages")
				h.restart(func(dir string) { damagePages(t, filepath.Join(dir, sqlite.SearchFile), offset, length) })
				h.query("budget") // finds out, or makes the background check the file
				_ = h.search.Work(t.Context(), h.db.Database)
			},
			"": func(r *rapid.T) {
				if rapid.IntRange(0, 2).Draw(r, "whether") != 0 {
					return
				}
				part := conditions(2).Draw(r, "query")
				want := []int64{}
				for id, m := range stored {
					if part.holds(m) {
						want = append(want, id)
					}
				}
				var got []int64
				h.work()
				result := h.query(part.query)
				for _, item := range result.Items {
					got = append(got, item.RecordingID)
				}
				require.True(r, result.Complete)
				require.ElementsMatch(r, want, got, part.query)
			},
		})
	})
}

// all returns the ids of all recordings.
func (h *harness) all() (ids []int64) {
	h.t.Helper()
	require.NoError(h.t, h.db.App.ConcurrentDB().Select("recording_id").From("meetings").Column(&ids))
	return ids
}

// readDatabase reads the files of an open database as a kill would leave them. Nobody may write meanwhile.
func readDatabase(t testing.TB, dir, name string) (files [2][]byte) {
	t.Helper()
	for i, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(filepath.Join(dir, name+suffix))
		if !errors.Is(err, fs.ErrNotExist) {
			require.NoError(t, err)
		}
		files[i] = content
	}
	return files
}

// writeDatabase replaces the files of a closed database.
func writeDatabase(t testing.TB, dir, name string, files [2][]byte) {
	t.Helper()
	require.NoError(t, os.RemoveAll(filepath.Join(dir, name+"-shm")))
	for i, suffix := range []string{"", "-wal"} {
		path := filepath.Join(dir, name+suffix)
		require.NoError(t, os.RemoveAll(path))
		if files[i] != nil {
			require.NoError(t, os.WriteFile(path, files[i], 0o600))
		}
	}
}

// damagePages overwrites pages of a closed file, if there is one.
func damagePages(t testing.TB, path string, first, pages int) {
	t.Helper()
	const pageSize = 4096
	if _, err := os.Stat(path); err != nil {
		return
	}
	if sqlite.Checkpoint(t.Context(), path) != nil {
		return // it is damaged already
	}
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	for at := first * pageSize; at < min((first+pages)*pageSize, len(content)); at++ {
		content[at] = 'x'
	}
	require.NoError(t, os.WriteFile(path, content, 0o600))
}
