package simulator

import (
	"cmp"
	"errors"
	"net/url"
	"path"
	"regexp"
	"slices"
	"sync"
	"time"
)

// Video is a video on the Loom side, which tests compare with the file they uploaded. Its bytes are not
// kept.
type Video struct {
	ID       string        `json:"id"` // 32 hex digits
	Title    string        `json:"title"`
	Filename string        `json:"filename"`
	Size     int64         `json:"size_bytes"`
	SHA256   string        `json:"sha256"`      // in hex
	Duration time.Duration `json:"duration_ns"` // from the movie header; 0 without one
	ShareURL string        `json:"share_url"`   // without scheme and host if uploaded before Start
	Private  bool          `json:"private,omitempty"`
	Uploaded time.Time     `json:"uploaded"`

	// Of videos that came through Atlassian's MCP server.
	Owner      string `json:"owner,omitempty"`      // e-mail address
	Site       string `json:"site,omitempty"`       // cloudId
	Visibility string `json:"visibility,omitempty"` // owner, workspace or public; "" is public
	Folder     string `json:"folder,omitempty"`     // id
}

// isPublic reports whether everyone with the link may see the video.
func (v Video) isPublic() bool {
	return !v.Private && (v.Visibility == "" || v.Visibility == VisibilityPublic)
}

// videoStore holds the videos, oldest first.
type videoStore struct {
	now    func() time.Time
	mu     sync.Mutex
	videos []*Video
}

func (st *videoStore) reset() {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.videos = nil
}

// add stores v with a share URL below baseURL, the current time and, unless it has one, a new ID, and returns it.
func (st *videoStore) add(v Video, baseURL string) Video {
	st.mu.Lock()
	defer st.mu.Unlock()
	v.ID, v.Uploaded = cmp.Or(v.ID, newID(16)), st.now()
	v.ShareURL = baseURL + "/share/" + v.ID
	st.videos = append(st.videos, &v)
	return v
}

// change applies f to a video, given its ID or any of its URLs.
func (st *videoStore) change(idOrURL string, f func(*Video)) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	id, _ := videoID(idOrURL)
	i := slices.IndexFunc(st.videos, func(v *Video) bool { return v.ID == id })
	if i < 0 {
		return errors.New("change loom video: unknown video")
	}
	f(st.videos[i])
	return nil
}

// find returns the video with this ID.
func (st *videoStore) find(id string) (Video, bool) {
	st.mu.Lock()
	defer st.mu.Unlock()
	i := slices.IndexFunc(st.videos, func(v *Video) bool { return v.ID == id })
	if i < 0 {
		return Video{}, false
	}
	return *st.videos[i], true
}

// findPublic returns the video with this ID if everyone with the link may see it.
func (st *videoStore) findPublic(id string) (Video, bool) {
	v, ok := st.find(id)
	if !ok || !v.isPublic() {
		return Video{}, false
	}
	return v, true
}

// list returns the videos, oldest first.
func (st *videoStore) list() []Video {
	st.mu.Lock()
	defer st.mu.Unlock()
	out := make([]Video, len(st.videos))
	for i, v := range st.videos {
		out[i] = *v
	}
	return out
}

// Uploads returns the videos on the Loom side, oldest first.
func (s *Server) Uploads() []Video { return s.videos.list() }

// SetPrivate makes a video private, given its ID or any of its URLs. Its share page and oEmbed then
// respond with a 404. SetPrivate returns an error if the video is unknown.
func (s *Server) SetPrivate(id string) error {
	return s.videos.change(id, func(v *Video) { v.Private = true })
}

// SetTitle renames a video, given its ID or any of its URLs. It returns an error if the video is unknown.
func (s *Server) SetTitle(id, title string) error {
	return s.videos.change(id, func(v *Video) { v.Title = title })
}

// videoPath matches the last segment of a share or embed URL: an ID, optionally preceded by a slug of the
// title.
var videoPath = regexp.MustCompile(`^(?:[A-Za-z0-9-]*-)?([0-9a-f]{32})$`)

// videoID extracts the ID from an ID, a slug with an ID, or a URL that ends with one of them.
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
