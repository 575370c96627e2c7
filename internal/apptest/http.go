package apptest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/stretchr/testify/require"
)

// Answer is the response to a request.
type Answer struct {
	Status int
	Header http.Header
	Raw    string
	Body   any // the decoded JSON; nil if Raw is not JSON
}

// Get returns the value at a path of keys in a JSON response, such as meta.database.name, or nil if there
// is no such value.
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

// Text returns the string at a path, or "" if there is no string.
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
	answer, err := Send(method, link, token, body)
	require.NoError(s.T, err)
	return answer
}

// Send is Call for goroutines other than the test's: it returns an error instead of ending the test.
func Send(method, link, token string, body any) (Answer, error) {
	return SendFrom("", method, link, token, body)
}

// SendFrom is Send from an address, for a server that trusts the header X-Real-IP.
func SendFrom(address, method, link, token string, body any) (Answer, error) {
	var reader io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return Answer{}, err
		}
		reader = bytes.NewReader(raw)
	}
	request, err := http.NewRequest(method, link, reader)
	if err != nil {
		return Answer{}, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		request.Header.Set("Authorization", token)
	}
	if address != "" {
		request.Header.Set("X-Real-IP", address)
	}
	return roundTrip(request)
}

// Do sends a request. It doesn't follow redirects.
func (s *Server) Do(request *http.Request) Answer {
	s.T.Helper()
	answer, err := roundTrip(request)
	require.NoError(s.T, err)
	return answer
}

func roundTrip(request *http.Request) (Answer, error) {
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		return Answer{}, err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return Answer{}, err
	}
	answer := Answer{Status: response.StatusCode, Header: response.Header, Raw: string(raw)}
	_ = json.Unmarshal(raw, &answer.Body) // some responses aren't JSON
	return answer, nil
}
