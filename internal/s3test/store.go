package s3test

import (
	"cmp"
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"fmt"
	"hash/crc64"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/johannesboyne/gofakes3"
)

// store is the content of the bucket. Parts are files, of which objects are lists, so that memory doesn't depend on
// their sizes.
type store struct {
	dir     string
	discard bool
	minPart int64
	bucket  string
	now     func() time.Time

	mu      sync.Mutex
	files   int
	objects map[string]*object
	uploads map[gofakes3.UploadID]*upload
}

var (
	_ gofakes3.Backend          = (*store)(nil)
	_ gofakes3.MultipartBackend = (*store)(nil)
)

// object is a stored object. It never changes, except for its time.
type object struct {
	parts    []part
	size     int64
	sha256   string // in hex; blank if its parts were not sent in order
	modified time.Time
	meta     map[string]string
}

type part struct {
	path string // blank if the content was discarded
	size int64
	etag string
	hash []byte // state of the SHA-256 of all bytes up to the end of this part; nil if unknown
}

// keptSize is the size in bytes up to which content is kept even if a server discards content, so that objects which a
// client writes to check the storage can be read.
const keptSize = 4 << 10

// receive stores the body of a request as a part that follows another one.
func (s *store) receive(body io.Reader, size int64, previous []byte) (part, error) {
	total := sha256.New()
	known := previous == nil || total.(encoding.BinaryUnmarshaler).UnmarshalBinary(previous) == nil
	sum := crc64.New(crc64.MakeTable(crc64.ECMA))
	writers := []io.Writer{sum, total}
	p := part{}
	if !s.discard || size <= keptSize {
		s.mu.Lock()
		s.files++
		p.path = filepath.Join(s.dir, fmt.Sprintf("%d", s.files))
		s.mu.Unlock()
		file, err := os.OpenFile(p.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return p, err
		}
		defer file.Close()
		writers = append(writers, file)
	}
	n, err := io.Copy(io.MultiWriter(writers...), body)
	if err != nil {
		return p, err
	}
	if n != size {
		return p, gofakes3.ErrIncompleteBody
	}
	p.size, p.etag = n, fmt.Sprintf("%016x%016x", sum.Sum64(), n) // like those of encrypted buckets, it isn't an MD5
	if known {
		p.hash, err = total.(encoding.BinaryMarshaler).MarshalBinary()
	}
	return p, err
}

func (s *store) publish(key string, parts []part, meta map[string]string) *object {
	o := &object{parts: parts, modified: s.now(), meta: map[string]string{}}
	for name, value := range meta {
		if name == "Content-Type" || strings.HasPrefix(name, "X-Amz-Meta-") {
			o.meta[name] = value
		}
	}
	for _, p := range parts {
		o.size += p.size
	}
	total := sha256.New()
	if last := parts[len(parts)-1]; last.hash != nil && total.(encoding.BinaryUnmarshaler).UnmarshalBinary(last.hash) == nil {
		o.sha256 = hex.EncodeToString(total.Sum(nil))
	}
	s.objects[key] = o
	return o
}

