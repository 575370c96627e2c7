// Package loomupload uploads recordings to Loom through Atlassian's MCP server, and reads what Loom has.
//
// The operations createLoomVideoUpload and publishLoomVideo are official, but their inputs and answers are unpublished,
// and nobody has tried this package on the real service yet. It therefore fills in whatever the live schema asks for
// (inputs.go), reads the answer of the first step in each form that is likely (ticket.go, curl.go), and stops with a
// *[Problem] that names what it doesn't know. It never guesses a value.
//
// An upload is a sequence of steps, each recorded in a [State] before the next one, so that a process that is killed at any
// moment creates no second video that it could know of. A call whose outcome isn't clear is looked up before it is
// repeated (publish.go).
//
// [Uploads] is safe for concurrent use. Calls to Atlassian for the same [Account.Key] are sent one after the other; files
// are sent beside them. The package must not read the environment, must not run a command, must not send a file to a host
// that Config doesn't allow, and must not log, store or return a credential or a signed address.
package loomupload

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

const (
	// DefaultMaxSize is the size in bytes of the largest file that is uploaded.
	DefaultMaxSize = loom.MaxUploadSize

	defaultIdleTimeout    = time.Minute
	defaultProcessingWait = 2 * time.Minute
)

// Config configures Uploads. Client, HTTP and Loom are required.
type Config struct {
	Client *atlassian.Client

	// HTTP sends files. Its transport should be guarded by package outbound. It is used without cookies, without following
	// redirects and without its timeout.
	HTTP *http.Client

	// Loom reads share links, and builds them from the ids of videos.
	Loom *loom.Client

	Hosts     []string // that files may be sent to, such as *.loom.com; default DefaultHosts
	AllowHTTP bool     // at loopback addresses that Hosts contains, for a simulator

	// Names are the names of operations to try, by the documented one, such as
	// {"publishLoomVideo": {"publishLoomVideo", "finishLoomVideo"}}. The default is the documented name.
	Names map[string][]string

	MaxSize        int64         // bytes of the largest file; 0 means DefaultMaxSize
	IdleTimeout    time.Duration // how long a host may accept no bytes of a file; 0 means one minute
	ProcessingWait time.Duration // how long Upload waits for Loom to process a video; 0 means two minutes, negative not at all

	Logger *slog.Logger // the default discards

	// OnBytes is called with the number of bytes of recordings that have been read in order to send them. It must return
	// immediately. The default does nothing.
	OnBytes func(n int64)

	// Now and Sleep replace the clock in tests.
	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error
}

// Account is the access of one person.
type Account struct {
	// Key identifies the connection that the credential belongs to. Calls with the same key are sent one after the other.
	Key string

	Credential atlassian.Credential
	Access     Access // what the credential is, which advice depends on

	// Site is the id or the address of the Atlassian site. It may be blank if the credential is for one site only.
	Site string
}

// Uploads uploads recordings for any number of accounts. Create it with [New].
type Uploads struct {
	client         *atlassian.Client
	http           *http.Client
	loom           *loom.Client
	hosts          []string
	allowHTTP      bool
	names          map[string][]string
	maxSize        int64
	idleTimeout    time.Duration
	processingWait time.Duration
	logger         *slog.Logger
	onBytes        func(n int64)
	now            func() time.Time
	sleep          func(ctx context.Context, d time.Duration) error

	turns    turns
	catalogs catalogs
}

// New validates cfg and returns Uploads. It sends nothing.
func New(cfg Config) (*Uploads, error) {
	if cfg.Client == nil || cfg.HTTP == nil || cfg.Loom == nil {
		return nil, errors.New("uploads to loom need clients of atlassian, of upload hosts and of loom")
	}
	client := *cfg.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client.Jar, client.Timeout = nil, 0
	u := &Uploads{
		client: cfg.Client, http: &client, loom: cfg.Loom, hosts: slices.Clone(cfg.Hosts), allowHTTP: cfg.AllowHTTP, names: cfg.Names,
		maxSize: cmp.Or(max(cfg.MaxSize, 0), DefaultMaxSize), idleTimeout: cmp.Or(max(cfg.IdleTimeout, 0), defaultIdleTimeout),
		processingWait: max(cmp.Or(cfg.ProcessingWait, defaultProcessingWait), 0),
		logger:         cmp.Or(cfg.Logger, slog.New(slog.DiscardHandler)), now: cfg.Now, sleep: cfg.Sleep,
		onBytes: cfg.OnBytes,
	}
	if u.onBytes == nil {
		u.onBytes = func(int64) {}
	}
	if len(u.hosts) == 0 {
		u.hosts = DefaultHosts
	}
	if u.now == nil {
		u.now = time.Now
	}
	if u.sleep == nil {
		u.sleep = outbound.Sleep
	}
	u.turns.now, u.catalogs.now = u.now, u.now
	return u, nil
}
