package simulator

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Limits are the numbers of calls per window and credential, https://developers.fathom.ai (API overview).
// There is a bucket for all calls, one for heavy reads and one for download requests. Zero and negative
// values mean the default.
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
	start time.Time
	used  int
}

// rateLimiter counts calls in fixed windows that start with the first call. A heavy call counts against
// the heavy and the global bucket, a download request only against its own. The headers describe the
// bucket with fewer calls left. The docs specify neither.
type rateLimiter struct {
	cfg     Config
	mu      sync.Mutex
	buckets map[string]*bucket // by bucket name and credential
}

func newRateLimiter(cfg Config) *rateLimiter {
	return &rateLimiter{cfg: cfg, buckets: map[string]*bucket{}}
}

func (l *rateLimiter) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.buckets)
}

// bucketsFor returns the buckets that a request counts against.
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

// allow counts the call and sets the rate limit headers. It returns false, and does not count the call,
// if one of its buckets is exhausted.
func (l *rateLimiter) allow(w http.ResponseWriter, r *http.Request, c client) bool {
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
		b, size := l.bucket(c, name, now), l.bucketSize(name)
		if left := size - b.used; i == 0 || left < remaining {
			limit, remaining, reset = size, left, b.start.Add(l.cfg.Limits.Window).Sub(now)
		}
		ok = ok && b.used < size
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

// bucket returns the client's bucket for the current window.
func (l *rateLimiter) bucket(c client, name bucketName, now time.Time) *bucket {
	key := string(name) + " " + c.key
	b, ok := l.buckets[key]
	if !ok || now.Sub(b.start) >= l.cfg.Limits.Window {
		b = &bucket{start: now}
		l.buckets[key] = b
	}
	return b
}

func (l *rateLimiter) bucketSize(name bucketName) int {
	switch name {
	case bucketHeavy:
		return l.cfg.Limits.Heavy
	case bucketDownload:
		return l.cfg.Limits.Download
	default:
		return l.cfg.Limits.Global
	}
}