// PutObject implements gofakes3.Backend.
func (s *store) PutObject(_, key string, meta map[string]string, body io.Reader, size int64, _ *gofakes3.PutConditions) (gofakes3.PutObjectResult, error) {
	p, err := s.receive(body, size, nil)
	if err != nil {
		return gofakes3.PutObjectResult{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.publish(key, []part{p}, meta)
	return gofakes3.PutObjectResult{}, nil
}

// GetObject implements gofakes3.Backend.
func (s *store) GetObject(_, key string, asked *gofakes3.ObjectRangeRequest) (*gofakes3.Object, error) {
	s.mu.Lock()
	o := s.objects[key]
	s.mu.Unlock()
	if o == nil {
		return nil, gofakes3.KeyNotFound(key)
	}
	span, err := asked.Range(o.size)
	if err != nil {
		return nil, err
	}
	found := s.describe(key, o)
	found.Range = span
	reader := &partsReader{parts: o.parts, left: o.size}
	if span != nil {
		reader.skip, reader.left = span.Start, span.Length
	}
	found.Contents = reader
	return found, nil
}

// HeadObject implements gofakes3.Backend.
func (s *store) HeadObject(_, key string) (*gofakes3.Object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.objects[key]
	if o == nil {
		return nil, gofakes3.KeyNotFound(key)
	}
	return s.describe(key, o), nil
}

func (s *store) describe(key string, o *object) *gofakes3.Object {
	meta := map[string]string{"Last-Modified": o.modified.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")}
	for name, value := range o.meta {
		meta[name] = value
	}
	return &gofakes3.Object{Name: key, Metadata: meta, Size: o.size, Hash: []byte(o.sha256), Contents: io.NopCloser(strings.NewReader(""))}
}

// DeleteObject implements gofakes3.Backend.
func (s *store) DeleteObject(_, key string) (gofakes3.ObjectDeleteResult, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(key)
	return gofakes3.ObjectDeleteResult{}, nil
}

func (s *store) remove(key string) {
	if o := s.objects[key]; o != nil {
		removeParts(o.parts)
		delete(s.objects, key)
	}
}

func removeParts(parts []part) {
	for _, p := range parts {
		if p.path != "" {
			_ = os.Remove(p.path) // the test removes the whole folder
		}
	}
}

// DeleteMulti implements gofakes3.Backend.
func (s *store) DeleteMulti(_ string, keys ...string) (result gofakes3.MultiDeleteResult, err error) {
	if len(keys) > 1000 {
		return result, gofakes3.ErrMalformedXML
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range keys {
		s.remove(key)
		result.Deleted = append(result.Deleted, gofakes3.ObjectID{Key: key})
	}
	return result, nil
}

// ListBucket implements gofakes3.Backend.
func (s *store) ListBucket(_ string, prefix *gofakes3.Prefix, page gofakes3.ListBucketPage) (*gofakes3.ObjectList, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := gofakes3.NewObjectList()
	limit := int(cmp.Or(page.MaxKeys, 1000))
	seen := map[string]bool{}
	var match gofakes3.PrefixMatch
	for _, key := range s.keys() {
		if key <= page.Marker || !strings.HasPrefix(key, prefix.Prefix) || !prefix.Match(key, &match) {
			continue
		}
		if match.CommonPrefix && seen[match.MatchedPart] {
			continue
		}
		if len(list.Contents)+len(seen) >= limit {
			list.IsTruncated = true
			break
		}
		list.NextMarker = key
		if match.CommonPrefix {
			seen[match.MatchedPart] = true
			list.AddPrefix(match.MatchedPart)
			continue
		}
		o := s.objects[key]
		list.Add(&gofakes3.Content{Key: key, LastModified: gofakes3.NewContentTime(o.modified), ETag: `"` + o.sha256 + `"`, Size: o.size})
	}
	if !list.IsTruncated {
		list.NextMarker = ""
	}
	return list, nil
}

func (s *store) keys() []string {
	keys := make([]string, 0, len(s.objects))
	for key := range s.objects {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// BucketExists implements gofakes3.Backend.
func (s *store) BucketExists(name string) (bool, error) { return name == s.bucket, nil }

// ListBuckets implements gofakes3.Backend.
func (s *store) ListBuckets() ([]gofakes3.BucketInfo, error) { return nil, gofakes3.ErrNotImplemented }

// CreateBucket implements gofakes3.Backend.
func (s *store) CreateBucket(string) error { return gofakes3.ErrNotImplemented }

// DeleteBucket implements gofakes3.Backend.
func (s *store) DeleteBucket(string) error { return gofakes3.ErrNotImplemented }

// ForceDeleteBucket implements gofakes3.Backend.
func (s *store) ForceDeleteBucket(string) error { return gofakes3.ErrNotImplemented }

// CopyObject implements gofakes3.Backend.
func (s *store) CopyObject(string, string, string, string, map[string]string) (gofakes3.CopyObjectResult, error) {
	return gofakes3.CopyObjectResult{}, gofakes3.ErrNotImplemented
}
