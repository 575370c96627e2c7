package transfer

import (
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
)

// transcriptText formats a transcript for reading and searching. A new line, such as "[00:01:05] Ada: ...",
// starts whenever the speaker changes.
func transcriptText(items []fathom.TranscriptItem) string {
	var text strings.Builder
	speaker := ""
	for i, item := range items {
		if i == 0 || item.Speaker.DisplayName != speaker {
			if i > 0 {
				text.WriteByte('\n')
			}
			speaker = item.Speaker.DisplayName
			text.WriteString("[" + item.Timestamp + "] " + speaker + ":")
		}
		text.WriteByte(' ')
		text.WriteString(item.Text)
	}
	return text.String()
}
