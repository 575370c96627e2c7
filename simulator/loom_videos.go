package simulator

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// maxUpload is what Loom's upload page takes: files under 4 GB.
const maxUpload = 4 << 30

// uploadTypes are the file kinds Loom's upload page takes.
var uploadTypes = []string{".mp4", ".mov", ".webm", ".wmv", ".avi", ".m4v"}

// Errors of an upload that the page would have refused.
var (
	ErrUploadType = errors.New("loom takes " + strings.Join(uploadTypes, " ") + " files only")
	ErrUploadSize = errors.New("loom takes files under 4 GB only")
)

// Video is one video on the Loom side: what a test compares with what it sent. The bytes themselves are not kept.
type Video struct {
	ID       string        `json:"id"` // 32 hex digits
	Title    string        `json:"title"`
	Filename string        `json:"filename"`
	Size     int64         `json:"size_bytes"`
	SHA256   string        `json:"sha256"`
	Duration time.Duration `json:"duration_ns"` // from the movie header, 0 when there is none
	ShareURL string        `json:"share_url"`   // path only before Start
	Private  bool          `json:"private,omitempty"`
	Uploaded time.Time     `json:"uploaded"`
}

type loomShelf struct {
	cfg    Config
	mu     sync.Mutex
	rng    *rand.Rand
	videos []*Video
}

func newLoomShelf(cfg Config) *loomShelf {
	l := &loomShelf{cfg: cfg}
	l.reset()
	return l
}

func (l *loomShelf) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rng, l.videos = newIDs(), nil
}

// Upload takes a file as the upload page does and returns its share URL. The bytes are hashed and counted, not kept.
func (s *Server) Upload(ctx context.Context, filename string, r io.Reader) (string, error) {
	v, err := s.loom.upload(ctx, s.LoomURL(), filename, r)
	if err != nil {
		return "", fmt.Errorf("upload to loom: %w", err)
	}
	return v.ShareURL, nil
}

func (l *loomShelf) upload(ctx context.Context, base, filename string, r io.Reader) (Video, error) {
	// A browser sends the base name; a path from elsewhere is cut the same way.
	filename = path.Base(strings.ReplaceAll(filename, `\`, "/"))
	extension := path.Ext(filename)
	if !slices.Contains(uploadTypes, strings.ToLower(extension)) {
		return Video{}, ErrUploadType
	}
	sum := sha256.New()
	counted := &countingReader{ctx: ctx, r: io.TeeReader(io.LimitReader(r, maxUpload), sum)}
	duration, err := readDuration(counted)
	if err != nil {
		duration = 0 // not every file has a movie header, and Loom takes those as well
	}
	if _, err := io.Copy(io.Discard, counted); err != nil {
		return Video{}, err
	}
	// The walk over the boxes may have hit the broken connection first; then there is nothing left to copy.
	if counted.err != nil {
		return Video{}, counted.err
	}
	if counted.n >= maxUpload {
		return Video{}, ErrUploadSize
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	v := &Video{
		ID:       token(l.rng, 16),
		Title:    strings.TrimSuffix(filename, extension),
		Filename: filename,
		Size:     counted.n,
		SHA256:   hex.EncodeToString(sum.Sum(nil)),
		Duration: duration,
		Uploaded: l.cfg.Now(),
	}
	v.ShareURL = base + "/share/" + v.ID
	l.videos = append(l.videos, v)
	return *v, nil
}

// countingReader counts, remembers the first real error and ends with ctx.
type countingReader struct {
	ctx context.Context
	r   io.Reader
	n   int64
	err error
}

func (c *countingReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		c.err = err
		return 0, err
	}
	n, err := c.r.Read(p)
	c.n += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
	}
	return n, err
}

// Uploads lists the videos on the Loom side, oldest first.
func (s *Server) Uploads() []Video {
	s.loom.mu.Lock()
	defer s.loom.mu.Unlock()
	out := make([]Video, len(s.loom.videos))
	for i, v := range s.loom.videos {
		out[i] = *v
	}
	return out
}

// SetPrivate takes a video (its id or any of its URLs) from those who only have the link: the share page and oEmbed
// answer 404.
func (s *Server) SetPrivate(id string) error {
	return s.loom.change(id, func(v *Video) { v.Private = true })
}

// SetTitle renames a video (its id or any of its URLs).
func (s *Server) SetTitle(id, title string) error {
	return s.loom.change(id, func(v *Video) { v.Title = title })
}

func (l *loomShelf) change(id string, change func(*Video)) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	id, _ = videoID(id)
	i := slices.IndexFunc(l.videos, func(v *Video) bool { return v.ID == id })
	if i < 0 {
		return errors.New("change loom video: it is unknown")
	}
	change(l.videos[i])
	return nil
}

// public finds a video anybody with the link may see.
func (l *loomShelf) public(id string) (Video, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(l.videos, func(v *Video) bool { return v.ID == id && !v.Private })
	if i < 0 {
		return Video{}, false
	}
	return *l.videos[i], true
}

// videoPath is the last part of a share or embed URL: an id, or a title slug and an id.
var videoPath = regexp.MustCompile(`^(?:[A-Za-z0-9-]*-)?([0-9a-f]{32})$`)

// videoID takes the id from an id, a slug with an id, or a URL that ends in one.
func videoID(text string) (string, bool) {
	if u, err := url.Parse(text); err == nil {
		text = path.Base(u.Path)
	}
	match := videoPath.FindStringSubmatch(text)
	if match == nil {
		return "", false
	}
	return match[1], true
}
