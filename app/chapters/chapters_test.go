package chapters_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/chapters"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
)

// outline returns chapters as "0 Start, 64.5 Budget".
func outline(list []chapters.Chapter) string {
	parts := []string{}
	for _, c := range list {
		parts = append(parts, fmt.Sprintf("%v %s", c.Start, c.Title))
	}
	return strings.Join(parts, ", ")
}

func highlight(start float64, summary string) fathom.Highlight {
	return fathom.Highlight{Type: "Decision", Summary: summary, StartTime: start}
}

func TestHeadingsBecomeChapters(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ summary, want string }{
		"none":                      {"", ""},
		"no headings":               {"Some [text](https://fathom.video/calls/1?timestamp=5)", ""},
		"without a time":            {"## Purpose\n\nText\n\n## Next steps\n\n- one", ""},
		"link in the heading":       {"## [Budget](https://fathom.video/calls/1?timestamp=64.5)\n\nText", "0 Start, 64.5 Budget"},
		"link in the section":       {"## Budget\n\n- first\n- [second](https://fathom.video/calls/1?timestamp=30)", "0 Start, 30 Budget"},
		"a nested item":             {"## Budget\n\n- a\n  - b\n    - [c](https://fathom.video/calls/1?timestamp=30)", "0 Start, 30 Budget"},
		"the first of several":      {"## A\n\n[x](https://fathom.video/calls/1?timestamp=50) [y](https://fathom.video/calls/1?timestamp=20)", "0 Start, 50 A"},
		"a section below another":   {"## Topics\n\n### A\n\n[x](https://fathom.video/calls/1?timestamp=20)\n\n### B\n\n[x](https://fathom.video/calls/1?timestamp=40)", "0 Start, 20 A, 40 B"},
		"out of order":              {"## B\n\n[x](https://fathom.video/calls/1?timestamp=40)\n\n## A\n\n[x](https://fathom.video/calls/1?timestamp=20)", "0 Start, 20 A, 40 B"},
		"an older link":             {"## A\n\n[x](https://fathom.video/calls/1#t=20)", "0 Start, 20 A"},
		"a bare link":               {"## A\n\n<https://fathom.video/calls/1?timestamp=20>", "0 Start, 20 A"},
		"a clock":                   {"## A\n\n[x](https://fathom.video/calls/1?timestamp=01:05)", "0 Start, 65 A"},
		"other parameters":          {"## A\n\n[x](https://fathom.video/calls/1?tab=summary&timestamp=20)", "0 Start, 20 A"},
		"another site's moment":     {"## A\n\n[x](https://youtube.example/watch?t=20)", ""},
		"no number":                 {"## A\n\n[x](https://fathom.video/calls/1?timestamp=soon) [y](https://fathom.video/calls/1?timestamp=NaN) [z](https://fathom.video/calls/1?timestamp=-5)", ""},
		"formatting":                {"## **Budget** for `2026` & _more_ <b>[now](https://fathom.video/calls/1?timestamp=20)</b>", "0 Start, 20 Budget for 2026 & more <b>now</b>"},
		"escapes":                   {"## \\[A\\] &amp; \\*b\\*\n\n[x](https://fathom.video/calls/1?timestamp=20)", "0 Start, 20 [A] & *b*"},
		"windows lines":             {"## A\r\n\r\n[x](https://fathom.video/calls/1?timestamp=20)\r\n", "0 Start, 20 A"},
		"code":                      {"```\n## A [x](https://fathom.video/calls/1?timestamp=20)\n```", ""},
		"at the beginning":          {"## A\n\n[x](https://fathom.video/calls/1?timestamp=0)", "0 A"},
		"soon after the beginning":  {"## A\n\n[x](https://fathom.video/calls/1?timestamp=7)\n\n## B\n\n[x](https://fathom.video/calls/1?timestamp=12)", "0 A, 12 B"},
		"less than 10 s later":      {"## A\n\n[x](https://fathom.video/calls/1?timestamp=20)\n\n## B\n\n[x](https://fathom.video/calls/1?timestamp=29.9)\n\n## C\n\n[x](https://fathom.video/calls/1?timestamp=30)", "0 Start, 20 A, 30 C"},
		"after the end":             {"## A\n\n[x](https://fathom.video/calls/1?timestamp=20)\n\n## B\n\n[x](https://fathom.video/calls/1?timestamp=600)", "0 Start, 20 A"},
		"a title without any words": {"## --- [.](https://fathom.video/calls/1?timestamp=20)", ""},
	} {
		assert.Equal(t, test.want, outline(chapters.Of(test.summary, nil, 600)), name)
	}
}

