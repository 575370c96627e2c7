// Package mail creates messages and hands them to mail servers over SMTP. Every failure is a sentence for the person
// whose mail server it is.
//
// A Client is safe for concurrent use. The package decides neither who receives mail nor which addresses may be
// connected to: the latter is up to Client.Dial. No password may reach a log or an error.
package mail

import (
	"context"
	"crypto/x509"
	"net"
	"net/mail"
	"slices"

	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
)

// Ports are the ports on which mail servers accept mail from their users. Others would let people reach services of
// other kinds.
var Ports = []int{25, 465, 587, 2525}

// PortMessage explains to a person which ports they may choose.
const PortMessage = "Use port 25, 465, 587 or 2525."

// IsPort reports whether a port is one of Ports.
func IsPort(port int) bool { return slices.Contains(Ports, port) }

// Credentials sign in to a mail server. They are redacted wherever they are printed.
type Credentials struct {
	redact.Value
	Username, Password string // blank means no sign-in
}

// Server is a mail server.
type Server struct {
	Host        string // a name or an IP address
	Port        int
	TLS         bool // encrypts from the first byte, as on port 465; otherwise by STARTTLS, if the server offers it
	Credentials Credentials
}

// Client connects to mail servers. Dial is required.
type Client struct {
	Dial      func(ctx context.Context, network, address string) (net.Conn, error)
	LocalName string         // the host name in the greeting; blank means localhost
	Roots     *x509.CertPool // that sign the certificates of servers; nil means those of the system
}

// Check signs in to a server and asks whether it would accept a mail between two addresses, without sending one.
// Its error is an *Error.
func (c *Client) Check(ctx context.Context, server Server, from, to string) error {
	s, err := c.open(ctx, server)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.begin(from, to); err != nil {
		return err
	}
	_ = s.smtp.Reset() // the server has accepted everything that matters
	return nil
}

// SignIn connects to a server and signs in, and does nothing else. Its error is an *Error.
func (c *Client) SignIn(ctx context.Context, server Server) error {
	s, err := c.open(ctx, server)
	if err != nil {
		return err
	}
	s.close()
	return nil
}

// Send sends a message. It calls ready when the server has accepted both addresses, before it sends the text; if ready
// returns an error, Send returns it and has sent nothing. Other errors are an *Error.
func (c *Client) Send(ctx context.Context, server Server, message Message, ready func() error) error {
	text, err := message.encode()
	if err != nil {
		return err
	}
	s, err := c.open(ctx, server)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.begin(message.From.Address, message.To); err != nil {
		return err
	}
	if err := ready(); err != nil {
		return err
	}
	return s.send(text)
}

// Address is an e-mail address with a name, which may be blank.
type Address = mail.Address

// ParseAddress reads a text such as "ada@example.com" or "Ada <ada@example.com>".
func ParseAddress(text string) (Address, error) {
	address, err := mail.ParseAddress(text)
	if err != nil {
		return Address{}, err
	}
	return *address, nil
}
