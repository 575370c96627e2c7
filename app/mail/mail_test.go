package mail_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/mail"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/internal/mailtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	from = "robot@example.com"
	to   = "ada@example.net"
)

// remoteConn is a connection whose other end seems to be elsewhere, so that a password must be encrypted.
type remoteConn struct{ net.Conn }

func (remoteConn) RemoteAddr() net.Addr {
	return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 587}
}

// newClient returns a client that reaches a server under any name.
func newClient(server *mailtest.Server) *mail.Client {
	return &mail.Client{
		LocalName: "notes.example.org", Roots: mailtest.Roots(),
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, network, server.Address())
			if err != nil {
				return nil, err
			}
			return remoteConn{conn}, nil
		},
	}
}

func settings(implicitTLS bool) mail.Server {
	return mail.Server{
		Host: mailtest.Host, Port: 587, TLS: implicitTLS,
		Credentials: mail.Credentials{Username: mailtest.Username, Password: mailtest.Password},
	}
}

func message() mail.Message {
	return mail.Message{
		ID: "abc@example.org", Date: time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC),
		From: netmail.Address{Name: "Fathom-to-Loom", Address: from}, To: to,
		Subject: "Übertragung fehlgeschlagen: „Größe“ \r\nBcc: eve@example.com",
		Text:    "Grüße\n.\nFrom the server", HTML: "<p>Grüße &amp; more</p>",
		Unsubscribe: "https://notes.example.org/api/unsubscribe?token=" + strings.Repeat("abcd", 40),
	}
}

func TestMailIsDelivered(t *testing.T) {
	for name, test := range map[string]struct {
		options mailtest.Options
		server  mail.Server
	}{
		"STARTTLS and PLAIN":      {mailtest.Options{StartTLS: true, SignIn: []string{"PLAIN"}}, settings(false)},
		"STARTTLS and LOGIN":      {mailtest.Options{StartTLS: true, SignIn: []string{"LOGIN"}}, settings(false)},
		"TLS from the first byte": {mailtest.Options{TLS: true, SignIn: []string{"LOGIN", "PLAIN"}}, settings(true)},
		"without a sign-in":       {mailtest.Options{}, mail.Server{Host: mailtest.Host, Port: 25}},
	} {
		t.Run(name, func(t *testing.T) {
			server := mailtest.Start(t, test.options)
			client := newClient(server)
			require.NoError(t, client.Check(t.Context(), test.server, from, to))
			assert.Empty(t, server.Mails(), "a check sends nothing")

			ready := 0
			require.NoError(t, client.Send(t.Context(), test.server, message(), func() error {
				ready++
				assert.Empty(t, server.Mails())
				return nil
			}))
			assert.Equal(t, 1, ready)
			mails := server.Mails()
			require.Len(t, mails, 1)
			assert.Equal(t, from, mails[0].From)
			assert.Equal(t, to, mails[0].To)
			assert.Equal(t, test.server.Credentials.Username, mails[0].Username)
			checkMessage(t, mails[0].Text)
		})
	}
}

// checkMessage reads a message as a mail program does.
func checkMessage(t *testing.T, raw string) {
	t.Helper()
	for line := range strings.SplitSeq(raw, "\r\n") {
		assert.Less(t, len(line), 999, "RFC 5322 limits the length of a line")
	}
	got, err := netmail.ReadMessage(strings.NewReader(raw))
	require.NoError(t, err)
	subject, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
	require.NoError(t, err)
	assert.Equal(t, "Übertragung fehlgeschlagen: „Größe“ Bcc: eve@example.com", strings.Join(strings.Fields(subject), " "))
	for header, want := range map[string]string{
		"From": `"Fathom-to-Loom" <` + from + `>`, "To": "<" + to + ">", "Bcc": "", "Message-Id": "<abc@example.org>",
		"Date": "Fri, 27 Nov 2026 09:00:00 +0000", "Auto-Submitted": "auto-generated", "Mime-Version": "1.0",
		"List-Unsubscribe": "<" + message().Unsubscribe + ">", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
	} {
		assert.Equal(t, want, got.Header.Get(header), header)
	}
	kind, params, err := mime.ParseMediaType(got.Header.Get("Content-Type"))
	require.NoError(t, err)
	require.Equal(t, "multipart/alternative", kind)
	parts := multipart.NewReader(got.Body, params["boundary"])
	for _, want := range []struct{ kind, text string }{{"text/plain", message().Text}, {"text/html", message().HTML}} {
		part, err := parts.NextRawPart()
		require.NoError(t, err)
		assert.Equal(t, want.kind+"; charset=UTF-8", part.Header.Get("Content-Type"))
		require.Equal(t, "quoted-printable", part.Header.Get("Content-Transfer-Encoding"))
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		require.NoError(t, err)
		assert.Equal(t, want.text, strings.ReplaceAll(string(text), "\r\n", "\n"))
	}
	_, err = parts.NextRawPart()
	assert.ErrorIs(t, err, io.EOF)
}

