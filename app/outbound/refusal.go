package outbound

import (
	"fmt"
	"net/netip"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

// Reason is why a [Guard] refuses an address that another party chose.
type Reason string

// The reasons of a [Refusal].
const (
	ReasonURL          Reason = "url"          // not a URL of a host, or one with credentials
	ReasonInsecure     Reason = "insecure"     // http instead of https
	ReasonRedirects    Reason = "redirects"    // more than MaxRedirects
	ReasonPrivate      Reason = "private"      // a private or special address, which Network.PrivateRanges can allow
	ReasonForbidden    Reason = "forbidden"    // an address that nothing can allow, such as a cloud metadata service
	ReasonUnresolvable Reason = "unresolvable" // a name that only the proxy could resolve; Network.ProxyHosts can allow it
)

// Refusal is the error of a [Guard]. Its text is for the operator of the server: it names the host or the address, and
// the setting that allows it, but contains no URL. People who chose the address should see neither, because the answer
// of the operator's DNS is none of their business.
type Refusal struct {
	Reason  Reason
	Host    string     // in the URL; blank if only the address is known
	Address netip.Addr // ReasonPrivate and ReasonForbidden: the address of the host

	// Temporary reports that the same host may be accepted later: its name couldn't be resolved because the DNS
	// server didn't answer.
	Temporary bool
}

const maxHostName = 253 // bytes, as in DNS

// Error describes the refusal and how the operator can allow the host.
func (r *Refusal) Error() string {
	host := "host"
	if r.Host != "" {
		host = fmt.Sprintf("host %q", sanitize.TruncateBytes(r.Host, maxHostName))
	}
	switch r.Reason {
	case ReasonInsecure:
		return "URL is not https"
	case ReasonRedirects:
		return "host redirects too often"
	case ReasonPrivate:
		return fmt.Sprintf("%s has the private or special address %s; if your DNS hands out such addresses for hosts on the Internet, "+
			"list their range in OUTBOUND_PRIVATE_RANGES", host, r.Address)
	case ReasonForbidden:
		return fmt.Sprintf("%s has the address %s, which is never allowed", host, r.Address)
	case ReasonUnresolvable:
		return host + " can't be resolved by this server; if only your proxy can resolve it, list it in OUTBOUND_PROXY_HOSTS"
	default:
		return "unusable URL"
	}
}
