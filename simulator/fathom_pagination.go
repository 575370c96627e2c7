package simulator

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
)

// Page sizes, from the FAQ (meetings) and the examples (the rest) of https://developers.fathom.ai.
const (
	meetingsPerPage = 10
	othersPerPage   = 25
)

// cursor is what the example cursor of the docs decodes to. That makes pages shift when a meeting appears while a
// client pages, as they do at the real one.
type cursor struct {
	PageNum int `json:"page_num"`
}

func (c cursor) String() string {
	raw, _ := json.Marshal(c) // an int always marshals
	return base64.StdEncoding.EncodeToString(raw)
}

// readCursor gives the page number, 1 without a cursor.
func readCursor(text string) (int, bool) {
	if text == "" {
		return 1, true
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return 0, false
	}
	var c cursor
	if err := json.Unmarshal(raw, &c); err != nil || c.PageNum < 1 {
		return 0, false
	}
	return c.PageNum, true
}

// writePage answers with the page of items the request's cursor points at.
func writePage[T any](w http.ResponseWriter, r *http.Request, limit int, items []T) {
	page, ok := readCursor(r.URL.Query().Get("cursor"))
	if !ok {
		writeError(w, http.StatusBadRequest, "invalid cursor")
		return
	}
	var next *string
	from := min(page-1, len(items)) * limit // min first: a forged page number must not overflow
	from = min(from, len(items))
	to := min(from+limit, len(items))
	if to < len(items) {
		text := cursor{PageNum: page + 1}.String()
		next = &text
	}
	writeJSON(w, http.StatusOK, struct {
		Limit      int     `json:"limit"`
		NextCursor *string `json:"next_cursor"`
		Items      []T     `json:"items"`
	}{limit, next, append([]T{}, items[from:to]...)})
}
