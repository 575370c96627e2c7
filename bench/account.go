package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// account is a person who has signed up at our server.
type account struct {
	server   *process
	token    string
	database struct{ URL, Token string }
}

// signUp creates an account at a server.
func signUp(ctx context.Context, server *process) (*account, error) {
	a := &account{server: server}
	identity := map[string]any{"email": "ada@example.com", "password": "a-good-password", "passwordConfirm": "a-good-password"}
	if err := a.call(ctx, server.url+"/api/collections/users/records", "", identity, nil); err != nil {
		return nil, err
	}
	var auth struct {
		Token string
		Meta  struct {
			Database struct{ URL, Token string }
		}
	}
	identity["identity"] = identity["email"]
	if err := a.call(ctx, server.url+"/api/collections/users/auth-with-password", "", identity, &auth); err != nil {
		return nil, err
	}
	a.token, a.database = auth.Token, auth.Meta.Database
	return a, nil
}

// saveKey saves the key of the simulated Fathom and waits until Fathom has accepted it.
func (a *account) saveKey(ctx context.Context) error {
	return a.connect(ctx, map[string]any{"provider": "fathom", "secret": simulator.DemoAPIKey})
}

// connectLoom saves a token of the simulated Atlassian and waits until Atlassian has accepted it.
func (a *account) connectLoom(ctx context.Context) error {
	return a.connect(ctx, map[string]any{
		"provider": "loom", "secret": simulator.DemoAtlassianToken,
		"settings": map[string]any{"method": "token", "email": simulator.DemoAtlassianEmail},
	})
}

func (a *account) connect(ctx context.Context, settings map[string]any) error {
	connections := a.database.URL + "/api/collections/connections/records"
	var connection struct{ ID string }
	if err := a.call(ctx, connections, a.database.Token, settings, &connection); err != nil {
		return err
	}
	return a.await(ctx, connections+"/"+connection.ID, a.database.Token, "checking", "valid")
}

// transfer transfers a recording from Fathom to the server's storage.
func (a *account) transfer(ctx context.Context, recordingID int64) error {
	return a.runJob(ctx, "recording.transfer", map[string]any{"recording_id": recordingID})
}

// deleteRecordings deletes all transferred recordings with their files.
func (a *account) deleteRecordings(ctx context.Context) error {
	records := a.database.URL + "/api/collections/recordings/records"
	raw, err := send(ctx, http.MethodGet, records, a.database.Token, nil)
	if err != nil {
		return err
	}
	var page struct{ Items []struct{ ID string } }
	if err := json.Unmarshal(raw, &page); err != nil {
		return err
	}
	for _, recording := range page.Items {
		if _, err := send(ctx, http.MethodDelete, records+"/"+recording.ID, a.database.Token, nil); err != nil {
			return err
		}
	}
	return nil
}

// runJob creates a job and waits until it is completed.
func (a *account) runJob(ctx context.Context, kind string, payload any) error {
	jobs := a.server.url + jobsPath
	var job struct{ ID string }
	if err := a.call(ctx, jobs, a.token, map[string]any{"kind": kind, "payload": payload}, &job); err != nil {
		return err
	}
	return a.await(ctx, jobs+"/"+job.ID, a.token, "pending processing", "completed")
}

// await polls a record until its status is the wanted one. Any status that isn't among those before is an error. The
// time between two polls is a small part of the time so far, so that it neither falsifies the result nor keeps the
// server busy.
func (a *account) await(ctx context.Context, link, token, before, wanted string) error {
	start := time.Now()
	for {
		raw, err := send(ctx, http.MethodGet, link, token, nil)
		if err != nil {
			return err
		}
		var record struct{ Status string }
		if err := json.Unmarshal(raw, &record); err != nil {
			return err
		}
		switch {
		case record.Status == wanted:
			return nil
		case !slices.Contains(strings.Fields(before), record.Status):
			return fmt.Errorf("wait for status %q: %s", wanted, raw)
		}
		select {
		case <-time.After(min(max(time.Since(start)/20, time.Millisecond), 50*time.Millisecond)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// call sends a request with a JSON body and decodes the response into result, unless result is nil.
func (a *account) call(ctx context.Context, link, token string, body, result any) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return err
	}
	raw, err := send(ctx, http.MethodPost, link, token, encoded)
	if err != nil || result == nil {
		return err
	}
	return json.Unmarshal(raw, result)
}
