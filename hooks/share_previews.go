package hooks

import (
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	"github.com/fathom-to-loom/fathom-to-loom/app/share"
)

// The size in pixels of posters and of players in frames.
const (
	posterWidth  = 1280
	posterHeight = 720
)

var posterSVG = template.Must(template.New("poster").Parse(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1280 720" width="1280" height="720">
<rect width="1280" height="720" fill="#0c2e26"/>
<circle cx="640" cy="310" r="96" fill="#63c9aa"/>
<path d="M612 258v104l88-52z" fill="#06231b"/>
{{range $i, $line := .}}<text x="640" y="{{if $i}}560{{else}}496{{end}}" font-family="system-ui, sans-serif" font-size="48" font-weight="600" fill="#fff" text-anchor="middle">{{$line}}</text>
{{end}}</svg>
`))

// sendPoster sends a picture of the recording. If there is none, it draws a tile with the title, if the link shows that.
func (p sharePages) sendPoster(e *core.RequestEvent) error {
	found, err := p.admitted(e, p.pages)
	if err != nil {
		return p.refuseFile(e, err)
	}
	end, err := p.beginRendering(e)
	if err != nil {
		return p.refuseFile(e, err)
	}
	defer end()
	picture, mediaType, title, err := p.Shares.Poster(e.Request.Context(), found)
	if err != nil {
		return p.refuseFile(e, err)
	}
	e.Response.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if len(picture) > 0 {
		return e.Blob(http.StatusOK, mediaType, picture)
	}
	var out strings.Builder
	if err := posterSVG.Execute(&out, posterLines(title)); err != nil {
		return e.InternalServerError("", err)
	}
	return e.Blob(http.StatusOK, "image/svg+xml", []byte(out.String()))
}

// posterLines divides a title into up to two lines.
func posterLines(title string) []string {
	const width = 44 // characters that fit into a line
	var lines []string
	line := ""
	for _, word := range strings.Fields(title) {
		switch {
		case line == "":
			line = word
		case len([]rune(line))+1+len([]rune(word)) <= width:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	lines = append(lines, line)
	isLong := len(lines) > 2
	lines = lines[:min(2, len(lines))]
	for i, line := range lines {
		if short := sanitize.Truncate(line, width); short != line || isLong && i == 1 {
			lines[i] = short + "…"
		}
	}
	return lines
}

var oEmbedFrame = template.Must(template.New("frame").Parse(
	`<iframe src="{{.Source}}" width="{{.Width}}" height="{{.Height}}" title="{{.Title}}" frameborder="0" allow="fullscreen; picture-in-picture" allowfullscreen></iframe>`))

// sendOEmbed tells other services how to show a link (https://oembed.com). It says nothing about links with a password.
func (p sharePages) sendOEmbed(e *core.RequestEvent) error {
	query := e.Request.URL.Query()
	if format := query.Get("format"); format != "" && format != "json" {
		return e.Error(http.StatusNotImplemented, "Only the format json is supported.", nil)
	}
	id, moment := p.linkOf(query.Get("url"))
	e.Request.SetPathValue("id", id)
	found, err := p.find(e, p.pages)
	if err == nil && found.HasPassword() {
		return e.UnauthorizedError("This recording has a password.", nil)
	}
	if err == nil {
		err = problemOf(found.State)
	}
	if err != nil {
		return p.refuseFile(e, err)
	}
	end, err := p.beginRendering(e)
	if err != nil {
		return p.refuseFile(e, err)
	}
	defer end()
	content, err := p.Shares.Brief(e.Request.Context(), found)
	if err != nil {
		return p.refuseFile(e, err)
	}
	width, height := frameSize(query.Get("maxwidth"), query.Get("maxheight"))
	page := p.Config.BaseURL() + share.Path + id
	var frame strings.Builder
	err = oEmbedFrame.Execute(&frame, map[string]any{"Source": page + "/embed" + moment, "Width": width, "Height": height, "Title": content.Title})
	if err != nil {
		return e.InternalServerError("", err)
	}
	return e.JSON(http.StatusOK, map[string]any{
		"version": "1.0", "type": "video", "title": content.Title, "provider_name": "Fathom-to-Loom", "provider_url": p.Config.BaseURL(),
		"html": frame.String(), "width": width, "height": height, "cache_age": 300,
		"thumbnail_url": page + "/poster", "thumbnail_width": posterWidth, "thumbnail_height": posterHeight,
	})
}

// linkOf returns the id in the address of a page on this server, and the query for the moment at which it starts. Both are
// blank for another address.
func (p sharePages) linkOf(address string) (id, moment string) {
	rest, ok := strings.CutPrefix(address, p.Config.BaseURL()+share.Path)
	if !ok {
		return "", ""
	}
	parsed, err := url.Parse(rest)
	if err != nil {
		return "", ""
	}
	if at := momentOf(parsed.Query().Get("t")); at > 0 {
		moment = "?t=" + wholeSeconds(at)
	}
	return strings.TrimSuffix(parsed.Path, "/embed"), moment
}

// frameSize returns the largest size of a player within the limits of a page, which may be blank.
func frameSize(maxWidth, maxHeight string) (width, height int) {
	width, height = posterWidth, posterHeight
	if limit, err := strconv.Atoi(maxWidth); err == nil && limit > 0 && limit < width {
		width, height = limit, max(1, limit*posterHeight/posterWidth)
	}
	if limit, err := strconv.Atoi(maxHeight); err == nil && limit > 0 && limit < height {
		width, height = max(1, limit*posterWidth/posterHeight), limit
	}
	return width, height
}
