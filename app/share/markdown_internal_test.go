package share

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

func TestSummariesAreAdaptedToViewers(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"# A\n\n## B":      "<h3>A</h3>\n<h4>B</h4>",
		"## A\n\n###### B": "<h3>A</h3>\n<h6>B</h6>",
		"[at](https://fathom.video/calls/7?timestamp=61.9)":            `<p><a href="?t=61" data-t="61">at</a></p>`,
		"[**at**](https://www.fathom.video/share/x?timestamp=0 \"x\")": `<p><a href="?t=0" data-t="0"><strong>at</strong></a></p>`,
		"[it](https://fathom.video/share/secret)":                      "<p>it</p>",
		"https://fathom.video/share/secret":                            "<p>https://fathom.video/share/secret</p>",
		"<https://fathom.video/share/x>":                               "<p>https://fathom.video/share/x</p>",
		"[it](https://fathom.video/x?timestamp=-1)":                    "<p>it</p>",
		"[it](https://fathom.video/x?timestamp=NaN)":                   "<p>it</p>",
		"[it](https://fathom.video.example.com/x)":                     `<p><a href="https://fathom.video.example.com/x" rel="noopener noreferrer nofollow" target="_blank">it</a></p>`,
		"[it](javascript:alert)":                                       "<p>it</p>",
		"[it](//example.com)":                                          "<p>it</p>",
		"[it](data:text/html,x)":                                       "<p>it</p>",
		"![a *cat*](https://example.com/cat.png)":                      "<p>a <em>cat</em></p>",
		"[![cat](x.png)](https://fathom.video/x)":                      "<p>cat</p>",
		"": "",
	} {
		got, err := summaryHTML(source)
		require.NoError(t, err)
		assert.Equal(t, want, string(got), source)
	}
	long, err := summaryHTML(strings.Repeat("[", maxSummary*2))
	require.NoError(t, err)
	assert.LessOrEqual(t, len(long), maxSummary+10)
}

// Whatever a summary contains, its HTML loads nothing and runs nothing.
func FuzzSummariesAreSafe(f *testing.F) {
	for _, seed := range []string{
		"# a\n<script>alert(1)</script>", "[x](javascript&colon;alert(1))", "![x](https://e.com/x \"a\\\" onerror=b\")", "<a href=x onclick=y>",
		"[x](https://fathom.video/?timestamp=1\"onclick=1)", "| a | b |\n|:-|-|\n| c | ![d](e) |", "[a]: https://e.com 'x'\n\n[a] ~~b~~", "[![x](y)](https://fathom.video/z)",
	} {
		f.Add(seed)
	}
	tags := strings.Fields("html head body p h3 h4 h5 h6 a strong em del code pre ul ol li blockquote hr br table thead tbody tr th td")
	attributes := strings.Fields("href rel target data-t title start class style align")
	f.Fuzz(func(t *testing.T, source string) {
		got, err := summaryHTML(source)
		require.NoError(t, err)
		root, err := html.Parse(strings.NewReader(string(got)))
		require.NoError(t, err)
		for node := range root.Descendants() {
			if node.Type != html.ElementNode {
				continue
			}
			require.Contains(t, tags, node.Data, "%q", got)
			for _, attribute := range node.Attr {
				require.True(t, slices.Contains(attributes, attribute.Key), "%q", got)
				if attribute.Key == "href" {
					target, err := url.Parse(attribute.Val)
					require.NoError(t, err)
					require.Contains(t, []string{"http", "https", ""}, target.Scheme, "%q", got)
					require.False(t, target.Scheme == "" && (target.Host != "" || target.Path != ""), "%q", got)
				}
			}
		}
	})
}
