// Package mailtest runs a real mail server on a loopback address for tests. The server keeps what it receives, and
// refuses or delays what a test asks it to.
package mailtest

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
)

// The credentials that a server with Options.SignIn accepts.
const (
	Username = "ada"
	Password = "a-mail-password"
)

// Host is a name for which the certificate of a server is valid.
const Host = "mail.example.com"

// Options of a Server. The zero value accepts all mail without encryption and sign-in.
type Options struct {
	Address  string   // where to listen; blank means a free port of 127.0.0.1
	StartTLS bool     // whether STARTTLS is offered
	TLS      bool     // whether connections are encrypted from their first byte
	SignIn   []string // mechanisms with which clients must sign in; PLAIN and LOGIN are supported
}

// Mail is a mail that the server has received.
type Mail struct {
	From, To string // of the envelope
	Text     string
	Username string // blank if the client has not signed in
}

// Server is a mail server.
type Server struct {
	Host string // of its address
	Port int

	listener net.Listener
	options  Options

	mu       sync.Mutex
	mails    []Mail
	refusals map[string]*smtp.SMTPError
	sessions int
	hooks    map[string]func()
}

// Start starts a server, which stops with the test.
func Start(t testing.TB, options Options) *Server {
	t.Helper()
	if options.Address == "" {
		options.Address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", options.Address)
	require.NoError(t, err)
	address := listener.Addr().(*net.TCPAddr)
	s := &Server{
		Host: address.IP.String(), Port: address.Port,
		listener: listener, options: options, refusals: map[string]*smtp.SMTPError{}, hooks: map[string]func(){},
	}
	server := smtp.NewServer(s)
	server.Domain, server.AllowInsecureAuth = Host, true
	server.ReadTimeout, server.WriteTimeout = time.Minute, time.Minute
	server.ErrorLog = log.New(io.Discard, "", 0)
	config := &tls.Config{Certificates: certificates().TLS.Certificates, MinVersion: tls.VersionTLS12}
	if options.StartTLS {
		server.TLSConfig = config
	}
	if options.TLS {
		listener = tls.NewListener(listener, config)
	}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) })
	t.Cleanup(func() {
		_ = server.Close()
		_ = listener.Close() // the server may not have begun to serve it
		serving.Wait()
	})
	return s
}

// Address returns the server's address and port.
func (s *Server) Address() string { return s.listener.Addr().String() }

// Roots returns the certificates that sign those of all servers.
func Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(certificates().Certificate())
	return pool
}

// certificates holds the certificate of the standard library's test servers, which is valid for *.example.com.
var certificates = sync.OnceValue(func() *httptest.Server {
	server := httptest.NewTLSServer(nil)
	server.Close()
	return server
})

// Mails returns the mails received so far.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Sessions returns how many connections the server has greeted.
func (s *Server) Sessions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions
}

// Refuse makes the server answer a command (CONNECT, AUTH, MAIL, RCPT or DATA) with a code and a text. A code of 0 makes it
// accept the command again.
func (s *Server) Refuse(command string, code int, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.refusals, command)
	if code != 0 {
		s.refusals[command] = &smtp.SMTPError{Code: code, EnhancedCode: smtp.NoEnhancedCode, Message: text}
	}
}

// On sets a function that runs when the server has received a command (as for Refuse; DATA with its text) and not yet
// answered. It may block. nil removes it.
func (s *Server) On(command string, f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hooks[command] = f
}

// refusal returns the answer to a command that the server has received.
func (s *Server) refusal(command string) error {
	s.mu.Lock()
	hook := s.hooks[command]
	s.mu.Unlock()
	if hook != nil {
		hook()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if refusal := s.refusals[command]; refusal != nil {
		return refusal
	}
	return nil
}

// NewSession implements smtp.Backend.
func (s *Server) NewSession(*smtp.Conn) (smtp.Session, error) {
	if err := s.refusal("CONNECT"); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions++
	plain := &session{server: s}
	if len(s.options.SignIn) == 0 {
		return plain, nil
	}
	return &signInSession{plain}, nil
}

type session struct {
	server *Server
	mail   Mail
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.mail.From = from
	return s.server.refusal("MAIL")
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.To = to
	return s.server.refusal("RCPT")
}

func (s *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.server.refusal("DATA"); err != nil {
		return err
	}
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.mail.Text = string(text)
	s.server.mails = append(s.server.mails, s.mail)
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

// signInSession is a session whose client must sign in.
type signInSession struct{ *session }

func (s *signInSession) AuthMechanisms() []string { return s.server.options.SignIn }

func (s *signInSession) Auth(mechanism string) (sasl.Server, error) {
	if err := s.server.refusal("AUTH"); err != nil {
		return nil, err
	}
	check := func(_, username, password string) error {
		if username != Username || password != Password {
			return smtp.ErrAuthFailed
		}
		s.mail.Username = username
		return nil
	}
	if mechanism == sasl.Login {
		return &loginServer{check: check}, nil
	}
	return sasl.NewPlainServer(check), nil
}

func (s *signInSession) Mail(from string, options *smtp.MailOptions) error {
	if s.mail.Username == "" {
		return smtp.ErrAuthRequired
	}
	return s.session.Mail(from, options)
}

// loginServer is the server's side of AUTH LOGIN.
type loginServer struct {
	check    func(identity, username, password string) error
	username string
	asked    int
}

func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	l.asked++
	switch l.asked {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		l.username = string(response)
		return []byte("Password:"), false, nil
	default:
		return nil, true, l.check("", l.username, string(response))
	}
}
