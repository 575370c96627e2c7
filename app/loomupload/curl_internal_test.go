package loomupload

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fathom-to-loom/fathom-to-loom/internal/testseed"
)

// readCurl reads the only curl command in a text.
func readCurl(text string) (*ticket, error) {
	words, ok, err := findCurl(text)
	if err != nil || !ok {
		return nil, err
	}
	r, err := parseCurl(words, sampleFile)
	if err != nil {
		return nil, err
	}
	return &ticket{requests: []request{r}}, nil
}

func TestCurlCommandsAreRead(t *testing.T) {
	put := func(rest string) string { return "video= | 0 PUT " + signed + " 0+100 map[" + rest + "]" }
	post := func(rest string) string { return "video= | 0 POST " + signed + " 0+100 map[" + rest + "]" }
	for name, test := range map[string]struct{ command, want string }{
		"put":             {`curl -T Weekly.mp4 '` + signed + `'`, put("")},
		"double quotes":   {`curl --upload-file "Weekly \"sync\".mp4" "` + signed + `"`, put("")},
		"continued lines": {"curl \\\n  --request PUT \\\r\n  --header 'A: b' \\\n  --upload-file x \\\n  --url '" + signed + "'\nThen do more; please.", put("A:[b]")},
		"prompt":          {"$ curl -T x '" + signed + "'", put("")},
		"inline code":     {"Run `curl -T x '" + signed + "'` and wait.", put("")},
		"joined flags":    {`curl -sSfXPOST -H'A: b:c' --data-binary @x '` + signed + `'`, post("A:[b:c] Content-Type:[application/x-www-form-urlencoded]")},
		"data":            {`curl --data-binary '@x' -H 'Content-Type: application/octet-stream' '` + signed + `'`, post("Content-Type:[application/octet-stream]")},
		"data by PUT":     {`curl -X PUT --data-binary @x -H 'Content-Type: video/mp4' '` + signed + `'`, put("Content-Type:[video/mp4]")},
		"what is ignored": {`curl -s -L --fail-with-body -o /dev/null -w '%{http_code}' --max-time 60 --retry 3 -A agent -T x '` + signed + `'`, put("")},
		"bearer":          {`curl -H "Authorization: Bearer abc.def" -T x '` + signed + `'`, put("Authorization:[Bearer abc.def]")},
		"form":            {`curl -F key=k -F "policy=p=q" -F "file=@Weekly.mp4" '` + signed + `'`, post("") + " form [{key k} {policy p=q}] file=@Weekly.mp4;video/mp4 []"},
		"form with type": {
			`curl -X POST -H "Content-Type: multipart/form-data" -F 'f=@"a,b.mp4";type=video/mp4;filename="c d.mp4"' --form-string 'after=<x;y' '` + signed + `'`,
			post("") + " form [] f=@c d.mp4;video/mp4 [{after <x;y}]",
		},
		"mixed quotes": {`curl -T a'b'"c"\ d '` + signed + `'`, put("")},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readCurl(test.command)
			require.NoError(t, err)
			require.NotNil(t, got)
			assert.Equal(t, test.want, got.summary())
		})
	}
}