func TestHighlightsBecomeChapters(t *testing.T) {
	t.Parallel()
	list := chapters.Of("## Budget\n\n[x](https://fathom.video/calls/1?timestamp=60)", []fathom.Highlight{
		highlight(120.4567, "Ship\n it --> now \u202e"), highlight(60, "The same moment"),
		{Text: "Only a quote", StartTime: 200},
		highlight(-1, "Before"), highlight(math.NaN(), "Never"), highlight(math.Inf(1), "Never"), highlight(300, " \x00 "),
	}, 0)
	assert.Equal(t, "0 Start, 60 Budget, 120.456 Ship it → now, 200 Only a quote", outline(list))
	assert.Empty(t, chapters.Of("", nil, 0))
	encoded, err := json.Marshal(chapters.Of("", nil, 0))
	require.NoError(t, err)
	assert.Equal(t, "[]", string(encoded))
	assert.Equal(t, strings.Repeat("é", 100), chapters.Of("", []fathom.Highlight{highlight(0, strings.Repeat("é", 200))}, 0)[0].Title)
}

func TestManyChaptersAreThinnedOutEvenly(t *testing.T) {
	t.Parallel()
	var many []fathom.Highlight
	for i := range 1000 {
		many = append(many, highlight(float64(i)*11, fmt.Sprint("Highlight ", i)))
	}
	list := chapters.Of("", many, 11000)
	assert.LessOrEqual(t, len(list), 50)
	assert.Greater(t, len(list), 20)
	assert.Greater(t, list[len(list)-1].Start, 10000.0, "the end of the recording has chapters, too")
}

func TestChaptersAsWebVTT(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	list := []chapters.Chapter{{0, "Start"}, {64.5, "Cost < price & more"}}
	require.NoError(t, chapters.WriteVTT(&out, list, 90))
	assert.Equal(t, "WEBVTT\n\n00:00:00.000 --> 00:01:04.500\nStart\n\n00:01:04.500 --> 00:01:30.000\nCost &lt; price &amp; more\n", out.String())
	out.Reset()
	require.NoError(t, chapters.WriteVTT(&out, list, 0))
	assert.Contains(t, out.String(), "00:01:04.500 --> 00:01:14.500", "an unknown end")
}

func TestHostileSummaryTakesLittleTime(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"[", "> ", "- ", "*a ", "![](", "# [", "`", "<a ", "&", "# x\n[y](https://z?timestamp=1)\n", "# ![](", "https://"} {
		began := time.Now()
		chapters.Of(strings.Repeat(part, 1<<20/len(part)), nil, 0) // as long as one can be
		assert.Less(t, time.Since(began), 5*time.Second, part)
	}
}

func FuzzChapters(f *testing.F) {
	f.Add("## [A](https://fathom.video/calls/1?timestamp=64.5)\n\n## B\n\n- [c](x#t=90)", "Decision", 12.5, 600.0)
	f.Add("A\n===\n<https://fathom.video/calls/1?timestamp=01:02:03>", "-->\n\n", -1.0, 0.0)
	f.Fuzz(func(t *testing.T, summary, title string, start, length float64) {
		list := chapters.Of(summary, []fathom.Highlight{highlight(start, title), {Text: title, StartTime: start + 15}}, length)
		require.LessOrEqual(t, len(list), 50)
		for i, c := range list {
			require.True(t, utf8.ValidString(c.Title))
			require.LessOrEqual(t, utf8.RuneCountInString(c.Title), 100)
			require.NotEmpty(t, strings.TrimSpace(c.Title))
			require.NotContains(t, c.Title, "\n")
			if i == 0 {
				require.Zero(t, c.Start)
				continue
			}
			require.GreaterOrEqual(t, c.Start-list[i-1].Start, 10.0)
			if length > 0 {
				require.Less(t, c.Start, length)
			}
		}
		_, err := json.Marshal(list)
		require.NoError(t, err)
		var vtt bytes.Buffer
		require.NoError(t, chapters.WriteVTT(&vtt, list, 0))
		require.Equal(t, len(list), strings.Count(vtt.String(), " --> "))
	})
}
