package simulator

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
)

// maxUpload is the size limit of Loom's upload page in bytes. Files must be smaller.
const maxUpload = 4 << 30

// uploadTypes are the file extensions that Loom's upload page accepts.
var uploadTypes = []string{".mp4", ".mov", ".webm", ".wmv", ".avi", ".m4v"}

// Errors of uploads that Loom's upload page rejects.
var (
	ErrUploadType = errors.New("file type is not one of " + strings.Join(uploadTypes, " "))
	ErrUploadSize = errors.New("file is not smaller than 4 GB")
)

// Upload uploads a file as the upload page does and returns its share URL. The bytes are hashed and
// counted, not kept. The errors wrap ErrUploadType, ErrUploadSize, or the error of r or ctx; a failed
// upload leaves no video behind.
func (s *Server) Upload(ctx context.Context, filename string, r io.Reader) (string, error) {
	v, err := s.videos.upload(ctx, s.LoomURL(), filename, r)
	if err != nil {
		return "", fmt.Errorf("upload to loom: %w", err)
	}
	return v.ShareURL, nil
}

func (st *videoStore) upload(ctx context.Context, baseURL, filename string, r io.Reader) (Video, error) {
	// Browsers send the base name only. Paths from other clients are reduced to it.
	filename = path.Base(strings.ReplaceAll(filename, `\`, "/"))
	extension := path.Ext(filename)
	if !slices.Contains(uploadTypes, strings.ToLower(extension)) {
		return Video{}, ErrUploadType
	}
	received, err := receiveFile(ctx, r)
	if err != nil {
		return Video{}, err
	}
	received.Title, received.Filename = strings.TrimSuffix(filename, extension), filename
	return st.add(received, baseURL), nil
}

// receiveFile reads a file and returns a video with its size, checksum and duration.
func receiveFile(ctx context.Context, r io.Reader) (Video, error) {
	sum := sha256.New()
	body := &countingReader{ctx: ctx, r: io.TeeReader(io.LimitReader(r, maxUpload), sum)}
	duration, err := readDuration(body)
	if err != nil {
		duration = 0 // Loom also accepts files without a movie header
	}
	if _, err := io.Copy(io.Discard, body); err != nil {
		return Video{}, err
	}
	// If readDuration already hit the read error, the copy may have ended with a plain io.EOF.
	if body.err != nil {
		return Video{}, body.err
	}
	if body.n >= maxUpload {
		return Video{}, ErrUploadSize
	}
	return Video{Size: body.n, SHA256: hex.EncodeToString(sum.Sum(nil)), Duration: duration}, nil
}

// countingReader counts the bytes read, keeps the last error other than io.EOF, and fails once ctx ends.
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

// postUpload handles an upload by the upload page. The file is the body, with its name in ?filename=, or
// the first file of a multipart form. Loom's own endpoint is not public; this format is the simulator's.
func (s *Server) postUpload(w http.ResponseWriter, r *http.Request) {
	if !s.isSignedIn(r) {
		writeError(w, http.StatusUnauthorized, "not signed in")
		return
	}
	filename, body, err := uploadedFile(r)
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	v, err := s.videos.upload(r.Context(), s.baseURL(r), filename, body)
	switch {
	case errors.Is(err, ErrUploadType):
		writeError(w, http.StatusUnsupportedMediaType, err.Error())
	case errors.Is(err, ErrUploadSize):
		writeError(w, http.StatusRequestEntityTooLarge, err.Error())
	case err != nil:
		writeError(w, http.StatusBadRequest, err.Error())
	default:
		writeJSON(w, http.StatusOK, map[string]any{"id": v.ID, "path": "/share/" + v.ID, "share_url": v.ShareURL})
	}
}

// uploadedFile returns the name and the content of the file in an upload request.
func uploadedFile(r *http.Request) (string, io.Reader, error) {
	mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if mediaType != "multipart/form-data" {
		if name := r.URL.Query().Get("filename"); name != "" {
			return name, r.Body, nil
		}
		return "", nil, errors.New("filename is required")
	}
	form, err := r.MultipartReader()
	if err != nil {
		return "", nil, err
	}
	for {
		part, err := form.NextPart()
		if err != nil {
			return "", nil, fmt.Errorf("find a file in the form: %w", err)
		}
		if part.FileName() != "" {
			return part.FileName(), part, nil
		}
	}
}
