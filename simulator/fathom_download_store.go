package simulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"sync"
	"time"
)

// download is one request for the file of a recording. Two requests for the same recording create two
// downloads; the docs do not say whether Fathom merges them.
type download struct {
	id        string
	token     string // identifies the download in the signed URL
	recording int64
	owner     string // credential of the client; other clients do not see the download
	requested time.Time
	pollsLeft int
	ready     bool
	failure   string
	expires   time.Time
}

// signature returns the signature of the signed file URL. Its key is not secret: it only prevents clients
// from constructing URLs.
func (d *download) signature() string {
	mac := hmac.New(sha256.New, []byte("simulator"))
	fmt.Fprintf(mac, "%s.%d", d.token, d.expires.Unix())
	return hex.EncodeToString(mac.Sum(nil))
}

type downloadStore struct {
	cfg      Config
	mu       sync.Mutex // guards the downloads as well
	byID     map[string]*download
	byToken  map[string]*download
	failures map[int64]int // number of failed generations, by recording
	noRange  bool
}

func newDownloadStore(cfg Config) *downloadStore {
	st := &downloadStore{cfg: cfg}
	st.reset()
	return st
}

func (st *downloadStore) reset() {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.byID, st.byToken, st.failures = map[string]*download{}, map[string]*download{}, map[int64]int{}
	st.noRange = st.cfg.NoRange
}

// add starts generating m's file for c.
func (st *downloadStore) add(m *meeting, c client) *download {
	st.mu.Lock()
	defer st.mu.Unlock()
	d := &download{
		id:        "dl_" + newID(15),
		token:     newID(20),
		recording: m.id,
		owner:     c.key,
		requested: st.cfg.Now(),
		pollsLeft: m.polls,
	}
	if d.pollsLeft < 0 {
		d.pollsLeft = max(st.cfg.ProcessingPolls, 0)
	}
	if m.failReason != "" && (m.failTimes < 0 || st.failures[m.id] < m.failTimes) {
		d.failure = m.failReason
		st.failures[m.id]++
	}
	if m.audioOnly {
		st.complete(d, m) // audio files need not be generated, so the 202 response already includes them
	}
	st.byID[d.id], st.byToken[d.token] = d, d
	return d
}

// find returns the download with this ID, or nil.
func (st *downloadStore) find(id string) *download {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.byID[id]
}

// findSigned returns the download with this token, or nil if it is not ready, has failed or has expired,
// or if the expiry time or the signature is wrong.
func (st *downloadStore) findSigned(token, expires, signature string) *download {
	st.mu.Lock()
	defer st.mu.Unlock()
	d := st.byToken[token]
	if d == nil || !d.ready || d.failure != "" || !st.cfg.Now().Before(d.expires) ||
		expires != strconv.FormatInt(d.expires.Unix(), 10) ||
		!hmac.Equal([]byte(signature), []byte(d.signature())) {
		return nil
	}
	return d
}

// poll advances the generation by one status poll.
func (st *downloadStore) poll(d *download, m *meeting) {
	st.mu.Lock()
	defer st.mu.Unlock()
	switch {
	case m.readyAfter > 0:
		if st.cfg.Now().Sub(d.requested) < m.readyAfter {
			return
		}
	case d.pollsLeft > 0:
		d.pollsLeft--
		return
	}
	st.complete(d, m)
}

// completeNow completes the generation regardless of the remaining polls, which a callback requires.
func (st *downloadStore) completeNow(d *download, m *meeting) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.complete(d, m)
}

func (st *downloadStore) complete(d *download, m *meeting) {
	if !d.ready {
		d.ready, d.pollsLeft = true, 0
		d.expires = st.cfg.Now().Add(m.expiresAfter)
	}
}

// supportsRange reports whether signed file URLs support Range requests.
func (st *downloadStore) supportsRange() bool {
	st.mu.Lock()
	defer st.mu.Unlock()
	return !st.noRange
}

// SetRange switches support for Range requests at the signed file URLs on or off until Reset. Fathom does
// not document whether its file host supports them.
func (s *Server) SetRange(on bool) {
	s.downloads.mu.Lock()
	defer s.downloads.mu.Unlock()
	s.downloads.noRange = !on
}
