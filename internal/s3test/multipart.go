package s3test

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/johannesboyne/gofakes3"
)

// upload is an unfinished multipart upload.
type upload struct {
	key       string
	initiated time.Time
	meta      map[string]string
	parts     map[int]part
}

func (s *store) upload(key string, id gofakes3.UploadID) (*upload, error) {
	u := s.uploads[id]
	if u == nil || u.key != key {
		return nil, gofakes3.ErrNoSuchUpload
	}
	return u, nil
}

// CreateMultipartUpload implements gofakes3.MultipartBackend.
func (s *store) CreateMultipartUpload(_, key string, meta map[string]string) (gofakes3.UploadID, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files++
	id := gofakes3.UploadID(fmt.Sprintf("upload-%d", s.files))
	s.uploads[id] = &upload{key: key, initiated: s.now(), meta: meta, parts: map[int]part{}}
	return id, nil
}

// UploadPart implements gofakes3.MultipartBackend.
func (s *store) UploadPart(_, key string, id gofakes3.UploadID, number int, size int64, body io.Reader) (string, error) {
	s.mu.Lock()
	u, err := s.upload(key, id)
	var previous []byte
	if err == nil {
		previous = u.parts[number-1].hash
	}
	s.mu.Unlock()
	if err != nil {
		_, _ = io.Copy(io.Discard, body)
		return "", err
	}
	if number > 1 && previous == nil {
		previous = []byte("unknown")
	}
	received, err := s.receive(body, size, previous)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if u, err = s.upload(key, id); err != nil {
		return "", err
	}
	removeParts([]part{u.parts[number]})
	u.parts[number] = received
	return `"` + received.etag + `"`, nil
}

// CompleteMultipartUpload implements gofakes3.MultipartBackend.
func (s *store) CompleteMultipartUpload(_, key string, id gofakes3.UploadID, in *gofakes3.CompleteMultipartUploadRequest) (gofakes3.VersionID, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, err := s.upload(key, id)
	if err != nil {
		return "", "", err
	}
	if len(in.Parts) == 0 {
		return "", "", gofakes3.ErrMalformedXML
	}
	var parts []part
	for i, named := range in.Parts {
		if i > 0 && named.PartNumber <= in.Parts[i-1].PartNumber {
			return "", "", gofakes3.ErrInvalidPartOrder
		}
		p, ok := u.parts[named.PartNumber]
		if !ok || p.etag != strings.Trim(named.ETag, `"`) {
			return "", "", gofakes3.ErrInvalidPart
		}
		if last := i == len(in.Parts)-1; !last && p.size < s.minPart {
			return "", "", gofakes3.ErrorMessage("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
		}
		if i > 0 && p.size > parts[0].size || i > 1 && parts[i-1].size != parts[0].size {
			return "", "", gofakes3.ErrorMessage(gofakes3.ErrInvalidPart, "All non-trailing parts must have the same length.")
		}
		parts = append(parts, p)
		delete(u.parts, named.PartNumber)
	}
	removeParts(slices.Collect(maps.Values(u.parts)))
	delete(s.uploads, id)
	o := s.publish(key, parts, u.meta)
	return "", fmt.Sprintf(`"%s-%d"`, o.parts[0].etag, len(parts)), nil
}

// AbortMultipartUpload implements gofakes3.MultipartBackend.
func (s *store) AbortMultipartUpload(_, key string, id gofakes3.UploadID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, err := s.upload(key, id)
	if err != nil {
		return err
	}
	removeParts(slices.Collect(maps.Values(u.parts)))
	delete(s.uploads, id)
	return nil
}

// ListParts implements gofakes3.MultipartBackend.
func (s *store) ListParts(bucket, key string, id gofakes3.UploadID, marker int, limit int64) (*gofakes3.ListMultipartUploadPartsResult, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, err := s.upload(key, id)
	if err != nil {
		return nil, err
	}
	result := &gofakes3.ListMultipartUploadPartsResult{Bucket: bucket, Key: key, UploadID: id, PartNumberMarker: marker, MaxParts: limit}
	for _, number := range slices.Sorted(maps.Keys(u.parts)) {
		if number <= marker {
			continue
		}
		if int64(len(result.Parts)) == limit {
			result.IsTruncated = true
			break
		}
		p := u.parts[number]
		result.Parts = append(result.Parts, gofakes3.ListMultipartUploadPartItem{PartNumber: number, ETag: `"` + p.etag + `"`, Size: p.size})
		result.NextPartNumberMarker = number
	}
	return result, nil
}

// ListMultipartUploads implements gofakes3.MultipartBackend.
func (s *store) ListMultipartUploads(bucket string, marker *gofakes3.UploadListMarker, prefix gofakes3.Prefix, limit int64) (*gofakes3.ListMultipartUploadsResult, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := slices.SortedFunc(maps.Keys(s.uploads), func(a, b gofakes3.UploadID) int {
		return strings.Compare(s.uploads[a].key+"\x00"+string(a), s.uploads[b].key+"\x00"+string(b))
	})
	result := &gofakes3.ListMultipartUploadsResult{Bucket: bucket, Prefix: prefix.Prefix, MaxUploads: limit}
	for _, id := range ids {
		u := s.uploads[id]
		if !strings.HasPrefix(u.key, prefix.Prefix) {
			continue
		}
		if marker != nil && u.key+"\x00"+string(id) <= marker.Object+"\x00"+string(marker.UploadID) {
			continue
		}
		if int64(len(result.Uploads)) == limit {
			result.IsTruncated = true
			break
		}
		result.Uploads = append(result.Uploads, gofakes3.ListMultipartUploadItem{Key: u.key, UploadID: id, Initiated: gofakes3.NewContentTime(u.initiated)})
		result.NextKeyMarker, result.NextUploadIDMarker = u.key, id
	}
	return result, nil
}
