package captions_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/captions"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var conversation = []captions.Utterance{
	{Speaker: "Ada Lovelace", Text: "Good morning.", Start: 0},
	{Speaker: "Ada Lovelace", Text: "Can everyone hear me?", Start: 0},
	{Speaker: "Grace Hopper", Text: "Yes.", Start: time.Second},
	{Speaker: "Ada Lovelace", Text: "Great. Let us begin with the numbers of last month, which look better than any of us " +
		"expected, and then talk about what they mean for the next quarter and for hiring.", Start: 3 * time.Second},
	{Speaker: "", Text: "x < y & y > z --> done\n\nnew paragraph", Start: 30 * time.Second},
	{Speaker: "Renée <b> & Co", Text: "   ", Start: 31 * time.Second},
	{Speaker: "山田 太郎", Text: "皆さん、おはようございます。今日は先月の数字についてお話ししたいと思います。とても良い結果でした。", Start: 35 * time.Second},
	{Speaker: "علي", Text: "صباح الخير جميعا", Start: 34 * time.Second}, // the clock went back
	{Speaker: "Renée <b> & Co", Text: "👩‍👩‍👧‍👦🇩🇪 bye", Start: 58 * time.Second},
	{Speaker: "Ada Lovelace", Text: "After the end.", Start: 90 * time.Second},
}

func TestCaptionFiles(t *testing.T) {
	cues := captions.Cues(conversation, time.Minute)
	for name, write := range map[string]func(*bytes.Buffer) error{
		"conversation.vtt": func(to *bytes.Buffer) error { return captions.WriteVTT(to, cues) },
		"conversation.srt": func(to *bytes.Buffer) error { return captions.WriteSRT(to, cues) },
		"empty.vtt":        func(to *bytes.Buffer) error { return captions.WriteVTT(to, nil) },
	} {
		var got bytes.Buffer
		require.NoError(t, write(&got))
		golden := filepath.Join("testdata", name)
		if *update {
			require.NoError(t, os.WriteFile(golden, got.Bytes(), 0o600))
		}
		want, err := os.ReadFile(golden)
		require.NoError(t, err)
		assert.Equal(t, string(want), got.String(), name)
	}
}

func TestCuesEndWhenTheNextBeginsOrTheyHaveBeenRead(t *testing.T) {
	say := func(start time.Duration, text string) captions.Utterance {
		return captions.Utterance{Text: text, Start: start}
	}
	long := strings.Repeat("word ", 40)
	for name, c := range map[string]struct {
		said   []captions.Utterance
		length time.Duration
		want   []time.Duration // starts and ends
	}{
		"short text stays 1.5 s":  {[]captions.Utterance{say(time.Second, "Yes.")}, 0, []time.Duration{1000, 2500}},
		"next begins earlier":     {[]captions.Utterance{say(0, "Yes."), say(time.Second, "No.")}, 0, []time.Duration{0, 1000, 1000, 2500}},
		"same second":             {[]captions.Utterance{say(0, "A"), say(0, "B"), say(5*time.Second, "C")}, 0, []time.Duration{0, 500, 500, 2000, 5000, 6500}},
		"end of the video":        {[]captions.Utterance{say(0, "Yes.")}, 700 * time.Millisecond, []time.Duration{0, 700}},
		"after the video":         {[]captions.Utterance{say(time.Second, "Yes.")}, time.Second, nil},
		"long text takes several": {[]captions.Utterance{say(0, long)}, 0, []time.Duration{0, 6633, 6633, 13266, 13266, 16583}},
		"times that can't be":     {[]captions.Utterance{say(-time.Second, "Yes.")}, 0, []time.Duration{0, 1500}},
		"nothing said":            {nil, time.Minute, nil},
		"invisible":               {[]captions.Utterance{say(0, "\u200b \x00")}, 0, nil},
	} {
		var got []time.Duration
		for _, cue := range captions.Cues(c.said, c.length) {
			got = append(got, cue.Start/time.Millisecond, cue.End/time.Millisecond)
		}
		assert.Equal(t, c.want, got, name)
	}
}

func TestTimestamps(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"00:00:00": 0, "01:02:03": time.Hour + 2*time.Minute + 3*time.Second, "2:03": 2*time.Minute + 3*time.Second, "00:00:01.5": 1500 * time.Millisecond,
		"100:00:00": 100 * time.Hour,
	} {
		got, ok := captions.ParseTimestamp(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "5", "a:b", "1:2:3:4", "-1:00", "NaN:00", "1e3:00", "1.5:00:00", "9999999:00:00", ":", "0x1:0"} {
		_, ok := captions.ParseTimestamp(text)
		assert.False(t, ok, text)
	}
}

// Whatever was said, captions are valid, in order, and lose nothing if the video is long enough.
func FuzzCues(f *testing.F) {
	f.Add("Good morning.|Ada|0\nYes.|Grace|0\nWell|Ada|-5", int64(0))
	f.Add("a-->b|<v x>|1\n\xff\xfe|\x00|1\n👩‍👩‍👧‍👦👩‍👩‍👧‍👦|🇩🇪🇩🇪🇩🇪|1", int64(1500))
	f.Add(strings.Repeat("長い話", 100)+"|山田|3600\n"+strings.Repeat("e\u0301", 200)+"||3600\n"+strings.Repeat("x|y|3600\n", 1500), int64(0))
	f.Add("late|x|9000000000\nlater|x|9223372036", int64(-1))
	f.Fuzz(func(t *testing.T, script string, milliseconds int64) {
		var said []captions.Utterance
		var words strings.Builder
		for _, line := range strings.Split(script, "\n") {
			text, rest, _ := strings.Cut(line, "|")
			speaker, at, _ := strings.Cut(rest, "|")
			seconds, _ := time.ParseDuration(at + "s") // 0 if it is malformed
			said = append(said, captions.Utterance{Speaker: speaker, Text: text, Start: seconds})
			words.WriteString(text)
		}
		length := time.Duration(milliseconds%1e9) * time.Millisecond
		cues := captions.Cues(said, length)
		var end time.Duration
		var shown strings.Builder
		for _, cue := range cues {
			require.GreaterOrEqual(t, cue.Start, end)
			require.Less(t, cue.Start, cue.End)
			require.Zero(t, (cue.Start+cue.End)%time.Millisecond)
			require.Contains(t, []int{1, 2}, len(cue.Lines))
			for _, line := range cue.Lines {
				require.NotEmpty(t, strings.TrimSpace(line))
				require.True(t, utf8.ValidString(line))
				require.NotContains(t, line, "-->")
				require.NotContains(t, line, "\n")
				shown.WriteString(line)
			}
			if end = cue.End; length > 0 {
				require.LessOrEqual(t, end, length)
			}
		}
		if length <= 0 {
			for _, word := range strings.FieldsFunc(words.String(), func(r rune) bool { return r < 'a' || r > 'z' }) {
				require.Contains(t, strings.ReplaceAll(shown.String(), " ", ""), word)
			}
		}
		var vtt, srt bytes.Buffer
		require.NoError(t, captions.WriteVTT(&vtt, cues))
		require.NoError(t, captions.WriteSRT(&srt, cues))
		require.Equal(t, len(cues), strings.Count(vtt.String(), " --> "))
		require.Equal(t, len(cues), strings.Count(srt.String(), " --> "))
		blank := strings.Count(strings.TrimSuffix(vtt.String(), "\n"), "\n\n")
		require.Equal(t, len(cues), blank, "each cue ends with the first blank line")
	})
}