func TestOneClickNeedsHTTPS(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{})
	m := message()
	m.Unsubscribe = "http://127.0.0.1:8090/api/unsubscribe?token=x"
	require.NoError(t, newClient(server).Send(t.Context(), mail.Server{Host: mailtest.Host, Port: 25}, m, func() error { return nil }))
	got, err := netmail.ReadMessage(strings.NewReader(server.Mails()[0].Text))
	require.NoError(t, err)
	assert.Equal(t, "<"+m.Unsubscribe+">", got.Header.Get("List-Unsubscribe"))
	assert.Empty(t, got.Header.Get("List-Unsubscribe-Post"), "RFC 8058 requires https")
}

func TestEachFailureIsASentence(t *testing.T) {
	secure := mailtest.Options{StartTLS: true, SignIn: []string{"PLAIN"}}
	for name, test := range map[string]struct {
		options   mailtest.Options
		prepare   func(*mailtest.Server, *mail.Client, *mail.Server)
		step      mail.Step
		message   string
		temporary bool
	}{
		"forbidden address": {secure, func(_ *mailtest.Server, c *mail.Client, s *mail.Server) {
			c.Dial, s.Host = outbound.NewGuard(outbound.Network{}, nil).Dialer().DialContext, "127.0.0.1"
		}, mail.StepConnect, "This mail server's address is not allowed.", false},
		"no server": {secure, func(_ *mailtest.Server, c *mail.Client, s *mail.Server) {
			c.Dial = func(context.Context, string, string) (net.Conn, error) {
				return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
			}
		}, mail.StepConnect, "The mail server can't be reached on port 587.", true},
		"unknown name": {secure, func(_ *mailtest.Server, c *mail.Client, s *mail.Server) {
			c.Dial = func(context.Context, string, string) (net.Conn, error) {
				return nil, &net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}}
			}
		}, mail.StepConnect, "There is no host with the name of this mail server. Check its spelling.", false},
		"another certificate": {secure, func(_ *mailtest.Server, c *mail.Client, s *mail.Server) {
			s.Host = "mail.example.org"
		}, mail.StepEncrypt, "The mail server's certificate is not valid for mail.example.org.", false},
		"unknown authority": {secure, func(_ *mailtest.Server, c *mail.Client, s *mail.Server) {
			c.Roots = nil
		}, mail.StepEncrypt, "The mail server's certificate is not valid for mail.example.com.", false},
		"TLS on a port for STARTTLS": {secure, func(_ *mailtest.Server, c *mail.Client, s *mail.Server) {
			s.TLS = true
		}, mail.StepEncrypt, "The mail server didn't answer with TLS. Choose STARTTLS, or another port.", false},
		"no encryption": {mailtest.Options{SignIn: []string{"PLAIN"}}, func(*mailtest.Server, *mail.Client, *mail.Server) {
		}, mail.StepEncrypt, "This mail server offers no encryption, so the password was not sent.", false},
		"unknown mechanism": {mailtest.Options{StartTLS: true, SignIn: []string{"XOAUTH2"}}, func(*mailtest.Server, *mail.Client, *mail.Server) {
		}, mail.StepSignIn, "This mail server doesn't accept a user name and password on this port.", false},
		"wrong password": {secure, func(_ *mailtest.Server, _ *mail.Client, s *mail.Server) {
			s.Credentials.Password = "another-password"
		}, mail.StepSignIn, "The mail server refused the user name or password: 5", false},
		"sign-in not possible now": {secure, func(m *mailtest.Server, _ *mail.Client, _ *mail.Server) {
			m.Refuse("AUTH", 454, "Try later")
		}, mail.StepSignIn, "The mail server refused the user name or password: 454 Try later", true},
		"greylisted": {secure, func(m *mailtest.Server, _ *mail.Client, _ *mail.Server) {
			m.Refuse("RCPT", 451, "Greylisted")
		}, mail.StepRecipient, "The mail server refused mail to ada@example.net: 451 Greylisted", true},
		"sender refused": {secure, func(m *mailtest.Server, _ *mail.Client, _ *mail.Server) {
			m.Refuse("MAIL", 550, "Not yours\x07")
		}, mail.StepSender, "The mail server refused the sender robot@example.com: 550 Not yours", false},
	} {
		t.Run(name, func(t *testing.T) {
			server := mailtest.Start(t, test.options)
			client, at := newClient(server), settings(false)
			test.prepare(server, client, &at)
			for _, err := range []error{
				client.Check(t.Context(), at, from, to),
				client.Send(t.Context(), at, message(), func() error {
					assert.Fail(t, "the message is not ready to be sent")
					return nil
				}),
			} {
				failure, ok := errors.AsType[*mail.Error](err)
				require.True(t, ok, "%v", err)
				assert.Equal(t, test.step, failure.Step)
				assert.True(t, strings.HasPrefix(failure.Message, test.message), failure.Message)
				assert.Equal(t, test.temporary, failure.Temporary)
				assert.False(t, failure.Uncertain)
				for _, text := range []string{err.Error(), failure.Message, fmt.Sprintf("%+v %v", at, at)} {
					assert.NotContains(t, text, at.Credentials.Password)
				}
			}
			assert.Empty(t, server.Mails())
		})
	}
}

