package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Validate reports all problems of the settings and .env files as a *ValidationError, or returns nil.
func (c *Config) Validate() error {
	v := &checker{problems: slices.Clone(c.problems), config: c}

	v.base64Key("AES_MASTER_KEY", c.AESMasterKey, 32, 32)
	if c.AESMasterKeyPrevious.IsSet() {
		v.base64Key("AES_MASTER_KEY_PREVIOUS", c.AESMasterKeyPrevious, 32, 32)
	}
	v.base64Key("JWT_SECRET", c.JWTSecret, 64, 1024)
	if c.JWTSecretPrevious.IsSet() {
		v.base64Key("JWT_SECRET_PREVIOUS", c.JWTSecretPrevious, 64, 1024)
	}
	v.base64Key("PB_ENCRYPTION_KEY", c.PBEncryptionKey, 32, 32)
	if c.PBEncryptionKeyPrevious.IsSet() {
		v.base64Key("PB_ENCRYPTION_KEY_PREVIOUS", c.PBEncryptionKeyPrevious, 32, 32)
	}
	v.checkAdmin()
	v.checkNetwork()
	v.checkAtlassian()
	v.checkProxy()
	v.checkMCPOAuth()
	v.checkDirectories()

	v.require("SIGNUP_LIMITS", c.SignUpLimits.valid())
	v.require("OPERATOR_CONTACT", utf8.RuneCountInString(c.OperatorContact) <= 200 && !strings.ContainsFunc(c.OperatorContact, unicode.IsControl))
	v.between("WORKER_CONCURRENCY", c.WorkerConcurrency, 1, c.maxConcurrency())
	v.between("WORKER_SHORT_JOBS", c.WorkerShortJobs, 1, 64)
	v.between("WORKER_PER_USER", c.WorkerPerUser, 0, 64)
	v.require("WORKER_KIND_LIMITS", c.WorkerKindLimits.valid())
	v.between("USER_DB_MAX_OPEN", c.UserDBMaxOpen, 1, 100_000)
	v.durationBetween("QUEUE_POLL_INTERVAL", c.QueuePollInterval, 100*time.Millisecond, time.Hour)
	v.durationBetween("JOB_LEASE", c.JobLease, time.Second, time.Hour)
	v.durationBetween("JOB_DRAIN_TIMEOUT", c.JobDrainTimeout, 0, 10*time.Minute)
	v.durationBetween("JOB_KEEP_FINISHED", c.JobKeepFinished, 0, 10_000*day)
	v.durationBetween("JOB_KEEP_DEAD", c.JobKeepDead, 0, 10_000*day)
	v.durationIfSet("AUDIT_KEEP", c.AuditKeep, day, 10_000*day)
	v.durationBetween("SHUTDOWN_TIMEOUT", c.ShutdownTimeout, 100*time.Millisecond, 10*time.Minute)
	v.durationBetween("SESSION_TTL", c.SessionTTL, time.Minute, 168*time.Hour)
	v.durationIfSet("UNUSED_ACCOUNTS_DELETE_AFTER", c.UnusedAccountsDeleteAfter, time.Hour, 10_000*day)
	v.require("FATHOM_LIMITS", c.FathomLimits.valid())
	v.durationBetween("FATHOM_POLL_INTERVAL", c.FathomPollInterval, 10*time.Millisecond, 10*time.Minute)
	v.require("SYNC_EVERY", c.SyncEvery == 0 || c.SyncEvery >= Duration(15*time.Minute) && c.SyncEvery <= Duration(30*day))
	v.durationIfSet("FATHOM_PARTS_FOR", c.FathomPartsFor, time.Hour, 90*day)
	v.durationBetween("USER_DB_IDLE_TIMEOUT", c.UserDBIdleTimeout, 100*time.Millisecond, 24*time.Hour)
	v.require("USER_DB_PORTS", c.UserDBPorts.valid(c.GlobalPort))
	v.require("USER_DB_QUOTA", c.UserDBQuota == 0 || c.UserDBQuota >= 10e6)
	v.require("MAX_RECORDING_SIZE", c.MaxRecordingSize >= 1e6 && c.MaxRecordingSize <= 1e12)
	v.durationIfSet("USER_DB_ARCHIVE_AFTER", c.UserDBArchiveAfter, time.Second, 10_000*day)
	v.durationIfSet("USER_DB_DELETE_ARCHIVES_AFTER", c.UserDBDeleteArchivesAfter, time.Second, 10_000*day)
	v.durationBetween("USER_DB_DELETE_GRACE", c.UserDBDeleteGrace, 0, 10_000*day)
	v.checkLog()

	v.require("METRICS_TOKEN", !c.MetricsToken.IsSet() || metricsToken.MatchString(c.MetricsToken.Reveal()))

	v.checkS3()
	v.checkCluster()
	v.checkBackup()
	v.checkLitestream()
	v.checkSMTP()
	v.pair("GOOGLE_CLIENT_ID", c.GoogleClientID != "", "GOOGLE_CLIENT_SECRET", c.GoogleClientSecret.IsSet())
	v.pair("GITHUB_CLIENT_ID", c.GitHubClientID != "", "GITHUB_CLIENT_SECRET", c.GitHubClientSecret.IsSet())

	return v.result()
}

