// Package staticfiles serves embedded files over HTTP. It compresses every file once, at the first request for it,
// rather than for every client.
//
// Files are safe for concurrent use. The package must not know what the files are for: its users set the headers that
// depend on that, such as Cache-Control.
package staticfiles

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// compressible are the extensions of files that become much smaller. Images and fonts are compressed already.
var compressible = []string{".css", ".html", ".js", ".json", ".map", ".mjs", ".svg", ".ttf", ".txt", ".webmanifest", ".xml"}

// Files are the files of a file system that doesn't change.
type Files struct{ byName map[string]*file }

type file struct {
	prepare func() (prepared, error)
}

// prepared is a file that is ready to be sent.
type prepared struct {
	content    []byte
	compressed []byte // nil if compression doesn't help
	etag       string // without quotes
}

// New returns the files of a file system, without those for which skip returns true. A nil skip skips none.
func New(files fs.FS, skip func(name string) bool) (*Files, error) {
	f := &Files{byName: map[string]*file{}}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || skip != nil && skip(name) {
			return err
		}
		f.byName[name] = &file{sync.OnceValues(func() (prepared, error) { return prepare(files, name) })}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list static files: %w", err)
	}
	return f, nil
}

func prepare(files fs.FS, name string) (prepared, error) {
	content, err := fs.ReadFile(files, name)
	if err != nil {
		return prepared{}, fmt.Errorf("read static file %s: %w", name, err)
	}
	sum := sha256.Sum256(content)
	p := prepared{content: content, etag: base64.RawURLEncoding.EncodeToString(sum[:12])}
	if !slices.Contains(compressible, path.Ext(name)) {
		return p, nil
	}
	var buffer bytes.Buffer
	writer := gzip.NewWriter(&buffer)
	if _, err := writer.Write(content); err != nil {
		return p, fmt.Errorf("compress static file %s: %w", name, err)
	}
	if err := writer.Close(); err != nil {
		return p, fmt.Errorf("compress static file %s: %w", name, err)
	}
	if buffer.Len() < len(content)*9/10 {
		p.compressed = bytes.Clone(buffer.Bytes())
	}
	return p, nil
}

// Has reports whether there is a file with this name.
func (f *Files) Has(name string) bool { return f.byName[name] != nil }

// Serve responds with a file that [Files.Has], or with 304 if the client has it already. It returns an error, and
// sends nothing, if the file can't be read.
func (f *Files) Serve(w http.ResponseWriter, r *http.Request, name string) error {
	p, err := f.byName[name].prepare()
	if err != nil {
		return err
	}
	header, content, etag := w.Header(), p.content, p.etag
	if p.compressed != nil {
		header.Add("Vary", "Accept-Encoding")
		// A range refers to the file itself.
		if r.Header.Get("Range") == "" && acceptsGzip(r.Header.Get("Accept-Encoding")) {
			content, etag = p.compressed, etag+"-gzip"
			header.Set("Content-Encoding", "gzip")
		}
	}
	header.Set("ETag", `"`+etag+`"`)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content)) // without a time, only the ETag counts
	return nil
}

// acceptsGzip reports whether an Accept-Encoding header allows gzip.
func acceptsGzip(accepted string) bool {
	for item := range strings.SplitSeq(accepted, ",") {
		coding, quality, _ := strings.Cut(item, ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			quality = strings.ReplaceAll(quality, " ", "")
			return quality != "q=0" && !strings.HasPrefix(quality, "q=0.0")
		}
	}
	return false
}
