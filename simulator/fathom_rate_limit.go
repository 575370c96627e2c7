package simulator

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Limits are calls per window and credential, https://developers.fathom.ai (API overview): a global bucket
// for every call, one for heavy reads, one for download requests.
type Limits struct {
	Global   int           // default 60
	Heavy    int           // default 30; the docs reserve the right to lower it to 5
	Download int           // default 30
	Window   time.Duration // default 60 s
}

func (l Limits) withDefaults() Limits {
	if l.Global <= 0 {
		l.Global = 60
	}
	if l.Heavy <= 0 {
		l.Heavy = 30
	}
	if l.Download <= 0 {
		l.Download = 30
	}
	if l.Window <= 0 {
		l.Window = time.Minute
	}
	return l
}

type bucketName string

const (
	bucketGlobal   bucketName = "global"
	bucketHeavy    bucketName = "heavy"
	bucketDownload bucketName = "download"
)

type bucket struct {
	begun time.Time
	used  int
}

// limiter counts in fixed windows that begin with the first call. A heavy call is charged to the heavy and the global
// bucket, a download request to its own only; the headers tell of the tighter one (the docs leave both open).
type limiter struct {
	cfg     Config
	mu      sync.Mutex
	buckets map[string]*bucket // by credential and name
}

func newLimiter(cfg Config) *limiter {
	return &limiter{cfg: cfg, buckets: map[string]*bucket{}}
}

func (l *limiter) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.buckets)
}

// bucketsFor names the buckets a request is charged to.
func bucketsFor(r *http.Request) []bucketName {
	path, query := r.URL.Path, r.URL.Query()
	switch {
	case r.Method == http.MethodPost && strings.HasSuffix(path, "/download"):
		return []bucketName{bucketDownload}
	case strings.HasSuffix(path, "/summary"), strings.HasSuffix(path, "/transcript"),
		query.Get("include_summary") == "true", query.Get("include_transcript") == "true":
		return []bucketName{bucketHeavy, bucketGlobal}
	}
	return []bucketName{bucketGlobal}
}

// admit charges the call; false when a bucket is empty, with the headers set either way.
func (l *limiter) admit(w http.ResponseWriter, r *http.Request, c client) bool {
	if !l.cfg.RateLimits {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.cfg.Now()
	names := bucketsFor(r)
	ok := true
	var limit, remaining int
	var reset time.Duration
	for i, name := range names {
		b, most := l.bucket(c, name, now), l.most(name)
		if left := most - b.used; i == 0 || left < remaining {
			limit, remaining, reset = most, left, b.begun.Add(l.cfg.Limits.Window).Sub(now)
		}
		ok = ok && b.used < most
	}
	if ok {
		remaining--
		for _, name := range names {
			l.bucket(c, name, now).used++
		}
	}
	if !l.cfg.HeadersOff {
		w.Header().Set("RateLimit-Limit", strconv.Itoa(limit))
		w.Header().Set("RateLimit-Remaining", strconv.Itoa(max(remaining, 0)))
		w.Header().Set("RateLimit-Reset", wholeSeconds(reset))
		if !ok {
			w.Header().Set("Retry-After", wholeSeconds(reset))
		}
	}
	return ok
}

func (l *limiter) bucket(c client, name bucketName, now time.Time) *bucket {
	key := string(name) + " " + c.key
	b, ok := l.buckets[key]
	if !ok || now.Sub(b.begun) >= l.cfg.Limits.Window {
		b = &bucket{begun: now}
		l.buckets[key] = b
	}
	return b
}

func (l *limiter) most(name bucketName) int {
	switch name {
	case bucketHeavy:
		return l.cfg.Limits.Heavy
	case bucketDownload:
		return l.cfg.Limits.Download
	default:
		return l.cfg.Limits.Global
	}
}
