package simulator

import (
	"cmp"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"time"
)

// DemoAPIKey is the Fathom key that is accepted when Config.APIKeys is empty. The real Fathom doesn't accept it.
const DemoAPIKey = "simulator-demo-api-key.it-opens-nothing-but-a-simulator-on-this-host"

// Defaults of Config.
const (
	DefaultAddr            = "127.0.0.1:0"
	DefaultMeetings        = 24
	DefaultProcessingPolls = 2
	DefaultExpiry          = 24 * time.Hour // https://developers.fathom.ai: signed file URLs live about a day
)

// Config configures a simulator. The zero value is valid.
type Config struct {
	Addr        string   // loopback address to listen on; default DefaultAddr
	APIKeys     []string // accepted Fathom keys; default DemoAPIKey
	AdminKeys   []string // keys or tokens of account admins (GET /users); nil means the first of APIKeys
	OAuthTokens []string // accepted bearer tokens; default none

	Meetings        int    // number of generated meetings; default DefaultMeetings, negative for no meetings
	Seed            uint64 // a different seed gives different transcripts and links
	RecordingSize   int64  // size in bytes to which every recording is padded; 0 for no padding
	ProcessingPolls int    // status polls that report "processing"; default DefaultProcessingPolls, negative for 0
	NullOptionals   bool   // parts that were not requested are null instead of absent; the docs allow both
	OldestFirst     bool   // GET /meetings lists the oldest meeting first; the docs mention no order
	NoRange         bool   // signed file URLs ignore Range; see also SetRange

	RateLimits bool   // enforce Limits
	Limits     Limits // default 60 / 30 / 30 calls in 60 s
	HeadersOff bool   // omit the RateLimit-* and Retry-After headers

	Recorded *Recorded // answers of the real Fathom to give instead of generated ones; see ReadReport

	LoomSession string // if set, the upload page requires it in the cookie connect.sid and redirects to /login otherwise

	Atlassian *AtlassianConfig // nil means that there is no Atlassian side

	Logger *slog.Logger     // default: discard
	Now    func() time.Time // clock; default time.Now
}

// withDefaults returns c with its unset fields filled in, or an error if c cannot work.
func (c Config) withDefaults() (Config, error) {
	c.Addr = cmp.Or(c.Addr, DefaultAddr)
	if err := checkLoopback(c.Addr); err != nil {
		return c, err
	}
	if len(c.APIKeys) == 0 {
		c.APIKeys = []string{DemoAPIKey}
	}
	if c.AdminKeys == nil {
		c.AdminKeys = c.APIKeys[:1]
	}
	c.Meetings = cmp.Or(c.Meetings, DefaultMeetings)
	c.ProcessingPolls = cmp.Or(c.ProcessingPolls, DefaultProcessingPolls)
	c.Limits = c.Limits.withDefaults()
	c.NullOptionals = c.NullOptionals || c.Recorded != nil && c.Recorded.nulls
	c.Logger = cmp.Or(c.Logger, slog.New(slog.DiscardHandler))
	if c.Now == nil {
		c.Now = time.Now
	}
	return c, nil
}

// checkLoopback rejects addresses that other machines could reach, because the simulator is unprotected.
func checkLoopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("parse simulator address %q: %w", addr, err)
	}
	if host == "localhost" {
		return nil
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.Unmap().IsLoopback() {
		return nil
	}
	return fmt.Errorf("simulator address %q is not a loopback address: use 127.0.0.1:PORT, [::1]:PORT or localhost:PORT", addr)
}
