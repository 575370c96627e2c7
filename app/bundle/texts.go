package bundle

import (
	"archive/zip"
	"encoding/json"
	"io"
	"maps"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/captions"
)

// addTexts adds everything but the recording to the folder of a meeting.
func (b *writer) addTexts(m *meeting) error {
	type file struct {
		name  string
		write func(io.Writer) error
	}
	files := []file{{m.base + ".md", m.writeNote}}
	if len(m.said) > 0 {
		cues := m.captions()
		files = append(files,
			file{m.base + ".vtt", func(w io.Writer) error { return captions.WriteVTT(w, cues) }},
			file{m.base + ".srt", func(w io.Writer) error { return captions.WriteSRT(w, cues) }},
			file{m.transcriptName(), m.writeTranscript})
	}
	files = append(files, file{"meeting.json", m.writeJSON})
	modified := m.record.GetDateTime("updated").Time()
	for _, f := range files {
		to, err := b.create(m, f.name, zip.Deflate, modified)
		if err != nil {
			return err
		}
		if err := f.write(to); err != nil {
			return err
		}
	}
	return nil
}

func (m *meeting) transcriptName() string { return m.base + " transcript.md" }

// writeJSON writes the records of a meeting as the API returns them.
func (m *meeting) writeJSON(w io.Writer) error {
	content := map[string]any{
		"meeting": publicFields(m.record), "recording": publicFields(m.recording), "transfer": publicFields(m.transfer),
		"transcript": m.transcript,
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(content)
}

// publicFields returns the visible fields of a record, without what other programs have no use for.
func publicFields(record *core.Record) map[string]any {
	if record == nil {
		return nil
	}
	fields := maps.Clone(record.PublicExport())
	for _, name := range []string{"raw", "collectionId", "collectionName"} {
		delete(fields, name)
	}
	return fields
}
