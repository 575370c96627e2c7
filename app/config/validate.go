package config

import (
	"cmp"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

const makeOne = "Make one: fathom-to-loom keys generate >> .env"

// Validate reports everything wrong with the settings as a *ValidationError, or
// nil.
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
	v.optional("USER_DB_ARCHIVE_AFTER", c.UserDBArchiveAfter, time.Second, 10_000*day)
	v.optional("USER_DB_DELETE_ARCHIVES_AFTER", c.UserDBDeleteArchivesAfter, time.Second, 10_000*day)
	v.lasts("USER_DB_DELETE_GRACE", c.UserDBDeleteGrace, 0, 10_000*day)
	v.valid("LOG_LEVEL", slices.Contains([]slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError}, c.LogLevel))

	v.smtp()
	v.pair("GOOGLE_CLIENT_ID", c.GoogleClientID != "", "GOOGLE_CLIENT_SECRET", c.GoogleClientSecret.IsSet())
	v.pair("GITHUB_CLIENT_ID", c.GitHubClientID != "", "GITHUB_CLIENT_SECRET", c.GitHubClientSecret.IsSet())

	if len(v.problems) == 0 {
		return nil
	}
	// Files first, then the order of Config, which is that of .env.example.
	slices.SortStableFunc(v.problems, func(a, b Problem) int {
		return cmp.Compare(position(a.Key), position(b.Key))
	})
	return &ValidationError{Problems: v.problems}
}

// checker gathers problems, one per key: what did not parse needs no second
// complaint about its default.
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

// optional is lasts for what may be left out.
func (v *checker) optional(key string, d Duration, least, most time.Duration) {
	if d != 0 {
		v.lasts(key, d, least, most)
	}
}

// pair checks two settings that are set both or not at all.
func (v *checker) pair(a string, hasA bool, b string, hasB bool) {
	switch {
	case hasA && !hasB:
		v.add(missing(b))
	case hasB && !hasA:
		v.add(missing(a))
	}
}

// key checks a secret of at least and at most so many bytes in base64.
func (v *checker) key(key string, s Secret, least, most int) {
	raw, err := s.Bytes()
	switch {
	case !s.IsSet():
		p := missing(key)
		p.Hint = v.makeHint(key)
		v.add(p)
	case err != nil:
		p := invalid(key)
		p.Message += ", and this is not base64"
		p.Hint = v.makeHint(key)
		v.add(p)
	case len(raw) < least || len(raw) > most:
		p := invalid(key)
		p.Message += fmt.Sprintf(", and this has %d", len(raw))
		p.Hint = v.makeHint(key)
		v.add(p)
	}
}

// makeHint is the command that makes this key. When other keys are there already
// it adds just the one: appending a whole new set would replace them.
func (v *checker) makeHint(key string) string {
	i := position(key)
	if i < 0 || !fields[i].Required {
		return ""
	}
	c := v.config
	if c.AESMasterKey.IsSet() || c.JWTSecret.IsSet() || c.PBEncryptionKey.IsSet() || c.AdminPassword.IsSet() {
		return "Make one: fathom-to-loom keys generate | grep ^" + key + "= >> .env"
	}
	return makeOne
}

func invalid(key string) Problem {
	return Problem{Key: key, Message: "is not valid: it must be " + must(key)}
}

func missing(key string) Problem { return Problem{Key: key, Message: "is missing: " + must(key)} }

func must(key string) string { return fields[position(key)].Must }
