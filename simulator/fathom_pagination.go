package simulator

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
)

// Page sizes, from the FAQ (meetings) and the examples (everything else) of https://developers.fathom.ai.
const (
	meetingsPageSize = 10
	defaultPageSize  = 25
)

// cursor is the decoded form of the example cursor in the docs. Pages therefore shift when a meeting is
// added between two requests, as they do at Fathom.
type cursor struct {
	PageNum int `json:"page_num"`
}

func (c cursor) String() string {
	raw, _ := json.Marshal(c) // cannot fail for an int
	return base64.StdEncoding.EncodeToString(raw)
}

// parseCursor returns the page number, which is 1 for an empty cursor.
func parseCursor(text string) (int, bool) {
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

// writePage responds with the page of items that the request's cursor selects.
func writePage[T any](w http.ResponseWriter, r *http.Request, limit int, items []T) {
	page, ok := parseCursor(r.URL.Query().Get("cursor"))
	if !ok {
		writeError(w, http.StatusBadRequest, "invalid cursor")
		return
	}
	var next *string
	from := min(page-1, len(items)) * limit // min comes first, because a forged page number could overflow
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