// result returns the problems as a *ValidationError, or nil.
func (v *checker) result() error {
	if len(v.problems) == 0 {
		return nil
	}
	// Files come first, then settings in the order of Config, which is also that of .env.example.
	slices.SortStableFunc(v.problems, func(a, b Problem) int {
		return cmp.Compare(fieldIndex(a.Key), fieldIndex(b.Key))
	})
	return &ValidationError{Problems: v.problems}
}

// checker collects at most one problem per key. A setting that could not be parsed, which is already
// reported, has its default value and passes every check.
type checker struct {
	config   *Config
	problems []Problem
}

func (v *checker) add(p Problem) {
	if !slices.ContainsFunc(v.problems, func(q Problem) bool { return q.Key == p.Key }) {
		v.problems = append(v.problems, p)
	}
}

// require reports a setting as malformed unless ok is true.
func (v *checker) require(key string, ok bool) {
	if !ok {
		v.add(invalid(key))
	}
}

func (v *checker) between(key string, n, minimum, maximum int) {
	v.require(key, n >= minimum && n <= maximum)
}

func (v *checker) durationBetween(key string, d Duration, minimum, maximum time.Duration) {
	v.require(key, d.Std() >= minimum && d.Std() <= maximum)
}

func (v *checker) durationIfSet(key string, d Duration, minimum, maximum time.Duration) {
	if d != 0 {
		v.durationBetween(key, d, minimum, maximum)
	}
}

// pair requires that two settings are either both set or both unset.
func (v *checker) pair(a string, hasA bool, b string, hasB bool) {
	switch {
	case hasA && !hasB:
		v.add(missing(b))
	case hasB && !hasA:
		v.add(missing(a))
	}
}

// base64Key requires a secret of minimum to maximum bytes in base64.
func (v *checker) base64Key(key string, s Secret, minimum, maximum int) {
	raw, err := s.Bytes()
	var p Problem
	switch {
	case !s.IsSet():
		p = missing(key)
	case err != nil:
		p = invalid(key)
		p.Message += ", but the value is not base64"
	case len(raw) < minimum || len(raw) > maximum:
		p = invalid(key)
		p.Message += fmt.Sprintf(", but the value has %d bytes", len(raw))
	default:
		return
	}
	p.Hint = v.generateHint(key)
	v.add(p)
}

// generateHint returns the command that generates a required setting. "keys generate --write" refuses to
// touch an existing .env, so the command appends to it. If other required settings exist, it appends only this
// one: a complete new set would replace them.
func (v *checker) generateHint(key string) string {
	i := fieldIndex(key)
	if i < 0 || !fields[i].Required {
		return ""
	}
	c := v.config
	command := "fathom-to-loom keys generate"
	if c.AESMasterKey.IsSet() || c.JWTSecret.IsSet() || c.PBEncryptionKey.IsSet() || c.AdminPassword.IsSet() {
		command += " | grep ^" + key + "="
	} else if !c.hasDotEnv {
		return "Generate it with: " + command + " --write .env"
	}
	if c.hasDotEnv {
		return "Generate it with: " + command + " >> .env"
	}
	return "Generate it with: (umask 077; " + command + " >> .env)"
}
