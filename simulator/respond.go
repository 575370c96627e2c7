package simulator

import (
	"bytes"
	"encoding/json"
	"html"
	"net/http"
	"strconv"
)

// writeJSON answers with v. Content-Type is exactly application/json: the official SDK refuses anything else.
func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := encodeJSON(v)
	if err != nil {
		writeError(w, http.StatusInternalServerError, err.Error())
		return
	}
	writeBody(w, status, "application/json", body)
}

// encodeJSON leaves <, > and & as they are, like most servers that are not written in Go.
func encodeJSON(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(buf.Bytes(), "\n"), nil
}

// writeError answers with an error. Fathom specifies no error body and clients in the wild have met several, so the
// shape differs by status, to keep a client from relying on one: a client may decide on the status alone.
func writeError(w http.ResponseWriter, status int, message string) {
	switch status {
	case http.StatusBadRequest, http.StatusNotFound:
		writeJSON(w, status, map[string]string{"message": message})
	case http.StatusUnauthorized, http.StatusUnprocessableEntity:
		writeJSON(w, status, map[string]string{"error": message})
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		writeBody(w, status, "", nil)
	default:
		page := "<!doctype html><title>" + strconv.Itoa(status) + "</title><h1>" + html.EscapeString(message) + "</h1>"
		writeBody(w, status, "text/html; charset=utf-8", []byte(page))
	}
}

// writeBody announces the length, so that a body which is cut off can be told from one that ended.
func writeBody(w http.ResponseWriter, status int, contentType string, body []byte) {
	if contentType != "" {
		w.Header().Set("Content-Type", contentType)
	} else {
		w.Header()["Content-Type"] = nil // no guessing either
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may be gone, and that is its business
}
