package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/search"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

var transcripts = flag.Int("transcripts", 20_000, "the largest library that BenchmarkSearch fills")

// Transcripts of these benchmarks are half an hour long, at 150 words a minute.
const (
	spokenItems  = 300
	wordsPerItem = 15
)

// library is a user database with transcripts in an invented language whose words are as frequent as those of a real one.
type library struct {
	search *search.Service
	db     *userdb.Handle
	random *rand.Rand
	common *rand.Zipf
	text   int64 // bytes of the transcripts
}

func openLibrary(b *testing.B, recordings int) *library {
	keys, err := vault.New(bytes.Repeat([]byte("k"), vault.KeySize))
	require.NoError(b, err)
	global := dbtest.NewGlobal(b)
	databases := userdb.New(userdb.Config{App: global, Dir: filepath.Join(b.TempDir(), "user_dbs"), Vault: keys})
	random := rand.New(rand.NewPCG(1, 2))
	l := &library{
		search: search.New(search.Config{Databases: databases, Timeout: time.Hour}), // so that the first search indexes everything
		random: random, common: rand.NewZipf(random, 1.1, 5, 30_000),
	}
	require.NoError(b, databases.Start(context.Background()))
	b.Cleanup(func() { require.NoError(b, databases.Stop(context.Background())) })
	entry, err := databases.Provision(b.Context(), dbtest.NewUser(b, global, "ada@example.com"))
	require.NoError(b, err)
	l.db, err = databases.Acquire(b.Context(), entry.Name)
	require.NoError(b, err)
	b.Cleanup(l.db.Release)
	for id := range recordings {
		l.save(b, int64(id+1))
	}
	return l
}

// word returns a random word; those with low numbers are frequent.
func word(n uint64) string {
	const syllables = "kalomirenutasobedifugahepijowyxezu"
	text := ""
	for n += 17; n > 0; n /= 17 {
		at := n % 17 * 2
		text += syllables[at : at+2]
	}
	return text
}

func (l *library) words(count int) string {
	words := make([]string, count)
	for i := range words {
		words[i] = word(l.common.Uint64())
	}
	return strings.Join(words, " ")
}

// save stores a meeting with its transcript.
func (l *library) save(b *testing.B, id int64) {
	meeting := core.NewRecord(l.collection(b, schema.Meetings))
	meeting.Set("recording_id", id)
	meeting.Set("title", l.words(4))
	meeting.Set("recorded_at", time.Date(2024, 1, 1, 9, 0, 0, 0, time.UTC).Add(time.Duration(id)*time.Hour))
	meeting.Set("recorded_by", fathom.Host{Name: "Ada Lovelace", Email: "ada@example.com"})
	meeting.Set("summary", l.words(200))
	require.NoError(b, l.db.App.Save(meeting))
	require.NoError(b, l.db.App.Save(l.newTranscript(b, id, meeting.Id)))
}

func (l *library) newTranscript(b *testing.B, id int64, meeting string) *core.Record {
	items := make([]fathom.TranscriptItem, spokenItems)
	for i := range items {
		at := i * 6
		items[i] = fathom.TranscriptItem{
			Speaker: fathom.Speaker{DisplayName: fmt.Sprintf("Speaker %d", l.random.IntN(4))}, Text: l.words(wordsPerItem),
			Timestamp: fmt.Sprintf("%02d:%02d:%02d", at/3600, at/60%60, at%60),
		}
		l.text += int64(len(items[i].Text))
	}
	encoded, err := json.Marshal(items)
	require.NoError(b, err)
	record := core.NewRecord(l.collection(b, schema.Transcripts))
	record.Set("recording_id", id)
	record.Set("meeting", meeting)
	record.Set("items", string(encoded))
	return record
}

func (l *library) collection(b *testing.B, name string) *core.Collection {
	collection, err := l.db.App.FindCachedCollectionByNameOrId(name)
	require.NoError(b, err)
	return collection
}

func (l *library) find(b *testing.B, text string) {
	query, err := search.Parse(text)
	require.NoError(b, err)
	result, err := l.search.Search(b.Context(), l.db.Database, search.Request{Query: query, Limit: search.DefaultLimit})
	require.NoError(b, err)
	require.True(b, result.Complete)
}

