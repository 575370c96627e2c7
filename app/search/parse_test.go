package search_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/search"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		`budget`:                          `"budget"`,
		`Budget MEETING`:                  `("budget" AND "meeting")`,
		`budget AND meeting`:              `("budget" AND "meeting")`,
		`and or not`:                      `("and" AND "or" AND "not")`,
		`"quarterly budget"`:              `"quarterly budget"`,
		`“quarterly budget”`:              `"quarterly budget"`,
		`"NOT" "OR"`:                      `("not" AND "or")`,
		`bud*`:                            `"bud" *`,
		`"the bud"*`:                      `"the bud" *`,
		`a OR b c`:                        `("a" OR ("b" AND "c"))`,
		`(a OR b) c`:                      `(("a" OR "b") AND "c")`,
		`a NOT b`:                         `(("a") NOT ("b"))`,
		`a NOT (b OR c) d`:                `(("a" AND "d") NOT (("b" OR "c")))`,
		`NOT a`:                           "(\"\ue001\" NOT (\"a\"))",
		`NOT NOT a`:                       `"a"`,
		`a OR NOT b`:                      "(\"a\" OR (\"\ue001\" NOT (\"b\")))",
		`from:ada`:                        `speakers : "ada"`,
		`from:"Ada Lovelace" budget`:      `(speakers : "ada lovelace" AND "budget")`,
		`from:ada@example.com`:            `speakers : "ada example com"`,
		`FROM:ada`:                        `"from ada"`,
		`https://example.com/a?b`:         `"https example com a b"`,
		`foo"bar baz"`:                    `("foo" AND "bar baz")`,
		`- budget &`:                      `"budget"`,
		`budget OR -`:                     `"budget"`,
		`NOT - budget`:                    `"budget"`,
		`会議`:                              `"会 議"`,
		`議`:                               `"議"`,
		`議*`:                              `"議" *`,
		`（予算 OR 計画）`:                      `("予 算" OR "計 画")`,
		`after:2026-01-31`:                "\"\ue001\"",
		`before:2026-01-31 budget`:        `"budget"`,
		"budget\x00meeting\x1fplan":       `("budget" AND "meeting" AND "plan")`,
		`terms MATCH 'x'; DROP TABLE x--`: `("terms" AND "match" AND "x" AND "drop" AND "table" AND "x")`,
		`NEAR(a b, 2) {title} : ^c`:       `("near" AND ("a" AND "b" AND "2") AND "title" AND "c")`,
	} {
		query, err := search.Parse(text)
		if assert.NoError(t, err, text) {
			assert.Equal(t, want, query.Expression(), text)
		}
	}
}

func TestQueriesThatCannotBeUnderstoodAreExplained(t *testing.T) {
	for text, want := range map[string]string{
		``:                                    "at least one word",
		` - & `:                               "at least one word",
		`"budget`:                             "quotation mark at character 1 is never closed",
		`a "b" "`:                             "quotation mark at character 7 is never closed",
		`(a`:                                  "parenthesis at character 1 is never closed",
		`会(議`:                                 "parenthesis at character 2 is never closed",
		`a)`:                                  "parenthesis at character 2 closes nothing",
		`()`:                                  "nothing to search for before the parenthesis at character 2",
		`AND a`:                               "AND at character 1 needs a word before it",
		`a AND`:                               "AND at character 3 needs a word after it",
		`a OR OR b`:                           "OR at character 3 needs a word after it",
		`NOT`:                                 "NOT at character 1 needs a word after it",
		`(a OR) b`:                            "OR at character 4 needs a word after it",
		`a*`:                                  "at least 2 letters before *",
		`from:`:                               "after from:",
		`from:-`:                              "after from:",
		`from: ada`:                           "after from:",
		`before:tomorrow`:                     "such as before:2026-01-31",
		`after:2026-02-30`:                    "such as after:2026-01-31",
		`after:2026-01-3*`:                    "such as after:2026-01-31",
		`(a after:2026-01-31)`:                "apply to the whole search",
		`NOT before:2026-01-31`:               "apply to the whole search",
		strings.Repeat("a", 501):              "can have 500 characters. This one has 501",
		strings.Repeat("a ", 65):              "can have 64 words",
		strings.Repeat("会", 65):               "can have 64 words",
		strings.Repeat("(", 9) + "a":          "8 parentheses",
		strings.Repeat("NOT ", 9) + "a":       "8 parentheses",
		strings.Repeat("(NOT ", 40) + "a":     "8 parentheses",
		strings.Repeat("(", 499):              "8 parentheses",
		strings.Repeat("a OR ", 70) + "b":     "64 words",
		strings.Repeat("\"a\" NOT ", 62) + "": "needs a word after it",
	} {
		_, err := search.Parse(text)
		var refusal *search.QueryError
		if assert.ErrorAs(t, err, &refusal, text) {
			assert.Contains(t, err.Error(), want, text)
		}
	}
}

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"Hello, World! 3.5":             "hello world 3 5",
		"don't e-mail ada@example.com":  "don t e mail ada example com",
		"Größe GRÖSSE Straße STRASSE":   "grosse grosse strasse strasse",
		"Café cafe\u0301 naïve Œuvre":   "cafe cafe naive oeuvre",
		"Łukasz Đorđe Ørsted İstanbul":  "lukasz dorde orsted istanbul",
		"ΣΊΣΥΦΟΣ Σίσυφος":               "σισυφοσ σισυφοσ",
		"Ёлка ёлка елка Йод":            "елка елка елка иод",
		"ＡＢＣ １２３ ﬁn":                    "abc 123 fin",
		"会議は明日":                         "会 議 は 明 日",
		"Q3の予算":                         "q3 の 予 算",
		"ガｶﾞが":                          "ガ ガ が",
		"サーバー":                          "サ ー バ ー",
		"회의를 시작":                        "회 의 를 시 작",
		"\u1112\u116c\u110b\u1174":      "회 의", // decomposed
		"ประชุม":                        "ป ร ะ ช ุ ม",
		"مُحَمَّد محمد":                 "محمد محمد",
		"أحمد احمد إبراهيم":             "احمد احمد ابراهيم",
		"اجتمـــاع می\u200cخواهم":       "اجتماع ميخواهم",
		"שָׁלוֹם שלום":                  "שלום שלום",
		"बैठक कल":                       "बैठक कल",
		"சந்திப்பு":                     "சந்திப்பு",
		"тест-кейс №5":                  "тест кеис 5",
		"a\u00adb zero\u200bwidth 👍 ok": "ab zerowidth ok",
		"\xff\xfebroken":                "broken",
	} {
		assert.Equal(t, want, strings.Join(search.WordsOf(text), " "), text)
	}
	long := strings.Repeat("x", 10_000)
	require.Len(t, search.WordsOf(long), 1)
	assert.Less(t, len(search.WordsOf(long)[0]), 200)
}

// Whatever people type, it is explained or becomes a query of letters and operators.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{`a OR (b NOT "c d"*)`, `from:"x" after:2026-01-31`, `会議* "`, "NOT\x00(“x”"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		query, err := search.Parse(text)
		var refusal *search.QueryError
		if err != nil {
			require.ErrorAs(t, err, &refusal)
			require.NotEmpty(t, err.Error())
			return
		}
		outside, inside := true, false
		for _, r := range query.Expression() {
			if r == '"' {
				outside, inside = inside, outside
				continue
			}
			if outside {
				require.Contains(t, "() ANDORT*:speakers", string(r), query.Expression())
			} else {
				require.NotContains(t, "\x00*^'\n", string(r), query.Expression())
			}
		}
		require.True(t, outside)
	})
}
