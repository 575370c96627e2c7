package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

const (
	sessionTimeout = time.Minute
	maxReceived    = 1 << 20 // bytes that a server may send in a session
)

var (
	errTooMuch      = errors.New("server sent too much")
	errNoEncryption = errors.New("server offers no encryption")
	errNoSignIn     = errors.New("server offers no known way to sign in")
)

// session is a connection to a mail server. It ends with its context.
type session struct {
	smtp   *smtp.Client
	server Server
	end    func()
}

// open connects to a server, encrypts the connection and signs in.
func (c *Client) open(ctx context.Context, server Server) (_ *session, err error) {
	ctx, cancel := context.WithTimeout(ctx, sessionTimeout)
	defer func() {
		if err != nil {
			cancel()
		}
	}()
	raw, err := c.Dial(ctx, "tcp", net.JoinHostPort(server.Host, strconv.Itoa(server.Port)))
	if err != nil {
		return nil, failed(StepConnect, server, "", err)
	}
	conn := net.Conn(&boundedConn{Conn: raw, left: maxReceived})
	detach := context.AfterFunc(ctx, func() { _ = raw.SetDeadline(time.Unix(1, 0)) })
	s := &session{server: server, end: func() {
		detach()
		cancel()
		_ = raw.Close()
	}}
	defer func() {
		if err != nil {
			s.end()
		}
	}()
	if server.TLS {
		encrypted := tls.Client(conn, c.tlsConfig(server))
		if err := encrypted.HandshakeContext(ctx); err != nil {
			return nil, failed(StepEncrypt, server, "", err)
		}
		conn = encrypted
	}
	if s.smtp, err = smtp.NewClient(conn, server.Host); err != nil {
		return nil, failed(StepConnect, server, "The mail server refused the connection", err)
	}
	if c.LocalName != "" {
		if err := s.smtp.Hello(c.LocalName); err != nil {
			return nil, failed(StepConnect, server, "The mail server refused the connection", err)
		}
	}
	if err := s.encrypt(c.tlsConfig(server), isLoopback(raw.RemoteAddr())); err != nil {
		return nil, err
	}
	if err := s.signIn(); err != nil {
		return nil, err
	}
	return s, nil
}

func (c *Client) tlsConfig(server Server) *tls.Config {
	return &tls.Config{ServerName: server.Host, RootCAs: c.Roots, MinVersion: tls.VersionTLS12}
}

// encrypt uses STARTTLS if the server offers it. Without it, a password may be sent only within this machine.
func (s *session) encrypt(config *tls.Config, local bool) error {
	if s.server.TLS {
		return nil
	}
	if offered, _ := s.smtp.Extension("STARTTLS"); offered {
		if err := s.smtp.StartTLS(config); err != nil {
			return failed(StepEncrypt, s.server, "The mail server refused encryption", err)
		}
		return nil
	}
	if s.server.Credentials.Password != "" && !local {
		return &Error{
			Step: StepEncrypt, Message: "This mail server offers no encryption, so the password was not sent.", cause: errNoEncryption,
		}
	}
	return nil
}

func (s *session) signIn() error {
	username, password := s.server.Credentials.Username, s.server.Credentials.Password
	if username == "" && password == "" {
		return nil
	}
	_, offered := s.smtp.Extension("AUTH")
	var auth smtp.Auth
	switch mechanisms := " " + strings.ToUpper(offered) + " "; { // encrypt has made sure that the connection is safe
	case strings.Contains(mechanisms, " PLAIN "):
		auth = smtp.PlainAuth("", username, password, s.server.Host, true)
	case strings.Contains(mechanisms, " LOGIN "):
		auth = smtp.LoginAuth(username, password, s.server.Host, true)
	case strings.Contains(mechanisms, " SCRAM-SHA-256 "):
		auth = smtp.ScramSHA256Auth(username, password)
	case strings.Contains(mechanisms, " CRAM-MD5 "):
		auth = smtp.CRAMMD5Auth(username, password)
	default:
		return &Error{
			Step: StepSignIn, Message: "This mail server doesn't accept a user name and password on this port.", cause: errNoSignIn,
		}
	}
	if err := s.smtp.Auth(auth); err != nil {
		return failed(StepSignIn, s.server, "The mail server refused the user name or password", err)
	}
	return nil
}

// begin names the sender and the recipient.
func (s *session) begin(from, to string) error {
	if err := s.smtp.Mail("<" + from + ">"); err != nil {
		return failed(StepSender, s.server, "The mail server refused the sender "+from, err)
	}
	if err := s.smtp.Rcpt("<" + to + ">"); err != nil {
		return failed(StepRecipient, s.server, "The mail server refused mail to "+to, err)
	}
	return nil
}

// send sends the text of a message. An error is uncertain unless the server has refused the message.
func (s *session) send(text []byte) error {
	const refused = "The mail server refused the mail"
	data, err := s.smtp.Data()
	if err != nil {
		return failed(StepText, s.server, refused, err)
	}
	_, err = data.Write(text)
	if closed := data.Close(); err == nil {
		err = closed
	}
	if err == nil {
		return nil
	}
	failure := failed(StepText, s.server, refused, err)
	failure.Uncertain = !strings.HasPrefix(failure.Message, refused)
	return failure
}

// close says goodbye, which a server may ignore.
func (s *session) close() {
	_ = s.smtp.UpdateDeadline(time.Second)
	_ = s.smtp.Quit()
	s.end()
}

func isLoopback(addr net.Addr) bool {
	tcp, ok := addr.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// boundedConn limits what a server can make this one keep in memory.
type boundedConn struct {
	net.Conn
	left int // bytes; used by one goroutine
}

func (c *boundedConn) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, errTooMuch
	}
	n, err := c.Conn.Read(p[:min(len(p), c.left)])
	c.left -= n
	return n, err
}
