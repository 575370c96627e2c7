package apptest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/stretchr/testify/require"
)

// Answer is the response to a call.
type Answer struct {
	Status int
	Header http.Header
	Raw    string
	Body   any // the decoded JSON, or nil
}

// Get returns the value at a path of keys in a JSON response, such as meta.database.name, or nil.
func (a Answer) Get(path string) any {
	value := a.Body
	for key := range strings.SplitSeq(path, ".") {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[key]
	}
	return value
}

// Text returns the string at a path, or "".
func (a Answer) Text(path string) string {
	value, _ := a.Get(path).(string)
	return value
}

// Items returns the records of a list response.
func (a Answer) Items() []map[string]any {
	list, _ := a.Get("items").([]any)
	items := make([]map[string]any, len(list))
	for i, item := range list {
		items[i] = item.(map[string]any)
	}
	return items
}

// Call sends JSON, or no body for nil, to an absolute URL.
func (s *Server) Call(method, link, token string, body any) Answer {
	s.T.Helper()
	var reader io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		require.NoError(s.T, err)
		reader = bytes.NewReader(raw)
	}
	request, err := http.NewRequest(method, link, reader)
	require.NoError(s.T, err)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		request.Header.Set("Authorization", token)
	}
	return s.Do(request)
}

// Do sends a request and follows no redirect.
func (s *Server) Do(request *http.Request) Answer {
	s.T.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	require.NoError(s.T, err)
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	require.NoError(s.T, err)
	answer := Answer{Status: response.StatusCode, Header: response.Header, Raw: string(raw)}
	_ = json.Unmarshal(raw, &answer.Body) // some responses aren't JSON
	return answer
}