func TestHostThatIsNoMailServer(t *testing.T) {
	for name, test := range map[string]struct{ answer, message string }{
		"another protocol": {"HTTP/1.1 400 Bad Request\r\n", "This host doesn't answer like a mail server."},
		"endless reply":    {strings.Repeat("220-welcome\r\n", 200_000), "This host doesn't answer like a mail server."},
		"nothing":          {"", "The mail server closed the connection."},
	} {
		t.Run(name, func(t *testing.T) {
			client := &mail.Client{Dial: func(context.Context, string, string) (net.Conn, error) {
				ours, theirs := net.Pipe()
				go func() {
					defer theirs.Close()
					_, _ = io.WriteString(theirs, test.answer)
				}()
				return ours, nil
			}}
			failure, ok := errors.AsType[*mail.Error](client.Check(t.Context(), settings(false), from, to))
			require.True(t, ok)
			assert.Equal(t, test.message, failure.Message, "%v", failure)
		})
	}
}

func TestSilentServerIsLeftWithTheContext(t *testing.T) {
	client := &mail.Client{Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		t.Cleanup(func() { _ = theirs.Close() })
		return ours, nil
	}}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	failure, ok := errors.AsType[*mail.Error](client.Check(ctx, settings(false), from, to))
	require.True(t, ok)
	assert.True(t, failure.Temporary)
	assert.Contains(t, failure.Message, "didn't answer in time")
}

func TestServerThatRefusesTheTextHasNotAcceptedIt(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{StartTLS: true, SignIn: []string{"PLAIN"}})
	server.Refuse("DATA", 554, "Spam")
	err := newClient(server).Send(t.Context(), settings(false), message(), func() error { return nil })
	failure, ok := errors.AsType[*mail.Error](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, mail.StepText, failure.Step)
	assert.Equal(t, "The mail server refused the mail: 554 Spam", failure.Message)
	assert.False(t, failure.Temporary)
	assert.False(t, failure.Uncertain)
}

func TestLostAnswerIsUncertain(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{StartTLS: true, SignIn: []string{"PLAIN"}})
	ctx, cancel := context.WithCancel(t.Context())
	received := make(chan struct{})
	server.On("DATA", func() {
		cancel()
		<-received
	})
	err := newClient(server).Send(ctx, settings(false), message(), func() error { return nil })
	close(received)
	failure, ok := errors.AsType[*mail.Error](err)
	require.True(t, ok, "%v", err)
	assert.True(t, failure.Uncertain, "the server may deliver what it has received")
}

func TestNothingIsSentUnlessReady(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{})
	stop := errors.New("not ready")
	err := newClient(server).Send(t.Context(), mail.Server{Host: mailtest.Host, Port: 25}, message(), func() error { return stop })
	assert.ErrorIs(t, err, stop)
	assert.Empty(t, server.Mails())
}
