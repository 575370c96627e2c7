package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"os"

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

// Step is the part of a session with a mail server that failed.
type Step string

// The steps of a session.
const (
	StepConnect   Step = "connect"
	StepEncrypt   Step = "encrypt"
	StepSignIn    Step = "sign in"
	StepSender    Step = "sender"
	StepRecipient Step = "recipient"
	StepText      Step = "text"
)

// Error is the failure of a session with a mail server.
type Error struct {
	Step      Step
	Message   string // whole sentences for the owner of the mail server
	Temporary bool   // whether a later attempt may succeed without any change

	// Uncertain reports that the server may have accepted the message: the connection failed before it answered.
	Uncertain bool

	cause error
}

// Error names the step and the cause.
func (e *Error) Error() string { return fmt.Sprintf("send mail: %s: %v", e.Step, e.cause) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

const maxReply = 200 // characters of a server's reply that a message quotes

// failed explains the failure of a step. refused is the beginning of the sentence if the server refused it.
func failed(step Step, server Server, refused string, cause error) *Error {
	e := &Error{Step: step, cause: cause, Temporary: true}
	if reply, ok := errors.AsType[*textproto.Error](cause); ok {
		e.Temporary = reply.Code < 500
		e.Message = sanitize.Truncate(fmt.Sprintf("%s: %d %s", refused, reply.Code, sanitize.SingleLine(reply.Msg)), maxReply)
		return e
	}
	e.Message, e.Temporary = explain(server, cause)
	return e
}

// explain returns the sentence about a connection that failed.
func explain(server Server, err error) (message string, temporary bool) {
	if _, ok := errors.AsType[*outbound.Refusal](err); ok {
		return "This mail server's address is not allowed.", false
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return "There is no host with the name of this mail server. Check its spelling.", false
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return fmt.Sprintf("The mail server's certificate is not valid for %s.", server.Host), false
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return "The mail server didn't answer with TLS. Choose STARTTLS, or another port.", false
	}
	if _, ok := errors.AsType[textproto.ProtocolError](err); ok || errors.Is(err, errTooMuch) {
		return "This host doesn't answer like a mail server.", false
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Sprintf("The mail server didn't answer in time. Check the port (%d) and the encryption.", server.Port), true
	}
	if failed, ok := errors.AsType[*net.OpError](err); ok && failed.Op == "dial" {
		return fmt.Sprintf("The mail server can't be reached on port %d.", server.Port), true
	}
	return "The mail server closed the connection.", true
}
