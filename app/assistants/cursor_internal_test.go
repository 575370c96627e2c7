package assistants

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCursorsAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []meetingCursor{{"2026-01-10 09:00:00.000Z", 1001}, {"", maxRecordingID}} {
		assert.LessOrEqual(t, len(c.String()), maxCursor)
		read, err := parseMeetingCursor(c.String())
		require.NoError(t, err)
		assert.Equal(t, c, read)
	}
	read, err := parseTextCursor("12.345")
	require.NoError(t, err)
	assert.Equal(t, textCursor{12, 345}, read)
	for _, text := range []string{"", "12", "-1.0", "1.-1", "01.0", "1.0.0", "1.99999999999999999999"} {
		_, err := parseTextCursor(text)
		assert.ErrorIs(t, err, unknownCursor, text)
	}
}

func FuzzParseMeetingCursor(f *testing.F) {
	f.Add(meetingCursor{"2026-01-10 09:00:00.000Z", 1001}.String())
	f.Add(meetingCursor{"' OR 1=1 --", 1}.String())
	f.Add("MjAyNnwx=")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseMeetingCursor(text)
		if err != nil {
			assert.ErrorIs(t, err, unknownCursor)
			return
		}
		assert.Equal(t, text, c.String())
		assert.Positive(t, c.recordingID)
		assert.Regexp(t, `^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z)?$`, c.recordedAt)
	})
}

func FuzzParseTextCursor(f *testing.F) {
	f.Add("12.345")
	f.Add("9223372036854775807.9223372036854775807")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseTextCursor(text)
		if err != nil {
			return
		}
		assert.Equal(t, text, c.String())
		assert.GreaterOrEqual(t, c.item, 0)
		assert.GreaterOrEqual(t, c.offset, 0)
	})
}
