package bundle

import (
	"archive/zip"
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// entry is a line of the index.
type entry struct {
	RecordingID int64    `json:"recording_id"`
	Title       string   `json:"title"`
	Date        string   `json:"date"`     // RFC 3339, in the user's time zone; blank if unknown
	Duration    int64    `json:"duration"` // seconds; 0 if unknown
	Host        string   `json:"host"`
	Folder      string   `json:"folder"`
	Note        string   `json:"note"`  // the path of the Markdown file
	Video       string   `json:"video"` // the path of the recording; blank if the bundle doesn't contain it
	FathomURL   string   `json:"fathom_url"`
	LoomURL     string   `json:"loom_url"`
	NotStored   []string `json:"not_stored"` // what the server doesn't have
}

func (m *meeting) entry() entry {
	e := entry{
		RecordingID: m.recordingID(), Title: m.title(), Duration: int64(math.Round(m.seconds())), Host: m.host(),
		Folder: m.base, Note: m.base + "/" + m.base + ".md", FathomURL: m.record.GetString("fathom_url"), LoomURL: m.loomURL(),
		NotStored: append([]string{}, m.missing...),
	}
	if start := m.start(); !start.IsZero() {
		e.Date = start.Format(time.RFC3339)
	}
	if m.video != "" {
		e.Video = m.base + "/" + m.video
	}
	return e
}

// addIndex adds the list of all meetings in three formats.
func (b *writer) addIndex() error {
	for _, file := range []struct {
		name  string
		write func(io.Writer, []entry) error
	}{{"index.md", writeMarkdownIndex}, {"index.csv", writeCSVIndex}, {"index.json", writeJSONIndex}} {
		to, err := b.archive.CreateHeader(&zip.FileHeader{Name: file.name, Method: zip.Deflate, Modified: time.Now().UTC()})
		if err != nil {
			return err
		}
		if err := file.write(to, b.entries); err != nil {
			return err
		}
	}
	return nil
}

func writeMarkdownIndex(w io.Writer, entries []entry) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, "# Meetings\n\n| Date | Meeting | Length | Recording | Not stored |\n| --- | --- | --- | --- | --- |\n")
	for _, e := range entries {
		date, video, length := "", "", ""
		if start, err := time.Parse(time.RFC3339, e.Date); err == nil {
			date = start.Format("2006-01-02 15:04")
		}
		if e.Video != "" {
			video = link("Recording", relativeURL(e.Video))
		}
		if e.Duration > 0 {
			length = fmt.Sprintf("%d:%02d:%02d", e.Duration/3600, e.Duration/60%60, e.Duration%60)
		}
		fmt.Fprintf(out, "| %s | %s | %s | %s | %s |\n", date, link(e.Title, relativeURL(e.Note)), length, video, strings.Join(e.NotStored, ", "))
	}
	return out.Flush()
}

// writeCSVIndex writes a table that spreadsheets open. They recognize UTF-8 by the byte order mark.
func writeCSVIndex(w io.Writer, entries []entry) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	rows := [][]string{{
		"date", "title", "duration_seconds", "host", "recording_id", "folder", "note", "video", "fathom_url", "loom_url", "not_stored",
	}}
	for _, e := range entries {
		rows = append(rows, []string{
			e.Date, e.Title, strconv.FormatInt(e.Duration, 10), e.Host, strconv.FormatInt(e.RecordingID, 10), e.Folder, e.Note, e.Video,
			e.FathomURL, e.LoomURL, strings.Join(e.NotStored, ", "),
		})
	}
	for _, row := range rows {
		for i := range row {
			row[i] = withoutFormula(row[i])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// withoutFormula makes spreadsheets show a text that would be a formula, such as a title that starts with "=".
func withoutFormula(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

func writeJSONIndex(w io.Writer, entries []entry) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(append([]entry{}, entries...))
}
