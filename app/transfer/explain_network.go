package transfer

import (
	"errors"

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

// The sentences below don't repeat host names and addresses, which the log has: they would tell people about the
// operator's own network.

// unreachable returns the sentence about a service that can't be reached, which names the cause if it is on this side.
func unreachable(service string, err error) string {
	if refusal, ok := errors.AsType[*outbound.Refusal](err); ok && refusal.Reason == outbound.ReasonUnresolvable {
		return unresolvable
	}
	if _, ok := errors.AsType[*outbound.ProxyError](err); ok {
		return service + " can't be reached through this server's proxy. If this lasts, ask the operator to check HTTPS_PROXY."
	}
	return service + " can't be reached."
}

const unresolvable = "This server can't resolve the name of the host that has Fathom's file. " +
	"Ask the operator to allow it in OUTBOUND_PROXY_HOSTS; the server's log names it."

// refused returns the sentence about a file that won't be downloaded because of its host.
func refused(err error) string {
	if refusal, ok := errors.AsType[*outbound.Refusal](err); ok {
		switch refusal.Reason {
		case outbound.ReasonPrivate:
			return "The host that has Fathom's file has a private address, to which this server doesn't connect. " +
				"Ask the operator to allow it in OUTBOUND_PRIVATE_RANGES; the server's log names it."
		case outbound.ReasonUnresolvable:
			return unresolvable
		}
	}
	return "Fathom sent a download address that isn't safe to use. Contact the operator."
}
