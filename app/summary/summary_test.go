package summary_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/summary"
)

func TestText(t *testing.T) {
	long := "**" + strings.Repeat("long ", 500)
	for line, want := range map[string]string{
		"":                                    "",
		"plain":                               "plain",
		"## [Next *steps*](https://x/?t=1)\n": "Next steps",
		"        - [ ] nested `a*b*`":         "[ ] nested a*b*",
		"1. R&amp;D \\*soon\\* &#38; later":   "R&D *soon* & later",
		"---":                                 "",
		"<b>bold</b> <https://example.com>":   "<b>bold</b> https://example.com",
		"<div>block</div>":                    "<div>block</div>",
		"| a | b |":                           "| a | b |",
		long:                                  strings.TrimSpace(long),
	} {
		assert.Equal(t, want, summary.Text(line), line)
	}
}

func TestMoment(t *testing.T) {
	for line, want := range map[string]float64{
		"[a](https://fathom.video/calls/1?timestamp=12.5)":                        12.5,
		"https://example.com and https://fathom.video/share/x#t=64":               64,
		"[a](https://fathom.video/calls/1?timestamp=00:01:05&tab=summary) | cell": 65,
	} {
		at, ok := summary.Moment(line)
		assert.True(t, ok, line)
		assert.InDelta(t, want, at, 0, line)
	}
	for _, line := range []string{"", "timestamp=5", "https://x/?timestamp=-1", "https://x/?timestamp=NaN", "https://x/?timestamp=1e99", "https://%zz"} {
		_, ok := summary.Moment(line)
		assert.False(t, ok, line)
	}
}

func TestIsHeading(t *testing.T) {
	for _, line := range []string{"# a", "   ###### a\n", "##\ta"} {
		assert.True(t, summary.IsHeading(line), line)
	}
	for _, line := range []string{"", "#a", "####### a", "    # a", "a # b"} {
		assert.False(t, summary.IsHeading(line), line)
	}
}

func FuzzText(f *testing.F) {
	f.Add("## [a](https://fathom.video/?timestamp=1) **b** `c` <d> &amp; \\e")
	f.Fuzz(func(t *testing.T, line string) {
		summary.Text(line)
		if at, ok := summary.Moment(line); ok && !(at >= 0 && at < 1000*3600) {
			t.Fatal(at)
		}
	})
}
