package hooks_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/mail"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/mailtest"
)

// letter is a mail that was received.
type letter struct{ to, subject, text, html string }

// link returns what follows a page's # in the plain text.
func (l letter) token(t testing.TB, page string) string {
	t.Helper()
	found := regexp.MustCompile(`(?m)^http\S+/` + page + `#(\S+?)\r?$`).FindStringSubmatch(l.text)
	require.Len(t, found, 2, l.text)
	return found[1]
}

// code returns the code in the plain text.
func (l letter) code(t testing.TB) string {
	t.Helper()
	found := regexp.MustCompile(`(?m)^\d{8}\r?$`).FindString(l.text)
	require.NotEmpty(t, found, l.text)
	return strings.TrimSpace(found)
}

// readLetter decodes a mail.
func readLetter(t testing.TB, received mailtest.Mail) letter {
	t.Helper()
	message, err := mail.ReadMessage(strings.NewReader(received.Text))
	require.NoError(t, err)
	subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
	require.NoError(t, err)
	read := letter{to: received.To, subject: subject}
	readParts(t, &read, message.Header.Get("Content-Type"), message.Header.Get("Content-Transfer-Encoding"), message.Body)
	return read
}

func readParts(t testing.TB, into *letter, contentType, encoding string, body io.Reader) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(contentType)
	require.NoError(t, err)
	if strings.HasPrefix(kind, "multipart/") {
		for parts := multipart.NewReader(body, params["boundary"]); ; {
			part, err := parts.NextRawPart()
			if err == io.EOF {
				return
			}
			require.NoError(t, err)
			readParts(t, into, part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part)
		}
	}
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	raw, err := io.ReadAll(body)
	require.NoError(t, err)
	if kind == "text/html" {
		into.html = string(raw)
	} else {
		into.text = string(raw)
	}
}

// startWithMails starts a server with a real mail server.
func startWithMails(t testing.TB, settings ...string) (*apptest.Server, *mailtest.Server) {
	t.Helper()
	mails := mailtest.Start(t, mailtest.Options{})
	s := apptest.Start(t, apptest.Options{Settings: append([]string{
		"SMTP_HOST=" + mails.Host, fmt.Sprintf("SMTP_PORT=%d", mails.Port), "SMTP_FROM=server@example.com", behindProxy,
	}, settings...)})
	return s, mails
}

// nextLetter waits for the next mail to an address with a subject, after those that were received before.
func nextLetter(s *apptest.Server, mails *mailtest.Server, to, subject string, before int) (found letter) {
	s.T.Helper()
	s.Eventually(func() bool {
		count := 0
		for _, received := range mails.Mails() {
			if received.To != to {
				continue
			}
			if read := readLetter(s.T, received); strings.Contains(read.subject, subject) {
				if count++; count > before {
					found = read
					return true
				}
			}
		}
		return false
	})
	return found
}

// createAccount creates an account as a superuser does, so that no mail is sent.
func createAccount(s *apptest.Server, email string) apptest.Person {
	s.T.Helper()
	created := createUser(s, s.SuperuserToken(), map[string]any{"email": email})
	require.Equal(s.T, 200, created.Status, created.Raw)
	return apptest.Person{Server: s, ID: created.Text("id"), Email: email}
}

// signUpVerified creates an account whose address is confirmed with the link of the mail.
func signUpVerified(s *apptest.Server, mails *mailtest.Server, email string) apptest.Person {
	s.T.Helper()
	p := s.SignUp(email)
	token := nextLetter(s, mails, email, "Confirm your e-mail address", 0).token(s.T, "verify-email")
	confirmed := postFresh(s, "/api/collections/users/confirm-verification", "", map[string]any{"token": token})
	require.Equal(s.T, 204, confirmed.Status, confirmed.Raw)
	return p
}

// postFresh sends JSON from another network each time, so that pauses and limits of networks don't apply.
func postFresh(s *apptest.Server, path, token string, body any) apptest.Answer {
	s.T.Helper()
	return sendFrom(s, nextNetwork(), path, token, body)
}

func getWith(s *apptest.Server, path, token string) apptest.Answer {
	s.T.Helper()
	return s.Call(http.MethodGet, s.URL+path, token, nil)
}
