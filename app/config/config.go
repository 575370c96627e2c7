// Package config holds every setting of the program: one struct, one loader,
// one validator. It is the only package that reads the environment.
//
// A setting comes from the environment, else .env, else .env.local, else its
// default; an empty value counts as not set, so that a line copied from
// .env.example hides nothing. Load never fails: commands that need no settings
// (keys generate, simulator, --help) run without any. Commands that do need
// them call Validate, which reports every problem at once and names keys, never
// values.
//
// Load and LoadFrom may be called from several goroutines; a loaded Config is
// not changed afterwards and may be shared.
package config

import "log/slog"

// Config is every setting. The tags drive the loader, the messages of the
// validator and the test that keeps .env.example equal to this struct:
// envconfig names the key, default its value when unset, must says what a
// valid value looks like, need marks what has no default and must be set.
type Config struct {
	// AESMasterKey wraps the data key of every user database.
	AESMasterKey Secret `envconfig:"AES_MASTER_KEY" need:"true" must:"32 random bytes in base64"`
	// AESMasterKeyPrevious still opens what was wrapped before the last change.
	AESMasterKeyPrevious Secret `envconfig:"AES_MASTER_KEY_PREVIOUS" must:"the master key before the last rotation, 32 bytes in base64"`
	// JWTSecret is what the keys that sign sessions are derived from.
	JWTSecret Secret `envconfig:"JWT_SECRET" need:"true" must:"64 random bytes in base64"`
	// PBEncryptionKey encrypts PocketBase's own settings; see SettingsKey.
	PBEncryptionKey Secret `envconfig:"PB_ENCRYPTION_KEY" need:"true" must:"32 random bytes in base64"`
	// AdminEmail is the e-mail address of the first superuser.
	AdminEmail string `envconfig:"PB_ADMIN_EMAIL" default:"admin@example.com" must:"an e-mail address"`
	// AdminPassword is the password of the first superuser.
	AdminPassword Secret `envconfig:"PB_ADMIN_PASSWORD" need:"true" must:"at least 10 characters and at most 71 bytes long"`

	// GlobalPort is the one port everything is served on.
	GlobalPort int `envconfig:"PB_GLOBAL_PORT" default:"8090" must:"a port number from 1 to 65535"`
	// BindAddress is the address to listen on; 0.0.0.0 in a container.
	BindAddress string `envconfig:"BIND_ADDRESS" default:"127.0.0.1" must:"an IP address or a host name, without a port"`
	// DataDir is the data directory of the global PocketBase.
	DataDir string `envconfig:"DATA_DIR" default:"pb_data" must:"a directory that is not USER_DBS_DIR, nor inside it, nor around it"`
	// UserDBsDir has one folder per user database.
	UserDBsDir string `envconfig:"USER_DBS_DIR" default:"user_dbs" must:"a directory that is not DATA_DIR, nor inside it, nor around it"`
	// PublicURL is where people reach the server; empty means this machine.
	// Read it through BaseURL.
	PublicURL string `envconfig:"PUBLIC_URL" must:"an absolute http or https URL without user, query or fragment"`
	// CORSOrigins may call the API from a browser. Read it through AllowedOrigins.
	CORSOrigins []string `envconfig:"CORS_ORIGINS" must:"origins such as https://app.example.com, separated by commas, or * alone"`
	// TrustedProxyHeaders name the client's address when a proxy of ours sets
	// them. None by default: a client could otherwise choose its own address.
	TrustedProxyHeaders []string `envconfig:"TRUSTED_PROXY_HEADERS" must:"header names such as X-Real-IP, separated by commas"`

	// WorkerConcurrency bounds how many jobs run at once across all workers.
	WorkerConcurrency int `envconfig:"WORKER_CONCURRENCY" default:"1" must:"a whole number from 1 to 64"`
	// WorkerPerUser bounds how many of them are one user's; none doesn't.
	WorkerPerUser int `envconfig:"WORKER_PER_USER" must:"a whole number from 1 to 64"`
	// WorkerKindLimits bound how many of them are of a kind.
	WorkerKindLimits KindLimits `envconfig:"WORKER_KIND_LIMITS" must:"kinds of jobs and numbers from 1 to 64, such as fathom.sync=1,recording.transfer=3"`
	// QueuePollInterval is how often the queue is polled as a safety net.
	QueuePollInterval Duration `envconfig:"QUEUE_POLL_INTERVAL" default:"5s" must:"a duration from 100ms to 1h, such as 5s; a bare number is seconds"`
	// JobLease is how long a claim lasts without a heartbeat.
	JobLease Duration `envconfig:"JOB_LEASE" default:"60s" must:"a duration from 1s to 1h, such as 60s; a bare number is seconds"`
	// JobDrainTimeout is how long jobs may go on when the server stops; read it
	// through JobDrain.
	JobDrainTimeout Duration `envconfig:"JOB_DRAIN_TIMEOUT" default:"5s" must:"a duration up to 10m, such as 5s; a bare number is seconds"`
	// JobKeepFinished is how long completed and cancelled jobs are kept; 0 keeps them.
	JobKeepFinished Duration `envconfig:"JOB_KEEP_FINISHED" default:"30d" must:"a duration up to 10000d, such as 30d; 0 keeps them"`
	// JobKeepDead is how long dead jobs are kept; 0 keeps them.
	JobKeepDead Duration `envconfig:"JOB_KEEP_DEAD" default:"90d" must:"a duration up to 10000d, such as 90d; 0 keeps them"`
	// ShutdownTimeout is how long running jobs and requests may take to end.
	ShutdownTimeout Duration `envconfig:"SHUTDOWN_TIMEOUT" default:"20s" must:"a duration from 100ms to 10m, such as 20s; a bare number is seconds"`
	// SessionTTL is how long a session for a user database lasts.
	SessionTTL Duration `envconfig:"SESSION_TTL" default:"1h" must:"a duration from 1m to 168h, such as 1h; a bare number is seconds"`
	// LogLevel is the least severe level that is logged.
	LogLevel slog.Level `envconfig:"LOG_LEVEL" default:"info" must:"debug, info, warn or error"`

	// FathomAPIURL is the base of the Fathom API, or of the simulator.
	FathomAPIURL string `envconfig:"FATHOM_API_URL" default:"https://api.fathom.ai/external/v1" must:"an absolute http or https URL without user, query or fragment"`
	// FathomPollInterval is the first wait between two looks at a download.
	FathomPollInterval Duration `envconfig:"FATHOM_POLL_INTERVAL" default:"5s" must:"a duration from 10ms to 10m, such as 5s; a bare number is seconds"`
	// LoomURL is where Loom's pages are, or the simulator's.
	LoomURL string `envconfig:"LOOM_URL" default:"https://www.loom.com" must:"an absolute http or https URL without user, query or fragment"`

	// UserDBIdleTimeout closes a user database nobody uses.
	UserDBIdleTimeout Duration `envconfig:"USER_DB_IDLE_TIMEOUT" default:"5m" must:"a duration from 100ms to 24h, such as 5m; a bare number is seconds"`
	// UserDBMaxOpen bounds how many user databases are open at once.
	UserDBMaxOpen int `envconfig:"USER_DB_MAX_OPEN" default:"500" must:"a whole number from 1 to 100000"`
	// UserDBPorts gives each user database that is in use a port of its own; none
	// serves all of them below /db/ on the one port.
	UserDBPorts PortRange `envconfig:"USER_DB_PORTS" must:"a range of ports such as 9000-9999, without PB_GLOBAL_PORT in it"`
	// UserDBQuota bounds what each user database takes on the disk; none doesn't.
	UserDBQuota Size `envconfig:"USER_DB_QUOTA" must:"a size from 10MB on, such as 10GB or 500MB"`
	// UserDBArchiveAfter archives a user database unused for so long; none keeps it.
	UserDBArchiveAfter Duration `envconfig:"USER_DB_ARCHIVE_AFTER" must:"a duration from 1s to 10000d, such as 90d"`
	// UserDBDeleteArchivesAfter deletes archives of that age; none keeps them.
	UserDBDeleteArchivesAfter Duration `envconfig:"USER_DB_DELETE_ARCHIVES_AFTER" must:"a duration from 1s to 10000d, such as 365d"`
	// UserDBDeleteGrace is how long the database of a deleted user is kept.
	UserDBDeleteGrace Duration `envconfig:"USER_DB_DELETE_GRACE" default:"7d" must:"a duration up to 10000d, such as 7d"`

	// SMTPHost is the server that sends mail; none means no mail is sent.
	SMTPHost string `envconfig:"SMTP_HOST" must:"the host name or IP address of a mail server, without a port"`
	// SMTPPort is its port.
	SMTPPort int `envconfig:"SMTP_PORT" default:"587" must:"a port number from 1 to 65535"`
	// SMTPUsername signs in to it.
	SMTPUsername string `envconfig:"SMTP_USERNAME" must:"the user name that goes with SMTP_PASSWORD"`
	// SMTPPassword signs in to it.
	SMTPPassword Secret `envconfig:"SMTP_PASSWORD" must:"the password that goes with SMTP_USERNAME"`
	// SMTPFrom is the sender's address.
	SMTPFrom string `envconfig:"SMTP_FROM" must:"the e-mail address mail is sent from"`
	// SMTPTLS speaks TLS from the first byte (port 465) instead of STARTTLS.
	SMTPTLS bool `envconfig:"SMTP_TLS" default:"false" must:"true or false"`

	// GoogleClientID switches on sign-in with Google, with its secret.
	GoogleClientID string `envconfig:"GOOGLE_CLIENT_ID" must:"the client ID that goes with GOOGLE_CLIENT_SECRET"`
	// GoogleClientSecret goes with GoogleClientID.
	GoogleClientSecret Secret `envconfig:"GOOGLE_CLIENT_SECRET" must:"the client secret that goes with GOOGLE_CLIENT_ID"`
	// GitHubClientID switches on sign-in with GitHub, with its secret.
	GitHubClientID string `envconfig:"GITHUB_CLIENT_ID" must:"the client ID that goes with GITHUB_CLIENT_SECRET"`
	// GitHubClientSecret goes with GitHubClientID.
	GitHubClientSecret Secret `envconfig:"GITHUB_CLIENT_SECRET" must:"the client secret that goes with GITHUB_CLIENT_ID"`

	// What Load could not read, kept for Validate and Warnings.
	problems []Problem
	warnings []string
}

// Warnings are settings that are probably not what was meant but stop nothing:
// misspelt keys in a .env file, a key set twice, a secret that is not random.
func (c *Config) Warnings() []string { return append([]string(nil), c.warnings...) }
