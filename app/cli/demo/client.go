package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

// localClient is for the server and the simulator, which are on this machine, so it uses no proxy.
var localClient = &http.Client{Transport: outbound.Network{}.Transport()}

// client calls the public API as the web app does.
type client struct {
	global   endpoint
	database endpoint
}

// endpoint is a PocketBase API with an access token.
type endpoint struct {
	url   string
	token string
}

func newClient(serverURL string) *client {
	return &client{global: endpoint{url: serverURL}}
}

// record is a PocketBase record decoded from JSON.
type record map[string]any

func (r record) text(field string) string {
	value, _ := r[field].(string)
	return value
}

func (r record) number(field string) float64 {
	value, _ := r[field].(float64)
	return value
}

// apiError is a response with a status other than 2xx.
type apiError struct {
	Status  int
	Message string         `json:"message"`
	Data    map[string]any `json:"data"`
}

func (e *apiError) Error() string {
	if len(e.Data) == 0 {
		return fmt.Sprintf("%d: %s", e.Status, e.Message)
	}
	return fmt.Sprintf("%d: %s %v", e.Status, e.Message, e.Data)
}

// call sends body as JSON and decodes the response into result, unless result is nil. It returns an *apiError
// for a response with a status other than 2xx.
func (e endpoint) call(ctx context.Context, method, path string, body, result any) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, e.url+path, bytes.NewReader(encoded))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", e.token)
	response, err := localClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode/100 != 2 {
		failure := &apiError{Status: response.StatusCode}
		if json.Unmarshal(raw, failure) != nil {
			failure.Message = http.StatusText(response.StatusCode)
		}
		return failure
	}
	if result == nil || len(raw) == 0 {
		return nil
	}
	return json.Unmarshal(raw, result)
}

func (e endpoint) create(ctx context.Context, collection string, body any) (record, error) {
	var created record
	err := e.call(ctx, http.MethodPost, "/api/collections/"+collection+"/records", body, &created)
	return created, err
}

func (e endpoint) list(ctx context.Context, collection string, query url.Values) ([]record, error) {
	var page struct {
		Items []record `json:"items"`
	}
	err := e.call(ctx, http.MethodGet, "/api/collections/"+collection+"/records?"+query.Encode(), nil, &page)
	return page.Items, err
}

// signUp creates an account and signs in, which creates the user's database.
func (c *client) signUp(ctx context.Context, email, password string) error {
	_, err := c.global.create(ctx, "users", map[string]any{"email": email, "password": password, "passwordConfirm": password})
	if err != nil {
		return fmt.Errorf("sign up: %w", err)
	}
	var auth struct {
		Token string `json:"token"`
		Meta  struct {
			Database struct{ Name, URL, Token string } `json:"database"`
		} `json:"meta"`
	}
	err = c.global.call(ctx, http.MethodPost, "/api/collections/users/auth-with-password",
		map[string]any{"identity": email, "password": password}, &auth)
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	c.global.token = auth.Token
	c.database = endpoint{url: auth.Meta.Database.URL, token: auth.Meta.Database.Token}
	return nil
}

// saveKey saves the Fathom API key and waits until the server has checked it.
func (c *client) saveKey(ctx context.Context, key string) error {
	return c.connect(ctx, "Fathom key", map[string]any{"provider": "fathom", "secret": key})
}

// saveToken saves the Atlassian API token and waits until the server has checked it.
func (c *client) saveToken(ctx context.Context, email, token string) error {
	return c.connect(ctx, "Atlassian token", map[string]any{
		"provider": "loom", "secret": token, "settings": map[string]string{"method": "token", "email": email},
	})
}

// connect creates a connection and waits until the server has checked it. name is that of its credential.
func (c *client) connect(ctx context.Context, name string, connection map[string]any) error {
	saved, err := c.database.create(ctx, "connections", connection)
	if err != nil {
		return fmt.Errorf("save the %s: %w", name, err)
	}
	return poll(ctx, func() (bool, error) {
		var connection record
		err := c.database.call(ctx, http.MethodGet, "/api/collections/connections/records/"+saved.text("id"), nil, &connection)
		switch status := connection.text("status"); {
		case err != nil:
			return false, fmt.Errorf("read the state of the %s: %w", name, err)
		case status == "valid":
			return true, nil
		case status != "checking":
			return false, fmt.Errorf("the %s is %s: %s", name, status, connection.text("reason"))
		}
		return false, nil
	})
}

// enqueue creates a job and returns its id.
func (c *client) enqueue(ctx context.Context, kind string, payload any) (string, error) {
	job, err := c.global.create(ctx, "global_queue", map[string]any{"kind": kind, "payload": payload})
	if err != nil {
		return "", fmt.Errorf("queue %s: %w", kind, err)
	}
	return job.text("id"), nil
}

// await polls a job until it has ended and returns it. After each poll it calls show, unless show is nil. It
// returns an error if the job is dead or cancelled.
func (c *client) await(ctx context.Context, jobID string, show func(record)) (record, error) {
	var job record
	err := poll(ctx, func() (bool, error) {
		if err := c.global.call(ctx, http.MethodGet, "/api/collections/global_queue/records/"+jobID, nil, &job); err != nil {
			return false, fmt.Errorf("read job %s: %w", jobID, err)
		}
		if show != nil {
			show(job)
		}
		switch job.text("status") {
		case "completed":
			return true, nil
		case "dead", "cancelled":
			return false, fmt.Errorf("the %s job is %s: %s", job.text("kind"), job.text("status"), job.text("error"))
		}
		return false, nil
	})
	return job, err
}

// poll calls check every 50 ms until it reports done, it returns an error, or ctx ends.
func poll(ctx context.Context, check func() (done bool, err error)) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if done, err := check(); done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
