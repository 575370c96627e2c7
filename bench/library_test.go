package main_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/require"

	browse "github.com/fathom-to-loom/fathom-to-loom/app/library"
)

// fillMeetings adds meetings with texts as long as real ones, eight to a day, and transfers in all states.
func (l *library) fillMeetings(b *testing.B, meetings int) {
	texts := dbx.Params{
		"summary": strings.Repeat("What was decided. ", 300), "raw": `{"text": "` + strings.Repeat("Everything else. ", 500) + `"}`,
		"invitees": `[{"name":"Grace Hopper","email":"grace@example.com"},{"name":"Ada Lovelace","email":"ada@example.com"},
			{"name":"Alan Turing","email":"alan@example.org","is_external":true}]`,
	}
	require.NoError(b, l.db.App.NonconcurrentDB().(*dbx.DB).Transactional(func(tx *dbx.Tx) error {
		for id := range meetings {
			at := time.Date(2026, 1, 30, 17, 0, 0, 0, time.UTC).Add(-time.Duration(id) * 3 * time.Hour)
			row := dbx.Params{
				"id": fmt.Sprintf("m%014d", id), "recording_id": id + 1, "title": "Meeting about " + l.words(3), "recorded_at": at.Format("2006-01-02 15:04:05.000Z"),
				"duration": 600 + id%40*90, "meeting_type": []string{"external", "internal"}[id%2], "recorded_by": `{"name":"Ada Lovelace","email":"ada@example.com"}`,
			}
			for name, text := range texts {
				row[name] = text
			}
			if _, err := tx.Insert("meetings", row).Execute(); err != nil {
				return err
			}
			if id%3 == 0 {
				continue
			}
			status := []string{"queued", "downloading", "awaiting_share_url", "delivered", "failed", "stored"}[id%6]
			transfer := dbx.Params{
				"id": fmt.Sprintf("t%014d", id), "meeting": row["id"], "recording_id": id + 1, "status": status, "bytes_total": 1 << 28,
				"file_name": "Meeting.mp4", "job": fmt.Sprintf("j%014d", id), "updated": row["recorded_at"],
			}
			if _, err := tx.Insert("transfers", transfer).Execute(); err != nil {
				return err
			}
		}
		return nil
	}))
}

// BenchmarkLibrary reads what the web app's list reads.
func BenchmarkLibrary(b *testing.B) {
	for _, meetings := range []int{2_000, 10_000} {
		l := openLibrary(b, 0)
		l.fillMeetings(b, meetings)
		for _, read := range []struct {
			name   string
			filter browse.Filter
			sort   browse.Sort
			offset int
			count  bool
		}{
			{"Open", browse.Filter{TimeZone: "Europe/Zurich"}, browse.Newest, 0, true},
			{"Scroll", browse.Filter{}, browse.Newest, meetings - 60, false},
			{"State", browse.Filter{State: browse.YourTurn}, browse.Newest, 0, true},
			{"Title", browse.Filter{Title: "ka"}, browse.Newest, 0, true},
			{"Person", browse.Filter{Person: "turing"}, browse.Newest, 0, true},
			{"Longest", browse.Filter{}, browse.Longest, meetings / 2, true},
			{"ByTitle", browse.Filter{}, browse.ByTitle, meetings / 2, true},
			{"Largest", browse.Filter{}, browse.Largest, meetings / 2, true},
		} {
			b.Run(fmt.Sprintf("%s/%d", read.name, meetings), func(b *testing.B) {
				var times []time.Duration
				for b.Loop() {
					began := time.Now()
					if read.count {
						_, err := browse.Count(b.Context(), l.db.App.ConcurrentDB(), read.filter, read.sort)
						require.NoError(b, err)
					}
					_, err := browse.Window(b.Context(), l.db.App.ConcurrentDB(), read.filter, read.sort, read.offset, 60)
					require.NoError(b, err)
					times = append(times, time.Since(began))
				}
				slices.Sort(times)
				b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "ms-p50")
				b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1000, "ms-p95")
			})
		}
	}
}
