package account

import (
	"html/template"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/mails/templates"
)

// letter is the text of a mail about an account. It may contain placeholders of PocketBase, such as {TOKEN}.
type letter struct {
	subject string
	lines   []string // paragraphs before the link or code
	link    string   // where the button leads; blank without one
	label   string   // of the button
	code    string   // shown large; blank without one
	after   []string // paragraphs after the link or code
}

var letterBody = template.Must(template.New("letter").Parse(
	`{{range .Lines}}<p>{{.}}</p>
{{end}}{{if .Link}}<p><a class="btn" {{.Link}} target="_blank" rel="noopener">{{.Label}}</a></p>
{{end}}{{if .Code}}<p style="font-size:24px;line-height:32px;letter-spacing:2px"><strong>{{.Code}}</strong></p>
{{end}}{{range .After}}<p>{{.}}</p>
{{end}}`))

// letterLayout is what PocketBase puts around its own mail.
var letterLayout = template.Must(template.New("layout").Parse(templates.Layout + templates.HTMLBody))

// body returns the letter as HTML without a frame.
func (l letter) body() string {
	var html strings.Builder
	var link template.HTMLAttr // as an URL, the braces of placeholders would be encoded
	if l.link != "" {
		link = template.HTMLAttr(`href="` + template.HTMLEscapeString(l.link) + `"`)
	}
	err := letterBody.Execute(&html, map[string]any{"Lines": l.lines, "Link": link, "Label": l.label, "Code": l.code, "After": l.after})
	if err != nil {
		panic(err) // the letters are constants, which a test renders
	}
	return html.String()
}

// html returns the letter as a page.
func (l letter) html() string {
	var page strings.Builder
	if err := letterLayout.Execute(&page, map[string]any{"HTMLContent": template.HTML(l.body())}); err != nil {
		panic(err) // as above
	}
	return page.String()
}

// text returns the letter as plain text. The link and the code have lines of their own, so that they can be copied.
func (l letter) text() string {
	parts := append([]string{}, l.lines...)
	if l.link != "" {
		parts = append(parts, l.label+":\r\n"+l.link)
	}
	if l.code != "" {
		parts = append(parts, l.code)
	}
	return strings.Join(append(parts, l.after...), "\r\n\r\n") + "\r\n"
}

// template returns the letter as PocketBase stores it.
func (l letter) template() core.EmailTemplate {
	return core.EmailTemplate{Subject: l.subject, Body: l.body()}
}

// resolve replaces the placeholders.
func (l letter) resolve(placeholders map[string]any) letter {
	replace := func(text string) string {
		_, text = core.EmailTemplate{Body: text}.Resolve(placeholders)
		return text
	}
	l.subject, l.link, l.label, l.code = replace(l.subject), replace(l.link), replace(l.label), replace(l.code)
	l.lines, l.after = replaceAll(l.lines, replace), replaceAll(l.after, replace)
	return l
}

func replaceAll(texts []string, replace func(string) string) []string {
	replaced := make([]string, len(texts))
	for i, text := range texts {
		replaced[i] = replace(text)
	}
	return replaced
}
