package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: time.Minute}

func get(link, token string) error {
	_, err := send(context.Background(), http.MethodGet, link, token, nil)
	return err
}

// send sends a request with a JSON body and returns the body of the response. Any status but 200 and
// 204 is an error.
func send(ctx context.Context, method, link, token string, body []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, link, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", token)
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK && response.StatusCode != http.StatusNoContent {
		err = fmt.Errorf("%s %s: status %d: %s", method, link, response.StatusCode, raw)
	}
	return raw, err
}
