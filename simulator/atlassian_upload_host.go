package simulator

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// uploadExpired is how the host of uploads answers an address that is no longer valid.
const uploadExpired = `<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>`

// uploadHost applies the faults of the host of uploads to next.
func (s *Server) uploadHost(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f, ok := s.atlassian.nextFault(FaultUpload, false)
		if !ok {
			next(w, r)
			return
		}
		if f.CutAfter > 0 || f.HoldAfter > 0 {
			r.Body = io.NopCloser(&uploadReader{from: r.Body, fault: f, wait: func(done <-chan struct{}) { s.waitFor(done, r) }})
		}
		s.apply(f, w, r, next)
	}
}

// findUpload returns the upload with this address, or responds with an error. The host has its own credentials: one of
// Atlassian's must never arrive there.
func (s *Server) findUpload(w http.ResponseWriter, r *http.Request) *upload {
	a := s.atlassian
	a.mu.Lock()
	defer a.mu.Unlock()
	i := slices.IndexFunc(a.uploads, func(u *upload) bool { return u.secret == r.PathValue("ticket") })
	if i < 0 {
		writeError(w, http.StatusNotFound, "no such upload")
		return nil
	}
	u := a.uploads[i]
	u.Requests++
	if header := r.Header.Get("Authorization"); header != "" && header != "Bearer "+u.key {
		a.violations = append(a.violations, "credentials were sent to the host of uploads, which must never receive them")
		writeError(w, http.StatusBadRequest, "unexpected Authorization header")
		return nil
	}
	switch {
	case u.Expires.Before(a.now()):
		writeBody(w, http.StatusForbidden, "application/xml", []byte(uploadExpired))
	case u.Published:
		writeError(w, http.StatusConflict, "the upload is already published")
	default:
		return u
	}
	return nil
}

// receiveUpload handles a whole file.
func (s *Server) receiveUpload(w http.ResponseWriter, r *http.Request) {
	u := s.findUpload(w, r)
	if u == nil {
		return
	}
	if problem := u.checkRequest(r); problem != "" {
		writeError(w, http.StatusBadRequest, problem)
		return
	}
	body := io.Reader(r.Body)
	if u.form == UploadMultipart {
		file, err := u.fileInForm(r, body)
		if err != nil {
			writeError(w, http.StatusBadRequest, err.Error())
			return
		}
		body = file
	}
	received, err := receiveFile(r.Context(), body)
	switch {
	case errors.Is(err, ErrUploadSize):
		writeError(w, http.StatusRequestEntityTooLarge, err.Error())
		return
	case err != nil:
		writeError(w, http.StatusBadRequest, err.Error())
		return
	case u.Announced > 0 && received.Size != u.Announced:
		writeError(w, http.StatusBadRequest, fmt.Sprintf("received %d bytes instead of %d", received.Size, u.Announced))
		return
	}
	s.atlassian.mu.Lock()
	u.Sent, u.Size, u.SHA256, u.Duration = true, received.Size, received.SHA256, received.Duration
	s.atlassian.mu.Unlock()
	switch {
	case u.form == UploadCurl:
		writeJSON(w, http.StatusCreated, map[string]any{"data": map[string]any{"id": u.ID, "size": received.Size}})
	case s.atlassian.currentBehaviour().HideUploadID:
		writeJSON(w, http.StatusCreated, map[string]any{"id": u.ID})
	case u.form == UploadMultipart:
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("ETag", strconv.Quote(received.SHA256))
		writeBody(w, http.StatusOK, "", nil)
	}
}

// checkRequest returns what is wrong with the head of a request that sends the whole file, or "".
func (u *upload) checkRequest(r *http.Request) string {
	method := http.MethodPost
	if u.form == UploadPut {
		method = http.MethodPut
	}
	switch {
	case u.form == UploadParts:
		return "the file must be sent in parts"
	case r.Method != method:
		return "the method must be " + method
	case r.ContentLength < 0:
		return "Content-Length is required"
	case u.form == UploadPut && (r.Header.Get("Content-Type") != u.contentType() || r.Header.Get("X-Upload-Signature") != u.key):
		return "a header is missing or wrong"
	case u.form == UploadCurl && r.Header.Get("Authorization") != "Bearer "+u.key:
		return "the bearer token is missing"
	}
	return ""
}

// fileInForm returns the file of a form, whose other fields must precede it.
func (u *upload) fileInForm(r *http.Request, body io.Reader) (io.Reader, error) {
	r.Body = io.NopCloser(body)
	form, err := r.MultipartReader()
	if err != nil {
		return nil, fmt.Errorf("read form: %w", err)
	}
	signature := ""
	for {
		part, err := form.NextPart()
		if err != nil {
			return nil, fmt.Errorf("find the file in the form: %w", err)
		}
		switch part.FormName() {
		case "x-amz-signature":
			raw, err := io.ReadAll(io.LimitReader(part, 1<<10))
			if err != nil {
				return nil, fmt.Errorf("read signature: %w", err)
			}
			signature = string(raw)
		case "file":
			if signature != u.key {
				return nil, errors.New("the signature is missing or wrong")
			}
			return part, nil
		}
	}
}

// receivePart handles a part. Parts may arrive again and in any order; the checksum of the file is known if each
// arrived after the one before it.
func (s *Server) receivePart(w http.ResponseWriter, r *http.Request) {
	u := s.findUpload(w, r)
	if u == nil {
		return
	}
	number, err := strconv.Atoi(r.PathValue("part"))
	if err != nil || number < 1 || number > len(u.parts) || r.Method != http.MethodPut {
		writeError(w, http.StatusNotFound, "no such part")
		return
	}
	expected := min(u.partSize, u.Announced-int64(number-1)*u.partSize)
	if r.ContentLength != expected {
		writeError(w, http.StatusBadRequest, fmt.Sprintf("the part must have %d bytes", expected))
		return
	}
	sum := sha256.New()
	state, _ := sum.(resumable)
	known := number == 1
	if number > 1 {
		s.atlassian.mu.Lock()
		before := u.parts[number-2]
		s.atlassian.mu.Unlock()
		known = before != nil && before.sum != nil && state.UnmarshalBinary(before.sum) == nil
	}
	size, err := io.Copy(sum, r.Body)
	if err != nil || size != expected {
		writeError(w, http.StatusBadRequest, "the part is incomplete")
		return
	}
	part := &uploadPart{size: size}
	if known {
		part.sum, _ = state.MarshalBinary() // never fails for SHA-256
	}
	s.atlassian.mu.Lock()
	u.parts[number-1] = part
	s.atlassian.mu.Unlock()
	w.Header().Set("ETag", strconv.Quote(strings.ToLower(newID(8))))
	writeBody(w, http.StatusOK, "", nil)
}

// checksum returns the checksum of a file in hex, given the state after its last part, or "" without one.
func checksum(state []byte) string {
	sum := sha256.New()
	if resumed, _ := sum.(resumable); state == nil || resumed.UnmarshalBinary(state) != nil {
		return ""
	}
	return hex.EncodeToString(sum.Sum(nil))
}
