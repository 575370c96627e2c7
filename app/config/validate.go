package config

import (
	"cmp"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// Validate reports all problems of the settings and .env files as a *ValidationError, or returns nil.
func (c *Config) Validate() error {
	v := &checker{problems: slices.Clone(c.problems), config: c}

	v.key("AES_MASTER_KEY", c.AESMasterKey, 32, 32)
	if c.AESMasterKeyPrevious.IsSet() {
		v.key("AES_MASTER_KEY_PREVIOUS", c.AESMasterKeyPrevious, 32, 32)
	}
	v.key("JWT_SECRET", c.JWTSecret, 64, 1024)
	v.key("PB_ENCRYPTION_KEY", c.PBEncryptionKey, 32, 32)
	v.admin()
	v.network()
	v.directories()

	v.between("WORKER_CONCURRENCY", c.WorkerConcurrency, 1, 64)
	v.between("WORKER_PER_USER", c.WorkerPerUser, 0, 64)
	v.valid("WORKER_KIND_LIMITS", c.WorkerKindLimits.valid())
	v.between("USER_DB_MAX_OPEN", c.UserDBMaxOpen, 1, 100_000)
	v.lasts("QUEUE_POLL_INTERVAL", c.QueuePollInterval, 100*time.Millisecond, time.Hour)
	v.lasts("JOB_LEASE", c.JobLease, time.Second, time.Hour)
	v.lasts("JOB_DRAIN_TIMEOUT", c.JobDrainTimeout, 0, 10*time.Minute)
	v.lasts("JOB_KEEP_FINISHED", c.JobKeepFinished, 0, 10_000*day)
	v.lasts("JOB_KEEP_DEAD", c.JobKeepDead, 0, 10_000*day)
	v.lasts("SHUTDOWN_TIMEOUT", c.ShutdownTimeout, 100*time.Millisecond, 10*time.Minute)
	v.lasts("SESSION_TTL", c.SessionTTL, time.Minute, 168*time.Hour)
	v.lasts("FATHOM_POLL_INTERVAL", c.FathomPollInterval, 10*time.Millisecond, 10*time.Minute)
	v.lasts("USER_DB_IDLE_TIMEOUT", c.UserDBIdleTimeout, 100*time.Millisecond, 24*time.Hour)
	v.valid("USER_DB_PORTS", c.UserDBPorts.valid(c.GlobalPort))
	v.valid("USER_DB_QUOTA", c.UserDBQuota == 0 || c.UserDBQuota >= 10e6)
	v.lastsIfSet("USER_DB_ARCHIVE_AFTER", c.UserDBArchiveAfter, time.Second, 10_000*day)
	v.lastsIfSet("USER_DB_DELETE_ARCHIVES_AFTER", c.UserDBDeleteArchivesAfter, time.Second, 10_000*day)
	v.lasts("USER_DB_DELETE_GRACE", c.UserDBDeleteGrace, 0, 10_000*day)
	v.valid("LOG_LEVEL", slices.Contains([]slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError}, c.LogLevel))

	v.smtp()
	v.pair("GOOGLE_CLIENT_ID", c.GoogleClientID != "", "GOOGLE_CLIENT_SECRET", c.GoogleClientSecret.IsSet())
	v.pair("GITHUB_CLIENT_ID", c.GitHubClientID != "", "GITHUB_CLIENT_SECRET", c.GitHubClientSecret.IsSet())

	if len(v.problems) == 0 {
		return nil
	}
	// Files come first, then settings in the order of Config, which is also that of .env.example.
	slices.SortStableFunc(v.problems, func(a, b Problem) int {
		return cmp.Compare(position(a.Key), position(b.Key))
	})
	return &ValidationError{Problems: v.problems}
}

// checker collects at most one problem per key. A setting that could not be parsed has its default,
// about which there is nothing to report.
type checker struct {
	config   *Config
	problems []Problem
}

func (v *checker) add(p Problem) {
	if !slices.ContainsFunc(v.problems, func(q Problem) bool { return q.Key == p.Key }) {
		v.problems = append(v.problems, p)
	}
}

func (v *checker) valid(key string, ok bool) {
	if !ok {
		v.add(invalid(key))
	}
}

func (v *checker) between(key string, n, least, most int) { v.valid(key, n >= least && n <= most) }

func (v *checker) lasts(key string, d Duration, least, most time.Duration) {
	v.valid(key, d.Std() >= least && d.Std() <= most)
}

func (v *checker) lastsIfSet(key string, d Duration, least, most time.Duration) {
	if d != 0 {
		v.lasts(key, d, least, most)
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

// key requires a secret of least to most bytes in base64.
func (v *checker) key(key string, s Secret, least, most int) {
	raw, err := s.Bytes()
	var p Problem
	switch {
	case !s.IsSet():
		p = missing(key)
	case err != nil:
		p = invalid(key)
		p.Message += ", but the value is not base64"
	case len(raw) < least || len(raw) > most:
		p = invalid(key)
		p.Message += fmt.Sprintf(", but the value has %d bytes", len(raw))
	default:
		return
	}
	p.Hint = v.generateHint(key)
	v.add(p)
}

// generateHint returns the command that generates a required setting. If other required settings
// exist, the command appends only this one: a complete new set would replace them.
func (v *checker) generateHint(key string) string {
	i := position(key)
	if i < 0 || !fields[i].Required {
		return ""
	}
	c := v.config
	if c.AESMasterKey.IsSet() || c.JWTSecret.IsSet() || c.PBEncryptionKey.IsSet() || c.AdminPassword.IsSet() {
		return "Generate it with: fathom-to-loom keys generate | grep ^" + key + "= >> .env"
	}
	return "Generate it with: fathom-to-loom keys generate >> .env"
}
