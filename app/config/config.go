// Package config holds every setting of the program in one struct, [Config], and is the only
// package that reads the environment.
//
// A setting comes from the environment, then .env, then .env.local, then its default. An empty value
// counts as unset, so a line copied unchanged from .env.example overrides nothing. A secret may be in a
// file instead, whose path is in a setting with the suffix [FileSuffix]. Loading never
// fails, because some commands (keys generate, simulator, --help) need no settings. Commands that
// need them call [Config.Validate], which reports every problem at once. No message of this package
// contains the value of a setting.
//
// [Load] changes the process environment, so call it once, at startup. A loaded Config does not
// change and may be shared between goroutines. The package must not open anything but .env files and
// files with secrets.
package config

import "log/slog"

// Config holds every setting. Its tags are read by the loader, the validator and the test that keeps
// .env.example in sync: envconfig is the key, default is the value of an unset setting, format
// describes a valid value, and need marks a setting that has no default and must be set.
type Config struct {
	// AESMasterKey wraps the data key of every user database.
	AESMasterKey Secret `envconfig:"AES_MASTER_KEY" need:"true" format:"32 random bytes in base64"`
	// AESMasterKeyPrevious unwraps the data keys that were wrapped before the last key rotation.
	AESMasterKeyPrevious Secret `envconfig:"AES_MASTER_KEY_PREVIOUS" format:"the master key before the last rotation, 32 bytes in base64"`
	// JWTSecret is the secret from which the keys that sign sessions are derived.
	JWTSecret Secret `envconfig:"JWT_SECRET" need:"true" format:"64 random bytes in base64"`
	// JWTSecretPrevious verifies what was signed before the last rotation of JWTSecret.
	JWTSecretPrevious Secret `envconfig:"JWT_SECRET_PREVIOUS" format:"the secret before the last rotation, at least 64 bytes in base64"`
	// PBEncryptionKey encrypts PocketBase's own settings; use it through SettingsKey.
	PBEncryptionKey Secret `envconfig:"PB_ENCRYPTION_KEY" need:"true" format:"32 random bytes in base64"`
	// PBEncryptionKeyPrevious decrypts PocketBase's settings after a rotation, so that a start can encrypt them again.
	PBEncryptionKeyPrevious Secret `envconfig:"PB_ENCRYPTION_KEY_PREVIOUS" format:"the key before the last rotation, 32 bytes in base64"`
	// AdminEmail is the e-mail address of the first superuser.
	AdminEmail string `envconfig:"PB_ADMIN_EMAIL" default:"admin@example.com" format:"an e-mail address"`
	// AdminPassword is the password of the first superuser.
	AdminPassword Secret `envconfig:"PB_ADMIN_PASSWORD" need:"true" format:"at least 10 characters and at most 71 bytes"`

	// GlobalPort is the port the server listens on.
	GlobalPort int `envconfig:"PB_GLOBAL_PORT" default:"8090" format:"a port number from 1 to 65535"`
	// BindAddress is the address the server listens on. A container needs 0.0.0.0.
	BindAddress string `envconfig:"BIND_ADDRESS" default:"127.0.0.1" format:"an IP address or a host name, without a port"`
	// DataDir is the data directory of the global PocketBase.
	DataDir string `envconfig:"DATA_DIR" default:"pb_data" format:"a directory that neither contains nor lies inside USER_DBS_DIR"`
	// UserDBsDir contains one folder per user database.
	UserDBsDir string `envconfig:"USER_DBS_DIR" default:"user_dbs" format:"a directory that neither contains nor lies inside DATA_DIR"`
	// PublicURL is the URL at which users reach the server. Empty means this machine; use BaseURL.
	PublicURL string `envconfig:"PUBLIC_URL" format:"an absolute http or https URL without user, query or fragment"`
	// CORSOrigins are the origins whose pages may call the API. Use AllowedOrigins, which applies the
	// default.
	CORSOrigins []string `envconfig:"CORS_ORIGINS" format:"origins such as https://app.example.com, separated by commas, or * alone"`
	// TrustedProxyHeaders are the headers in which a reverse proxy passes the client's address. They
	// are empty by default, because without a proxy, clients could choose their own address.
	TrustedProxyHeaders []string `envconfig:"TRUSTED_PROXY_HEADERS" format:"header names such as X-Real-IP, separated by commas"`
	// SuperuserIPs are the addresses from which superusers may sign in and work; empty means all.
	SuperuserIPs Prefixes `envconfig:"SUPERUSER_IPS" format:"addresses and ranges such as 203.0.113.7 or 198.51.100.0/24, separated by commas"`

	// SignUp determines who may create an account.
	SignUp SignUp `envconfig:"SIGNUP" default:"open" format:"open, invite, verified or closed"`
	// UnusedAccountsDeleteAfter is the age at which accounts that signed up but never signed in are
	// deleted; 0 means never.
	UnusedAccountsDeleteAfter Duration `envconfig:"UNUSED_ACCOUNTS_DELETE_AFTER" default:"30d" format:"a duration from 1h to 10000d, such as 30d; 0 keeps them forever"`
	// SignUpLimits is how many accounts may be created.
	SignUpLimits SignUpLimits `envconfig:"SIGNUP_LIMITS" default:"20,100,1000" format:"three numbers from 0 to 100000: accounts per network and hour, per network and day, and per day in total; 0 means no limit"`
	// OperatorContact is whom people ask for an account or for help with theirs; the sign-in page shows it to everybody.
	OperatorContact string `envconfig:"OPERATOR_CONTACT" format:"an e-mail address, a URL or a short text, up to 200 characters in one line"`
	// AuditKeep is how long the audit trail is kept; 0 means forever.
	AuditKeep Duration `envconfig:"AUDIT_KEEP" default:"365d" format:"a duration from 1d to 10000d, such as 365d; 0 keeps it forever"`

	// MCPOAuth is whether assistants can ask people for access to /mcp.
	MCPOAuth MCPOAuth `envconfig:"MCP_OAUTH" default:"off" format:"off or on; on needs an https PUBLIC_URL"`

	// WorkerConcurrency is the maximum number of transfers that run at once across all workers.
	WorkerConcurrency int `envconfig:"WORKER_CONCURRENCY" default:"1" format:"a whole number from 1 to 64, or to 1000 with CLUSTER_URL"`
	// WorkerShortJobs is the maximum number of short jobs, such as syncs, that run at once across all workers.
	WorkerShortJobs int `envconfig:"WORKER_SHORT_JOBS" default:"4" format:"a whole number from 1 to 64"`
	// WorkerPerUser is the maximum number of running jobs per user; 0 means no limit.
	WorkerPerUser int `envconfig:"WORKER_PER_USER" format:"a whole number from 1 to 64"`
	// WorkerKindLimits is the maximum number of running jobs per kind.
	WorkerKindLimits KindLimits `envconfig:"WORKER_KIND_LIMITS" format:"job kinds with a number from 1 to 64, such as fathom.sync=1,recording.transfer=3"`
	// QueuePollInterval is the time between two polls of the queue. New jobs do not wait for it.
	QueuePollInterval Duration `envconfig:"QUEUE_POLL_INTERVAL" default:"5s" format:"a duration from 100ms to 1h, such as 5s; a bare number is seconds"`
	// JobLease is how long a claim lasts without a heartbeat.
	JobLease Duration `envconfig:"JOB_LEASE" default:"60s" format:"a duration from 1s to 1h, such as 60s; a bare number is seconds"`
	// JobDrainTimeout is how long running jobs may continue once the server stops; use JobDrain.
	JobDrainTimeout Duration `envconfig:"JOB_DRAIN_TIMEOUT" default:"5s" format:"a duration up to 10m, such as 5s; a bare number is seconds"`
	// JobKeepFinished is how long completed and cancelled jobs are kept; 0 means forever.
	JobKeepFinished Duration `envconfig:"JOB_KEEP_FINISHED" default:"30d" format:"a duration up to 10000d, such as 30d; 0 keeps them forever"`
	// JobKeepDead is how long dead jobs are kept; 0 means forever.
	JobKeepDead Duration `envconfig:"JOB_KEEP_DEAD" default:"90d" format:"a duration up to 10000d, such as 90d; 0 keeps them forever"`
	// ShutdownTimeout is how long running jobs and requests may take to finish once the server stops.
	ShutdownTimeout Duration `envconfig:"SHUTDOWN_TIMEOUT" default:"20s" format:"a duration from 100ms to 10m, such as 20s; a bare number is seconds"`
	// SessionTTL is how long a session for a user database lasts.
	SessionTTL Duration `envconfig:"SESSION_TTL" default:"1h" format:"a duration from 1m to 168h, such as 1h; a bare number is seconds"`
	// LogLevel is the lowest level that is logged.
	LogLevel slog.Level `envconfig:"LOG_LEVEL" default:"info" format:"debug, info, warn or error"`
	// LogFormat is how lines of the log are written.
	LogFormat LogFormat `envconfig:"LOG_FORMAT" default:"text" format:"text or json"`
	// LogFile is a file for the server's log besides the standard output; empty means none.
	LogFile string `envconfig:"LOG_FILE" format:"the path of a file outside DATA_DIR and USER_DBS_DIR"`
	// LogFileMaxSize is the size at which a new LogFile is begun.
	LogFileMaxSize Size `envconfig:"LOG_FILE_MAX_SIZE" default:"100MB" format:"a size from 2MB to 10GB, such as 100MB"`
	// LogFileMaxAge is the age at which earlier log files are deleted; 0 means never.
	LogFileMaxAge Duration `envconfig:"LOG_FILE_MAX_AGE" default:"30d" format:"a duration from 1d to 10000d, such as 30d; 0 means no limit"`
	// LogFileMaxBackups is how many earlier log files are kept; 0 means no limit.
	LogFileMaxBackups int `envconfig:"LOG_FILE_MAX_BACKUPS" default:"10" format:"a whole number from 0 to 10000; 0 means no limit"`

	// MetricsToken gives access to metrics and to the reasons of health checks; empty means that there are no metrics.
	MetricsToken Secret `envconfig:"METRICS_TOKEN" format:"at least 32 letters, digits and punctuation marks, such as from: openssl rand -hex 32"`

	// FathomAPIURL is the base URL of the Fathom API or of the simulator.
	FathomAPIURL string `envconfig:"FATHOM_API_URL" default:"https://api.fathom.ai/external/v1" format:"an absolute http or https URL without user, query or fragment"`
	// FathomPollInterval is the time before the first check of a requested download.
	FathomPollInterval Duration `envconfig:"FATHOM_POLL_INTERVAL" default:"1s" format:"a duration from 10ms to 10m, such as 1s; a bare number is seconds"`
	// FathomPartsFor is the age of meetings up to which summaries and transcripts that aren't ready are requested again;
	// with 0, they come only with a transfer.
	FathomPartsFor Duration `envconfig:"FATHOM_PARTS_FOR" default:"7d" format:"a duration from 1h to 90d, such as 7d; 0 requests texts only with a transfer"`
	// FathomLimits is how many calls of each key Fathom accepts.
	FathomLimits FathomLimits `envconfig:"FATHOM_LIMITS" default:"60,30,30" format:"three numbers from 1 to 100000: calls, calls for texts, and requests for files, each per key and minute"`
	// SyncEvery is the interval of the schedule that users get with their first working key; 0 starts no sync by itself.
	SyncEvery Duration `envconfig:"SYNC_EVERY" default:"6h" format:"a duration from 15m to 30d, such as 6h; 0 starts no sync by itself"`
	// Webhooks is whether webhooks are created at Fathom.
	Webhooks Webhooks `envconfig:"WEBHOOKS" default:"auto" format:"auto, on or off"`
	// LoomURL is the base URL of Loom's web pages or of the simulator's.
	LoomURL string `envconfig:"LOOM_URL" default:"https://www.loom.com" format:"an absolute http or https URL without user, query or fragment"`
	// LoomUploader is what delivers recordings to Loom.
	LoomUploader LoomUploader `envconfig:"LOOM_UPLOADER" default:"auto" format:"auto, handover or atlassian"`

	// AtlassianMCPURL is the address of Atlassian's MCP server or of the simulator's.
	AtlassianMCPURL string `envconfig:"ATLASSIAN_MCP_URL" default:"https://mcp.atlassian.com/v2/mcp" format:"an absolute https URL without user, query or fragment; http only on this machine"`
	// AtlassianMCPProtocolVersion is the version of MCP that is offered to it.
	AtlassianMCPProtocolVersion string `envconfig:"ATLASSIAN_MCP_PROTOCOL_VERSION" default:"2025-11-25" format:"the date of a version of MCP, such as 2025-11-25"`
	// AtlassianMCPTools is how its operations are found.
	AtlassianMCPTools MCPTools `envconfig:"ATLASSIAN_MCP_TOOLS" default:"all" format:"all or discover"`
	// AtlassianMCPOperations are other names of its operations.
	AtlassianMCPOperations Operations `envconfig:"ATLASSIAN_MCP_OPERATIONS" format:"pairs such as publishLoomVideo=finishLoomVideo, separated by commas"`
	// AtlassianMCPScopes are the scopes that a sign-in asks for; empty means those that uploads need.
	AtlassianMCPScopes string `envconfig:"ATLASSIAN_MCP_SCOPES" format:"scopes separated by spaces, all or none"`
	// AtlassianMCPUploadHosts are the hosts that files may be sent to.
	AtlassianMCPUploadHosts []string `envconfig:"ATLASSIAN_MCP_UPLOAD_HOSTS" default:"api.media.atlassian.com,*.frontend.public.atl-paas.net,*.loom.com,*.amazonaws.com" format:"host names such as files.example.com or *.example.com, separated by commas"`
	// AtlassianMCPMaxSize is the size of the largest file that is uploaded.
	AtlassianMCPMaxSize Size `envconfig:"ATLASSIAN_MCP_MAX_SIZE" default:"4GB" format:"a size from 1MB to 1TB, such as 4GB"`
	// AtlassianMCPCallTimeout limits one call.
	AtlassianMCPCallTimeout Duration `envconfig:"ATLASSIAN_MCP_CALL_TIMEOUT" default:"60s" format:"a duration from 1s to 10m, such as 60s; a bare number is seconds"`
	// AtlassianMCPUploadIdleTimeout is how long an upload may stand still.
	AtlassianMCPUploadIdleTimeout Duration `envconfig:"ATLASSIAN_MCP_UPLOAD_IDLE_TIMEOUT" default:"60s" format:"a duration from 1s to 30m, such as 60s; a bare number is seconds"`
	// AtlassianMCPProcessingWait is how long a transfer waits until Loom has processed the video.
	AtlassianMCPProcessingWait Duration `envconfig:"ATLASSIAN_MCP_PROCESSING_WAIT" default:"2m" format:"a duration up to 1h, such as 2m; 0 doesn't wait"`

	// HTTPSProxy is the proxy for https requests to other services; use it through ProxyURL.
	HTTPSProxy Secret `envconfig:"HTTPS_PROXY" format:"the http or https URL of a proxy, such as http://proxy.example.com:3128"`
	// NoProxy lists the hosts that are reached without the proxy. It may contain anything, because it is usually set for
	// all programs of a machine.
	NoProxy string `envconfig:"NO_PROXY" format:"host names, domains such as .example.com, addresses and ranges, separated by commas"`
	// OutboundProxyHosts are names that only the proxy can resolve.
	OutboundProxyHosts []string `envconfig:"OUTBOUND_PROXY_HOSTS" format:"host names such as files.example.com or *.example.com, separated by commas"`
	// OutboundPrivateRanges are private and special addresses that may be those of hosts on the Internet.
	OutboundPrivateRanges Prefixes `envconfig:"OUTBOUND_PRIVATE_RANGES" format:"addresses and ranges such as 198.18.0.0/15 or fd00::/8, separated by commas"`

	// UserDBIdleTimeout is how long an unused user database stays open.
	UserDBIdleTimeout Duration `envconfig:"USER_DB_IDLE_TIMEOUT" default:"5m" format:"a duration from 100ms to 24h, such as 5m; a bare number is seconds"`
	// UserDBMaxOpen is the maximum number of open user databases.
	UserDBMaxOpen int `envconfig:"USER_DB_MAX_OPEN" default:"500" format:"a whole number from 1 to 100000"`
	// UserDBPorts is the range from which each user database in use gets a port of its own. The zero
	// range means that all of them are served below /db/ on GlobalPort only.
	UserDBPorts PortRange `envconfig:"USER_DB_PORTS" format:"a range of ports such as 9000-9999, without PB_GLOBAL_PORT in it"`
	// UserDBQuota is the maximum size of a user database on disk; 0 means no limit.
	UserDBQuota Size `envconfig:"USER_DB_QUOTA" format:"a size of at least 10MB, such as 10GB or 500MB"`
	// MaxRecordingSize is the maximum size of a recording's file.
	MaxRecordingSize Size `envconfig:"MAX_RECORDING_SIZE" default:"20GB" format:"a size from 1MB to 1TB, such as 20GB or 500MB"`
	// UserDBArchiveAfter is how long a user database must be unused before it is archived; 0 means
	// never.
	UserDBArchiveAfter Duration `envconfig:"USER_DB_ARCHIVE_AFTER" format:"a duration from 1s to 10000d, such as 90d"`
	// UserDBDeleteArchivesAfter is the age at which archives are deleted; 0 means never.
	UserDBDeleteArchivesAfter Duration `envconfig:"USER_DB_DELETE_ARCHIVES_AFTER" format:"a duration from 1s to 10000d, such as 365d"`
	// UserDBDeleteGrace is how long the database of a deleted user is kept.
	UserDBDeleteGrace Duration `envconfig:"USER_DB_DELETE_GRACE" default:"7d" format:"a duration up to 10000d, such as 7d"`

	// S3Endpoint is the service that stores recordings; empty means that they are stored on disk.
	S3Endpoint string `envconfig:"S3_ENDPOINT" format:"the http or https URL of an S3-compatible service, without a path"`
	// S3Bucket is the bucket for recordings.
	S3Bucket string `envconfig:"S3_BUCKET" format:"the name of an existing bucket"`
	// S3Region is the region of the bucket; empty means the one in the host name of Amazon's endpoints, or us-east-1.
	S3Region string `envconfig:"S3_REGION" format:"the name of a region, such as us-east-1 or auto"`
	// S3AccessKey is the id of the key to the bucket.
	S3AccessKey Secret `envconfig:"S3_ACCESS_KEY" format:"the access key ID that belongs to S3_SECRET_KEY"`
	// S3SecretKey is the secret part of the key to the bucket.
	S3SecretKey Secret `envconfig:"S3_SECRET_KEY" format:"the secret that belongs to S3_ACCESS_KEY"`
	// S3PathStyle puts the name of the bucket into the path of a URL instead of its host name.
	S3PathStyle bool `envconfig:"S3_PATH_STYLE" default:"true" format:"true or false"`
	// S3Prefix is put before the names of all objects.
	S3Prefix string `envconfig:"S3_PREFIX" format:"letters, digits, dashes, dots and single slashes, such as fathom-to-loom"`

	// ClusterURL are the NATS servers over which movers are found; empty means that this server moves all recordings.
	ClusterURL []string `envconfig:"CLUSTER_URL" format:"nats:// or tls:// URLs of NATS servers without user, separated by commas"`
	// ClusterCreds is the file with the nkey seed of this process.
	ClusterCreds string `envconfig:"CLUSTER_CREDS" format:"the path of a file with an nkey seed, such as home.nk or mover.nk of: fathom-to-loom cluster config"`
	// ClusterCA is the file with the authority that has signed the certificates of the NATS servers; empty means those of the system.
	ClusterCA string `envconfig:"CLUSTER_CA" format:"the path of a file with certificates in PEM"`
	// ClusterName separates clusters that use the same NATS servers.
	ClusterName string `envconfig:"CLUSTER_NAME" default:"f2l" format:"1 to 32 letters, digits, dashes and underscores, beginning with a letter or digit"`
	// MoverSlots is how many recordings a mover moves at once, and with ClusterURL also the server itself while no mover is there.
	MoverSlots int `envconfig:"MOVER_SLOTS" default:"4" format:"a whole number from 1 to 64"`

	// BackupDir is the folder for backups; empty means BackupS3Bucket or none.
	BackupDir string `envconfig:"BACKUP_DIR" format:"a directory outside DATA_DIR and USER_DBS_DIR"`
	// BackupS3Bucket is the bucket for backups.
	BackupS3Bucket string `envconfig:"BACKUP_S3_BUCKET" format:"the name of an existing bucket"`
	// BackupS3Prefix is put before the names of all objects of backups.
	BackupS3Prefix string `envconfig:"BACKUP_S3_PREFIX" format:"letters, digits, dashes, dots and single slashes, such as backups"`
	// BackupS3Endpoint is the service of BackupS3Bucket. Use BackupS3, which applies the defaults of all these.
	BackupS3Endpoint string `envconfig:"BACKUP_S3_ENDPOINT" format:"the http or https URL of an S3-compatible service, without a path"`
	// BackupS3Region is the region of BackupS3Bucket.
	BackupS3Region string `envconfig:"BACKUP_S3_REGION" format:"the name of a region, such as us-east-1 or auto"`
	// BackupS3AccessKey is the id of the key to BackupS3Bucket.
	BackupS3AccessKey Secret `envconfig:"BACKUP_S3_ACCESS_KEY" format:"the access key ID that belongs to BACKUP_S3_SECRET_KEY"`
	// BackupS3SecretKey is the secret part of the key to BackupS3Bucket.
	BackupS3SecretKey Secret `envconfig:"BACKUP_S3_SECRET_KEY" format:"the secret that belongs to BACKUP_S3_ACCESS_KEY"`
	// BackupS3PathStyle is S3PathStyle for BackupS3Endpoint.
	BackupS3PathStyle bool `envconfig:"BACKUP_S3_PATH_STYLE" default:"true" format:"true or false"`
	// BackupS3Recordings is whether backups contain the recordings that are in S3.
	BackupS3Recordings bool `envconfig:"BACKUP_S3_RECORDINGS" default:"true" format:"true or false"`
	// BackupKey decrypts backups. Unless BackupRecipients are set, it also encrypts them.
	BackupKey Secret `envconfig:"BACKUP_KEY" format:"an age identity, AGE-SECRET-KEY-1…"`
	// BackupRecipients are the age recipients that can decrypt backups.
	BackupRecipients []string `envconfig:"BACKUP_RECIPIENTS" format:"age recipients such as age1…, separated by commas"`
	// BackupCron is when backups are created.
	BackupCron Cron `envconfig:"BACKUP_CRON" default:"17 3 * * *" format:"a cron expression of five fields in UTC, or off"`
	// BackupKeep is how many backups are kept.
	BackupKeep BackupKeep `envconfig:"BACKUP_KEEP" default:"7d,4w,12m" format:"how many days, weeks and months keep their newest backup, such as 7d,4w,12m; 0 keeps all"`
	// LitestreamReplica is where Litestream copies the global database, for a standby; empty means that there is no copy.
	LitestreamReplica string `envconfig:"LITESTREAM_REPLICA" format:"a URL such as file:///mnt/standby/1 or s3://bucket/standby/1?region=eu-central-1, without user"`
	// LitestreamAccessKeyID is the id of Litestream's key to the bucket.
	LitestreamAccessKeyID Secret `envconfig:"LITESTREAM_ACCESS_KEY_ID" format:"the access key ID that belongs to LITESTREAM_SECRET_ACCESS_KEY"`
	// LitestreamSecretAccessKey is the secret part of Litestream's key to the bucket.
	LitestreamSecretAccessKey Secret `envconfig:"LITESTREAM_SECRET_ACCESS_KEY" format:"the secret that belongs to LITESTREAM_ACCESS_KEY_ID"`

	// SMTPHost is the mail server; empty means that no mail is sent.
	SMTPHost string `envconfig:"SMTP_HOST" format:"the host name or IP address of a mail server, without a port"`
	// SMTPPort is the port of the mail server.
	SMTPPort int `envconfig:"SMTP_PORT" default:"587" format:"a port number from 1 to 65535"`
	// SMTPUsername is the user name for the mail server; empty means no authentication.
	SMTPUsername string `envconfig:"SMTP_USERNAME" format:"the user name that belongs to SMTP_PASSWORD"`
	// SMTPPassword is the password that belongs to SMTPUsername.
	SMTPPassword Secret `envconfig:"SMTP_PASSWORD" format:"the password that belongs to SMTP_USERNAME"`
	// SMTPFrom is the sender's address.
	SMTPFrom string `envconfig:"SMTP_FROM" format:"the e-mail address that mail is sent from"`
	// SMTPTLS selects implicit TLS (usually port 465) instead of STARTTLS.
	SMTPTLS bool `envconfig:"SMTP_TLS" default:"false" format:"true or false"`

	// GoogleClientID enables sign-in with Google; it requires GoogleClientSecret.
	GoogleClientID string `envconfig:"GOOGLE_CLIENT_ID" format:"the client ID that belongs to GOOGLE_CLIENT_SECRET"`
	// GoogleClientSecret belongs to GoogleClientID.
	GoogleClientSecret Secret `envconfig:"GOOGLE_CLIENT_SECRET" format:"the client secret that belongs to GOOGLE_CLIENT_ID"`
	// GitHubClientID enables sign-in with GitHub; it requires GitHubClientSecret.
	GitHubClientID string `envconfig:"GITHUB_CLIENT_ID" format:"the client ID that belongs to GITHUB_CLIENT_SECRET"`
	// GitHubClientSecret belongs to GitHubClientID.
	GitHubClientSecret Secret `envconfig:"GITHUB_CLIENT_SECRET" format:"the client secret that belongs to GITHUB_CLIENT_ID"`

	problems    []Problem // collected while loading; reported by Validate
	warnings    []string  // returned by Warnings
	hasDotEnv   bool      // whether .env exists
	dataDirFlag bool      // whether WithDataDir has set DataDir
}
