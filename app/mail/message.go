package mail

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Message is a mail that a program sends, to one recipient. All fields but Unsubscribe are required.
type Message struct {
	ID      string // without angle brackets; the same for every attempt to send the message
	Date    time.Time
	From    Address
	To      string // an address without a name
	Subject string
	HTML    string
	Text    string // the same as plain text

	// Unsubscribe is the URL that ends mail of this kind. If it is an https URL, mail programs may call it without
	// asking further (RFC 8058).
	Unsubscribe string
}

// encode returns the message as it is sent.
func (m Message) encode() ([]byte, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := msg.FromFormat(m.From.Name, m.From.Address); err != nil {
		return nil, fmt.Errorf("encode mail: sender: %w", err)
	}
	if err := msg.To("<" + m.To + ">"); err != nil {
		return nil, fmt.Errorf("encode mail: recipient: %w", err)
	}
	msg.SetMessageIDWithValue(m.ID)
	msg.SetDateWithValue(m.Date)
	msg.Subject(m.Subject)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: keeps answering machines from answering
	if strings.HasPrefix(m.Unsubscribe, "https://") {
		if err := msg.SetListUnsubscribeOneClick(m.Unsubscribe); err != nil {
			return nil, fmt.Errorf("encode mail: %w", err)
		}
	} else if m.Unsubscribe != "" {
		msg.SetListUnsubscribe(m.Unsubscribe)
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	var text bytes.Buffer
	if _, err := msg.WriteTo(&text); err != nil {
		return nil, fmt.Errorf("encode mail: %w", err)
	}
	return text.Bytes(), nil
}
