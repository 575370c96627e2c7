package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const (
	jobsPath = "/api/collections/global_queue/records"
	password = "a-good-password"
)

type object = map[string]any

// httpClient trusts the certificates of tests.
var httpClient = &http.Client{Timeout: 60 * time.Second, Transport: testAuthority.transport("")}

// call sends JSON and decodes the JSON answer into result, whatever its status. It returns an error when
// there is no answer, as after a kill.
func call(method, link, token string, body, result any) (status int, err error) {
	encoded, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	request, err := http.NewRequest(method, link, bytes.NewReader(encoded))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", token)
	response, err := httpClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err == nil && len(raw) > 0 {
		if err = json.Unmarshal(raw, result); err != nil {
			err = fmt.Errorf("decode %s: %w", raw, err)
		}
	}
	return response.StatusCode, err
}

// mustCall is call for a request that must succeed with a JSON object.
func (in *installation) mustCall(method, link, token string, body any) object {
	in.t.Helper()
	var answer object
	status, err := call(method, link, token, body, &answer)
	require.NoError(in.t, err)
	require.Equal(in.t, http.StatusOK, status, answer)
	return answer
}

// account is a user who is signed in, with a session for their database.
type account struct {
	token    string
	name     string // of the user database
	database string // its URL
	session  string
}

func (a account) recordsURL(collection string) string {
	return a.database + "/api/collections/" + collection + "/records"
}

// records returns the records of a collection that match a filter.
func (in *installation) records(who account, collection, filter string) []any {
	in.t.Helper()
	link := who.recordsURL(collection) + "?perPage=500&filter=" + url.QueryEscape(filter)
	return in.mustCall(http.MethodGet, link, who.session, nil)["items"].([]any)
}

func (in *installation) register(email string) error {
	var answer object
	status, err := call(http.MethodPost, in.url+"/api/collections/users/records", "",
		object{"email": email, "password": password, "passwordConfirm": password}, &answer)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("register %s: status %d: %v", email, status, answer)
	}
	return err
}

// signIn signs in, which creates the user's database the first time.
func (in *installation) signIn(email string) (account, error) {
	var answer struct {
		Token, Message string
		Meta           struct {
			Database struct{ Name, URL, Token string }
		}
	}
	status, err := call(http.MethodPost, in.url+"/api/collections/users/auth-with-password", "",
		object{"identity": email, "password": password}, &answer)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("sign in as %s: status %d: %s", email, status, answer.Message)
	}
	database := answer.Meta.Database
	return account{token: answer.Token, name: database.Name, database: database.URL, session: database.Token}, err
}

// newAccount registers a user and signs in.
func (in *installation) newAccount(email string) account {
	in.t.Helper()
	require.NoError(in.t, in.register(email))
	who, err := in.signIn(email)
	require.NoError(in.t, err)
	return who
}

// newSyncedAccount registers a user, saves their Fathom key and syncs their meetings.
func (in *installation) newSyncedAccount(email, key string) account {
	in.t.Helper()
	who := in.newAccount(email)
	in.mustCall(http.MethodPost, who.recordsURL("connections"), who.session, object{"provider": "fathom", "secret": key})
	in.requireCompleted(who, in.enqueue(who, "fathom.sync", object{}))
	return who
}

// newDemoAccount is newSyncedAccount for Ada, who has the simulator's own key.
func (in *installation) newDemoAccount() account {
	in.t.Helper()
	return in.newSyncedAccount("ada@example.com", simulator.DemoAPIKey)
}

// enqueue creates a job and returns its id.
func (in *installation) enqueue(who account, kind string, payload any) string {
	in.t.Helper()
	return in.mustCall(http.MethodPost, in.url+jobsPath, who.token, object{"kind": kind, "payload": payload})["id"].(string)
}

// transfer creates a job that transfers a recording and returns its id.
func (in *installation) transfer(who account, recordingID int) string {
	in.t.Helper()
	return in.enqueue(who, "recording.transfer", object{"recording_id": recordingID})
}

// requireCompleted waits until a job has ended and requires that it is completed.
func (in *installation) requireCompleted(who account, id string) {
	in.t.Helper()
	var job object
	polltest.Until(in.t, 20*time.Millisecond, func() bool {
		var answer object
		if _, err := call(http.MethodGet, in.url+jobsPath+"/"+id, who.token, nil, &answer); err != nil {
			return false
		}
		job = answer
		return job["status"] == "completed" || job["status"] == "dead"
	}, "job %s has not ended: %v", id, &job)
	require.Equal(in.t, "completed", job["status"], job)
}
