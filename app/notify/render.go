package notify

import (
	_ "embed"
	"fmt"
	htmltemplate "html/template"
	"strings"
	texttemplate "text/template"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/mail"
	"github.com/fathom-to-loom/fathom-to-loom/app/preferences"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

//go:embed mail.html
var htmlSource string

//go:embed mail.txt
var textSource string

var (
	htmlMail = htmltemplate.Must(htmltemplate.New("mail.html").Parse(htmlSource))
	textMail = texttemplate.Must(texttemplate.New("mail.txt").Parse(textSource))
)

// content is what the templates show.
type content struct {
	Subject     string
	Items       []item
	URL         string // of the web app
	Unsubscribe string // blank if there is no link
}

type item struct {
	Text string
	URL  string // of the meeting; may be blank
}

// render returns the mail about notices of one group.
func (s *Service) render(db *userdb.Database, from mail.Address, user *core.Record, group string, notices []*core.Record) (mail.Message, error) {
	c := content{Subject: subject(db.App, group, notices), URL: s.baseURL + "/"}
	for _, n := range notices {
		c.Items = append(c.Items, item{Text: n.GetString("text"), URL: s.linkOf(db.App, n)})
	}
	if s.hasURL {
		c.Unsubscribe = s.unsubscribeURL(db.UserID, group)
	}
	var html, text strings.Builder
	if err := htmlMail.Execute(&html, c); err != nil {
		return mail.Message{}, err
	}
	if err := textMail.Execute(&text, c); err != nil {
		return mail.Message{}, err
	}
	if from.Name == "" {
		from.Name = "Fathom-to-Loom"
	}
	return mail.Message{
		ID: messageID(from, notices), Date: s.now(), From: from, To: user.Email(), Subject: c.Subject,
		HTML: html.String(), Text: text.String(), Unsubscribe: c.Unsubscribe,
	}, nil
}

func subject(app core.App, group string, notices []*core.Record) string {
	count, first := len(notices), kindOf(notices[0])
	switch {
	case count > 1 && group == preferences.GroupYourTurn:
		return fmt.Sprintf("Your turn: %d recordings to upload to Loom", count)
	case count > 1 && group == preferences.GroupFailed:
		return fmt.Sprintf("%d problems in Fathom-to-Loom", count)
	case first.titled:
		return first.subject + titleOf(app, int64(notices[0].GetInt("recording_id")))
	}
	return first.subject
}

// linkOf returns the page about a notice.
func (s *Service) linkOf(app core.App, n *core.Record) string {
	if page := kindOf(n).page; page != "" {
		return s.baseURL + page
	}
	if n.GetInt("recording_id") == 0 {
		return s.baseURL + "/"
	}
	meeting, err := app.FindFirstRecordByData(schema.Meetings, "recording_id", n.GetInt("recording_id"))
	if err != nil {
		return s.baseURL + "/"
	}
	return s.baseURL + "/meetings/" + meeting.Id
}
