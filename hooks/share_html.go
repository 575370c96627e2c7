package hooks

import (
	"bytes"
	"crypto/rand"
	_ "embed"
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/captions"
	"github.com/fathom-to-loom/fathom-to-loom/app/share"
)

//go:embed share_page.html
var sharePageSource string

var shareHTML = template.Must(template.New("share").Funcs(template.FuncMap{"clock": clockText, "seconds": wholeSeconds}).Parse(sharePageSource))

// sharePage is what the templates show. Addresses that the browser loads are relative, because a reverse proxy may put the
// server under a path, and those that people or other services use are absolute.
type sharePage struct {
	Embedded bool // in a frame
	Nonce    string
	Root     string // leads to the root of the server
	Action   string // where a form goes
	Title    string
	Problem  string // why there is nothing to see, or what is wrong with a password

	Content                  *share.Content
	Locked                   bool // the link has a password
	Facts                    string
	Source, Captions, Poster string
	URL, OEmbed              string
	id, query, moment        string
}

func newSharePage(e *core.RequestEvent, embedded bool) *sharePage {
	page := &sharePage{Embedded: embedded, Nonce: rand.Text(), Root: "../", Title: share.UntitledName, id: e.Request.PathValue("id")}
	page.Action = page.id
	if embedded {
		page.Root, page.Action = "../../", "embed"
	}
	if at := momentOf(e.Request.URL.Query().Get("t")); at > 0 {
		page.moment = "#t=" + wholeSeconds(at)
		page.Action += "?t=" + wholeSeconds(at)
	}
	return page
}

func (p *sharePage) addContent(content *share.Content, found *share.Share, grant string) {
	p.Content, p.Title, p.Locked = content, content.Title, found.HasPassword()
	if grant != "" {
		p.query = "?g=" + url.QueryEscape(grant)
	}
	base := p.Root + "s/" + p.id
	p.Source, p.Captions, p.Poster = base+"/video"+p.query+p.moment, base+"/captions"+p.query, base+"/poster"+p.query
	var facts []string
	if !content.Recorded.IsZero() {
		facts = append(facts, content.Recorded.UTC().Format("2 January 2006"))
	}
	if content.Length >= time.Second {
		facts = append(facts, clockText(content.Length))
	}
	p.Facts = strings.Join(facts, " · ")
}

func (p *sharePage) addAddresses(server string) {
	p.URL = server + share.Path + p.id
	p.OEmbed = server + share.Path + "oembed?format=json&url=" + url.QueryEscape(p.URL)
}

// render responds with a template. Only the page in a frame may be framed, by anybody; nothing but the page's own script
// runs, and nothing is loaded from elsewhere.
func (p sharePages) render(e *core.RequestEvent, status int, name string, page *sharePage) error {
	var out bytes.Buffer
	if err := shareHTML.ExecuteTemplate(&out, name, page); err != nil {
		return e.InternalServerError("", fmt.Errorf("render page of a shared recording: %w", err))
	}
	policy := []string{"default-src 'none'", "style-src 'self'", "img-src 'self'", "base-uri 'none'"}
	switch name {
	case "watch":
		policy = append(policy, "script-src 'nonce-"+page.Nonce+"'", "media-src "+p.mediaFrom, "form-action 'none'")
	default:
		policy = append(policy, "form-action 'self'")
	}
	header := e.Response.Header()
	if page.Embedded {
		policy = append(policy, "frame-ancestors *")
		header.Del("X-Frame-Options")
	} else {
		policy = append(policy, "frame-ancestors 'none'")
		header.Set("X-Frame-Options", "DENY")
	}
	header.Set("Content-Security-Policy", strings.Join(policy, "; "))
	return e.Blob(status, "text/html; charset=utf-8", out.Bytes())
}

// maxMoment is later than any recording ends.
const maxMoment = 100 * time.Hour

// momentOf reads a time such as 90, 1m30s or 1:30. It returns 0 for any other text.
func momentOf(text string) time.Duration {
	at, err := time.ParseDuration(text)
	if err != nil {
		if number, numberErr := strconv.ParseUint(text, 10, 32); numberErr == nil {
			at = time.Duration(number) * time.Second
		} else {
			at, _ = captions.ParseTimestamp(text)
		}
	}
	if at < 0 || at > maxMoment {
		return 0
	}
	return at
}

func wholeSeconds(at time.Duration) string { return strconv.FormatInt(int64(at/time.Second), 10) }

// clockText returns a time as 1:02 or 1:02:03.
func clockText(at time.Duration) string {
	seconds := int64(at / time.Second)
	if seconds < 3600 {
		return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}