func TestCurlCommandsThatDoMoreAreRefused(t *testing.T) {
	for name, command := range map[string]string{
		"variable":             `curl -H "Authorization: Bearer $TOKEN" -T x https://x/1`,
		"unquoted variable":    `curl -T $FILE https://x/1`,
		"substitution":         "curl -T x \"https://x/`id`\"",
		"modern substitution":  `curl -T x https://x/$(id)`,
		"ANSI quotes":          `curl -T x $'https://x/1'`,
		"pipe":                 `curl -T x https://x/1 | sh`,
		"second command":       `curl -T x https://x/1; id`,
		"and":                  `curl -T x https://x/1 && id`,
		"background":           `curl -T x https://x/1?a=b&c=d`,
		"redirection":          `curl -T x https://x/1 > out`,
		"here document":        `curl --data-binary @- https://x/1 <<EOF`,
		"pattern":              `curl -T *.mp4 https://x/1`,
		"braces":               `curl -T {a,b} https://x/1`,
		"quoted braces":        `curl -T '{a,b}' https://x/1`,
		"address pattern":      `curl -T x 'https://x/[1-3]'`,
		"home":                 `curl -T ~/x https://x/1`,
		"comment":              `curl -T x https://x/1 # done`,
		"open quote":           `curl -T x 'https://x/1`,
		"open double quote":    `curl -T x "https://x/1`,
		"backslash at the end": `curl -T x https://x/1 \`,
		"unknown flag":         `curl -T x --config c https://x/1`,
		"insecure":             `curl -k -T x https://x/1`,
		"proxy":                `curl -x http://p -T x https://x/1`,
		"user":                 `curl -u a:b -T x https://x/1`,
		"cookie":               `curl -b a=b -T x https://x/1`,
		"next":                 `curl -T x https://x/1 --next https://x/2`,
		"resolve":              `curl --resolve x:443:127.0.0.1 -T x https://x/1`,
		"no file":              `curl -X PUT https://x/1`,
		"data without file":    `curl --data-binary abc https://x/1`,
		"text data":            `curl -d @x https://x/1`,
		"two files":            `curl -T x -T y https://x/1`,
		"file and form":        `curl -T x -F f=@y https://x/1`,
		"two files in a form":  `curl -F f=@y -F g=@z https://x/1`,
		"two files in a field": `curl -F f=@y,z https://x/1`,
		"field from a file":    `curl -F 'f=</etc/passwd' -F g=@z https://x/1`,
		"field with options":   `curl -F 'a=b;type=text/plain' -F g=@z https://x/1`,
		"headers of a part":    `curl -F 'g=@z;headers=@h' https://x/1`,
		"headers from a file":  `curl -H @h -T x https://x/1`,
		"removed header":       `curl -H 'Accept:' -T x https://x/1`,
		"writes a file":        `curl -o /etc/cron.d/x -T x https://x/1`,
		"no address":           `curl -T x`,
		"two addresses":        `curl -T x https://x/1 https://x/2`,
		"folder":               `curl -T x https://x/uploads/`,
		"no path":              `curl -T x https://x`,
		"method":               `curl -X DELETE -T x https://x/1`,
		"two methods":          `curl -X PUT -X POST -T x https://x/1`,
		"other scheme":         `curl -T x ftp://x/1`,
		"form type":            `curl -H 'Content-Type: text/plain' -F f=@x https://x/1`,
		"form type only":       `curl -H 'Content-Type: multipart/form-data' -T x https://x/1`,
		"flag without value":   `curl -T x https://x/1 -H`,
		"value with equals":    `curl --upload-file=x https://x/1`,
		"long":                 `curl -T x https://x/1 -H 'A: ` + strings.Repeat("b", maxCommand) + `'`,
		"unfinished code":      "Run `curl -T x https://x/1",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readCurl(command)
			require.True(t, isKind(err, KindContract), "%v %v", got, err)
			assert.NotContains(t, err.Error(), "//x")
		})
	}
}

func TestTextsWithoutCurlAreNoCommands(t *testing.T) {
	for _, text := range []string{"", "Use curly braces.", "see https://curl.se/", "libcurl -T x https://x/1", "curl"} {
		got, err := readCurl(text)
		require.NoError(t, err)
		assert.Nil(t, got)
	}
}

// Words survive the quoting of a shell.
func TestQuotedWordsAreReadLiterally(t *testing.T) {
	testseed.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[ -~äß\t\n]{1,12}`), 1, 5).Draw(t, "words")
		var command strings.Builder
		for _, word := range words {
			switch rapid.IntRange(0, 1).Draw(t, "style") {
			case 0:
				command.WriteString("'" + strings.ReplaceAll(word, "'", `'\''`) + "' ")
			case 1:
				command.WriteString(`"` + strings.NewReplacer(`"`, `\"`, `\`, `\\`, "$", `\$`, "`", "\\`").Replace(word) + `" `)
			}
		}
		got, err := splitWords(command.String())
		require.NoError(t, err)
		require.Equal(t, words, got)
	})
}

func FuzzCurl(f *testing.F) {
	for _, seed := range []string{
		`curl -T Weekly.mp4 '` + signed + `'`, "curl \\\n -sSX PUT -H 'A: b' --data-binary \"@x\" https://x/1", `curl -F a=b -F 'f=@"x";type=a/b;filename=c' https://x/1`,
		"```\ncurl -T x https://x/1\n```", "`curl -T x https://x/1`", `curl -T $(id) https://x/1`, "curl -T x https://x/1 | sh",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := readCurl(text)
		if err != nil {
			require.True(t, isKind(err, KindContract))
			return
		}
		if got == nil {
			return
		}
		r := got.requests[0]
		require.Contains(t, []string{"PUT", "POST"}, r.method)
		require.Contains(t, []string{"https", "http"}, r.url.Scheme)
		require.NotEmpty(t, r.url.Hostname())
		require.Nil(t, r.url.User)
		for name, values := range r.header {
			require.Len(t, values, 1)
			require.NotContains(t, []string{"Host", "Content-Length", "Transfer-Encoding", "Cookie"}, name)
			require.NotContains(t, values[0], "\n")
		}
		if r.form != nil {
			require.NotEmpty(t, r.form.fileField)
			_, _, _, err := r.form.encode()
			require.NoError(t, err)
		}
	})
}
