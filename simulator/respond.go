package simulator

import (
	"bytes"
	"encoding/json"
	"html"
	"net/http"
	"strconv"
)

// writeJSON responds with v as JSON. The Content-Type is exactly application/json, because the official
// SDK rejects any other value.
func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := encodeJSON(v)
	if err != nil {
		writeError(w, http.StatusInternalServerError, err.Error())
		return
	}
	writeBody(w, status, "application/json", body)
}

// encodeJSON leaves <, > and & unescaped, like most servers that are not written in Go.
func encodeJSON(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(buf.Bytes(), "\n"), nil
}

// writeError responds with an error. Fathom does not specify the body of an error, and several shapes
// have been seen in practice. The shape therefore depends on the status, so that no client can rely on
// anything but the status.
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

// writeBody responds with body. It always sets Content-Length, so that clients can detect a truncated
// body.
func writeBody(w http.ResponseWriter, status int, contentType string, body []byte) {
	if contentType != "" {
		w.Header().Set("Content-Type", contentType)
	} else {
		w.Header()["Content-Type"] = nil // prevents content sniffing by net/http
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // a write error means that the client is gone
}
