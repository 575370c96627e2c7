package hooks_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

// post sends JSON. Unlike the methods of apptest.Server it may be called on any goroutine.
func post(link, token string, body any) (apptest.Answer, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return apptest.Answer{}, err
	}
	request, err := http.NewRequest(http.MethodPost, link, bytes.NewReader(raw))
	if err != nil {
		return apptest.Answer{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return apptest.Answer{}, err
	}
	defer response.Body.Close()
	if raw, err = io.ReadAll(response.Body); err != nil {
		return apptest.Answer{}, err
	}
	answer := apptest.Answer{Status: response.StatusCode, Header: response.Header, Raw: string(raw)}
	return answer, json.Unmarshal(raw, &answer.Body)
}
