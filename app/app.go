// Package app assembles the program: it builds each service once (build.go), and starts and stops the
// services in order (lifecycle.go). Package hooks binds PocketBase's events and package cli defines the
// commands; this package must not import either.
//
// Prepare, StartForOperator, Start and Serve are called by one goroutine, in this order. Stop and Terminate
// may be called from another.
package app

import (
	"crypto/rand"
	"crypto/tls"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/gofrs/flock"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/account"
	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/authserver"
	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/bundle"
	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
	"github.com/fathom-to-loom/fathom-to-loom/app/clock"
	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/connlimit"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/health"
	"github.com/fathom-to-loom/fathom-to-loom/app/jobfeed"
	"github.com/fathom-to-loom/fathom-to-loom/app/ledger"
	"github.com/fathom-to-loom/fathom-to-loom/app/logging"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomaccount"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
	"github.com/fathom-to-loom/fathom-to-loom/app/metrics"
	"github.com/fathom-to-loom/fathom-to-loom/app/notify"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/readlimit"
	"github.com/fathom-to-loom/fathom-to-loom/app/revocation"
	"github.com/fathom-to-loom/fathom-to-loom/app/search"
	"github.com/fathom-to-loom/fathom-to-loom/app/share"
	"github.com/fathom-to-loom/fathom-to-loom/app/signin"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/app/worker"
)

// settingsKeyEnv is the environment variable from which PocketBase reads the key that encrypts its
// settings. Bootstrap sets it.
const settingsKeyEnv = "FATHOM_TO_LOOM_SETTINGS_KEY"

// InstanceHeader is the header of health checks that contains App.Instance. An operator's tool can thus tell whether an
// address leads to a particular process; it means nothing to others.
const InstanceHeader = "Fathom-To-Loom-Instance"

// App is the program. Its services are nil until Bootstrap, which Prepare and StartForOperator call, creates
// them, before it opens the global database.
type App struct {
	*pocketbase.PocketBase // the global database, its API and admin UI

	Config *config.Config
	Log    *slog.Logger // that of Logs
	Logs   *logging.Log // writes to the standard error until the server starts
	// Console is where the server logs. The default is the standard output.
	Console io.Writer

	// Disk watches the disks of the data directories.
	Disk     *disk.Monitor
	Blobs    blob.Stores     // of recordings
	Audit    *audit.Recorder // of what happens to accounts
	Accounts *account.Service
	Tokens   *tokens.Service // API tokens
	// AuthServer lets assistants ask people for access; nil unless MCP_OAUTH is on.
	AuthServer *authserver.Service
	Databases  *userdb.Service
	Bundles    *bundle.Service
	Search     *search.Service
	Shares     *share.Service  // links to recordings
	Backups    *backup.Service // nil without a destination
	// Revocations notices revoked sessions.
	Revocations *revocation.Watcher
	Gateway     *gateway.Gateway
	// Health answers whether requests and jobs work.
	Health *health.Monitor
	// Metrics is what the server measures about itself.
	Metrics *metrics.Metrics
	Queue   *queue.Queue
	// Clock notices when the clock jumps.
	Clock     *clock.Guard
	JobFeed   *jobfeed.Feed
	Worker    *worker.Worker
	Notify    *notify.Service
	Transfers *transfer.Service
	// Movers are the movers on other machines; nil without CLUSTER_URL.
	Movers *dispatch.Owner
	// LoomAccounts uses the connections to Loom.
	LoomAccounts *loomaccount.Service
	SignIn       *signin.Guard
	Reads        *readlimit.Limiter
	// Connections limits the connections to the server's own port and to those of user databases.
	Connections *connlimit.Limiter

	// OnUserDatabaseOpen binds hooks to a user database before it is opened.
	OnUserDatabaseOpen func(*userdb.Database)
	// UserDatabaseRoutes adds routes to the router that all user databases share.
	UserDatabaseRoutes func(*router.Router[*core.RequestEvent])
	// Uploader delivers recordings to Loom. The default follows LOOM_UPLOADER.
	Uploader loom.Uploader
	// FreeSpace returns the free bytes on the file system of a folder. The default, nil, asks the system.
	FreeSpace func(dir string) (int64, error)
	// Now is the clock of jobs. The default is time.Now.
	Now func() time.Time
	// FathomNow is the clock of the limits on calls to Fathom. The default is time.Now.
	FathomNow func() time.Time
	// AtlassianNow is the clock of sign-ins to Atlassian and their tokens. The default is time.Now.
	AtlassianNow func() time.Time

	// AssistantsTLS is for the hosts of assistants' descriptions. The default, nil, trusts the authorities of the system.
	AssistantsTLS *tls.Config

	// Instance identifies this process in answers to health checks.
	Instance string

	bus          *bus.NATS // nil without CLUSTER_URL
	control      *control.Server
	ledger       *ledger.Ledger
	closeBackups func() // nil without a destination
	fathom       *fathom.Client
	loom         *loom.Client
	uploads      *loomupload.Uploads
	// atlassian reaches the MCP server, and uploadHosts what that server names.
	atlassian, uploadHosts *http.Client
	settingsKey            string // the previous one, if PocketBase's settings are still encrypted with it
	locks                  []*flock.Flock
	connect                func(path string) (*dbx.DB, error) // opens a file of the global database
	serving                chan struct{}                      // closed by Serve
}

// New returns an App without services. The settings may be incomplete: Prepare and Bootstrap validate them.
func New(cfg *config.Config) *App {
	a := &App{
		Console:  os.Stdout,
		Instance: rand.Text(),
		serving:  make(chan struct{}),
		connect:  sqlite.Connect,
	}
	a.PocketBase = pocketbase.NewWithConfig(pocketbase.Config{
		HideStartBanner:      true,
		DefaultDataDir:       cfg.DataDir,
		DefaultEncryptionEnv: settingsKeyEnv,
		DBConnect:            func(path string) (*dbx.DB, error) { return a.connect(path) },
	})
	if dir := a.DataDir(); dir != cfg.DataDir { // PocketBase has read --dir from the command line
		cfg = cfg.WithDataDir(dir)
	}
	a.Config = cfg
	a.Logs = logging.New(logging.Format(cfg.LogFormat), cfg.LogLevel, os.Stderr)
	a.Log = a.Logs.Logger()
	return a
}