// query returns what people may type: words, phrases, beginnings and combinations of them.
func (l *library) query(n int) string {
	common := func() string { return word(l.common.Uint64()) }
	rare := func() string { return word(1000 + l.random.Uint64N(20_000)) }
	switch n % 7 {
	case 0:
		return rare()
	case 1:
		return common() + " " + common()
	case 2:
		return common() + " " + rare() + " from:speaker"
	case 3:
		return `"` + common() + " " + common() + `"`
	case 4:
		return rare()[:5] + "*" // as many words begin like this as with four letters of English
	case 5:
		return "(" + rare() + " OR " + rare() + ") NOT " + common()
	default:
		return common() + " after:2024-02-01"
	}
}

// slowest returns the longest time that a query takes which somebody wrote to keep the server busy. Like the server, it
// allows 200 ms.
func (l *library) slowest(b *testing.B) (longest time.Duration) {
	var prefixes, words []string
	for first := uint64(1); len(prefixes) < 60; first++ {
		prefixes = append(prefixes, word(first)[:2]+"*")
		words = append(words, word(first))
	}
	for _, text := range []string{
		strings.Join(prefixes, " OR "), strings.Join(prefixes, " "), strings.Join(words, " OR "), strings.Join(words, " "),
		`"` + strings.Join(words[:30], " ") + `"`, "NOT (" + strings.Join(prefixes, " OR ") + ")",
		"NOT (NOT (NOT (" + strings.Join(words, " OR ") + ")))", `"` + words[0] + ` ka"* OR ` + prefixes[0],
	} {
		query, err := search.Parse(text)
		require.NoError(b, err, text)
		ctx, cancel := context.WithTimeout(b.Context(), 200*time.Millisecond)
		start := time.Now()
		_, err = l.search.Search(ctx, l.db.Database, search.Request{Query: query, Limit: search.MaxLimit})
		longest = max(longest, time.Since(start))
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, search.ErrTooExpensive) {
			require.NoError(b, err, text)
		}
	}
	return longest
}

// BenchmarkSearch measures searches of a complete index, the size of the index, and the time to build it.
func BenchmarkSearch(b *testing.B) {
	for _, recordings := range []int{200, 2000, 20_000} {
		if recordings > *transcripts {
			continue
		}
		b.Run(fmt.Sprintf("transcripts=%d", recordings), func(b *testing.B) {
			l := openLibrary(b, recordings)
			start := time.Now()
			l.find(b, "everything")
			built := time.Since(start)
			took := make([]time.Duration, 0, b.N)
			b.ResetTimer()
			for n := range b.N {
				query := l.query(n)
				start := time.Now()
				l.find(b, query)
				took = append(took, time.Since(start))
			}
			b.StopTimer()
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "ms-p95")
			b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "ms-max")
			b.ReportMetric(float64(built.Microseconds())/1000/float64(recordings), "index-ms/transcript")
			b.ReportMetric(float64(l.slowest(b).Microseconds())/1000, "ms-hostile-max")
			b.ReportMetric(0, "ns/op")
			size := int64(0)
			for _, suffix := range []string{"", "-wal"} {
				info, err := os.Stat(filepath.Join(l.db.App.DataDir(), "search.db"+suffix))
				require.NoError(b, err)
				size += info.Size()
			}
			b.ReportMetric(float64(size)/float64(l.text), "index-bytes/text-byte")
		})
	}
}

// BenchmarkStoreTranscript measures what the triggers of the search add to storing a transcript. The index itself is
// built later; see BenchmarkSearch.
func BenchmarkStoreTranscript(b *testing.B) {
	for _, triggers := range []bool{true, false, true, false} {
		b.Run(fmt.Sprintf("triggers=%t", triggers), func(b *testing.B) {
			l := openLibrary(b, 1)
			if !triggers {
				for _, name := range []string{"search_transcripts_insert", "search_transcripts_update", "search_transcripts_delete"} {
					_, err := l.db.App.NonconcurrentDB().NewQuery("DROP TRIGGER " + name).Execute()
					require.NoError(b, err)
				}
			}
			meeting, err := l.db.App.FindFirstRecordByData(schema.Meetings, "recording_id", 1)
			require.NoError(b, err)
			took := make([]time.Duration, 0, b.N)
			b.ResetTimer()
			for n := range b.N {
				record := l.newTranscript(b, int64(n+2), meeting.Id)
				start := time.Now()
				require.NoError(b, l.db.App.Save(record))
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
			b.ReportMetric(0, "ns/op")
		})
	}
}
