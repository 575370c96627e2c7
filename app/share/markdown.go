package share

import (
	"bytes"
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

// maxSummary is how many characters of a summary are shown. A real one has about 10,000.
const maxSummary = 50_000

// firstHeading is the level of the highest headings in a summary: those above it belong to the page.
const firstHeading = 3

// markdown converts summaries. Goldmark leaves out HTML and links to scripts. The policy of the pages forbids styles.
var markdown = goldmark.New(
	goldmark.WithExtensions(extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)), extension.Strikethrough),
	goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(forViewers{}, 0))),
)

// summaryHTML returns a summary, which is Markdown from Fathom, as safe HTML.
func summaryHTML(source string) (template.HTML, error) {
	var out bytes.Buffer
	if err := markdown.Convert([]byte(sanitize.Truncate(strings.ToValidUTF8(source, " "), maxSummary)), &out); err != nil {
		return "", fmt.Errorf("convert summary: %w", err)
	}
	return template.HTML(strings.TrimSpace(out.String())), nil
}

// forViewers adapts a summary to strangers: images, which would tell another server who reads it, become their text. Links
// to moments of the recording lead to the page itself, and other links to Fathom, which may open the recording there,
// become their text.
type forViewers struct{}

// Transform implements parser.ASTTransformer.
func (forViewers) Transform(document *ast.Document, reader text.Reader, _ parser.Context) {
	var images, links []ast.Node
	highest := 6
	_ = ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch node := node.(type) {
		case *ast.Heading:
			highest = min(highest, node.Level)
		case *ast.Image:
			images = append(images, node)
		case *ast.Link, *ast.AutoLink:
			links = append(links, node)
		}
		return ast.WalkContinue, nil
	})
	_ = ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if heading, ok := node.(*ast.Heading); ok && entering {
			heading.Level = min(6, heading.Level+firstHeading-highest)
		}
		return ast.WalkContinue, nil
	})
	for _, image := range images {
		unwrap(image)
	}
	for _, link := range links {
		adaptLink(link, reader.Source())
	}
}

func adaptLink(node ast.Node, source []byte) {
	target := ""
	switch node := node.(type) {
	case *ast.Link:
		target = string(node.Destination)
	case *ast.AutoLink:
		target = string(node.URL(source))
	}
	parsed, err := url.Parse(string(util.URLEscape([]byte(target), true))) // as it will be in the page
	isWeb := err == nil && (parsed.Scheme == "https" || parsed.Scheme == "http") && parsed.Host != ""
	if !isWeb {
		unwrapLink(node, source)
		return
	}
	if parsed.Hostname() != "fathom.video" && !strings.HasSuffix(parsed.Hostname(), ".fathom.video") {
		node.SetAttributeString("rel", []byte("noopener noreferrer nofollow"))
		node.SetAttributeString("target", []byte("_blank"))
		return
	}
	seconds, err := strconv.ParseFloat(parsed.Query().Get("timestamp"), 64)
	link, isLink := node.(*ast.Link)
	if err != nil || !(seconds >= 0 && seconds < 1e6) || !isLink {
		unwrapLink(node, source)
		return
	}
	at := strconv.Itoa(int(seconds))
	link.Destination, link.Title = []byte("?t="+at), nil
	link.SetAttributeString("data-t", []byte(at))
}

func unwrapLink(node ast.Node, source []byte) {
	if auto, ok := node.(*ast.AutoLink); ok {
		label := ast.NewString(auto.Label(source))
		auto.Parent().ReplaceChild(auto.Parent(), auto, label)
		return
	}
	unwrap(node)
}

// unwrap replaces a node by its children.
func unwrap(node ast.Node) {
	parent := node.Parent()
	for child := node.FirstChild(); child != nil; child = node.FirstChild() {
		node.RemoveChild(node, child)
		parent.InsertBefore(parent, node, child)
	}
	parent.RemoveChild(parent, node)
}
