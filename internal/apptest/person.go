package apptest

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// Password is the password of every account.
const Password = "a-good-password"

// Person is a signed-in user.
type Person struct {
	*Server
	ID, Email   string
	Token       string // for the global PocketBase
	Name        string // of the user's database
	DatabaseURL string
	Session     string // the token for the user's database
}

// SignUpOnly creates an account without signing in.
func (s *Server) SignUpOnly(email string) Answer {
	s.T.Helper()
	return s.Call(http.MethodPost, s.URL+"/api/collections/users/records", "", map[string]any{
		"email": email, "password": Password, "passwordConfirm": Password,
	})
}

// SignIn signs in with a password.
func (s *Server) SignIn(email string) Answer {
	s.T.Helper()
	return s.Call(http.MethodPost, s.URL+"/api/collections/users/auth-with-password", "", map[string]any{
		"identity": email, "password": Password,
	})
}

// SignUp creates an account and signs in.
func (s *Server) SignUp(email string) Person {
	s.T.Helper()
	created := s.SignUpOnly(email)
	require.Equal(s.T, 200, created.Status, created.Raw)
	auth := s.SignIn(email)
	require.Equal(s.T, 200, auth.Status, auth.Raw)
	return Person{
		Server: s, ID: auth.Text("record.id"), Email: email, Token: auth.Text("token"),
		Name: auth.Text("meta.database.name"), DatabaseURL: auth.Text("meta.database.url"), Session: auth.Text("meta.database.token"),
	}
}

// SignUpWithMeetings creates an account with a valid Fathom key and synced meetings.
func (s *Server) SignUpWithMeetings(email string) Person {
	s.T.Helper()
	p := s.SignUp(email)
	require.Equal(s.T, "valid", p.SaveKey(simulator.DemoAPIKey).Text("status"))
	require.Equal(s.T, "completed", p.RunJob("fathom.sync", map[string]any{}).Text("status"))
	return p
}

// SuperuserToken returns the token of the operator. It signs in at the first call.
func (s *Server) SuperuserToken() string {
	s.T.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.superuserToken != "" {
		return s.superuserToken
	}
	auth := s.Call(http.MethodPost, s.URL+"/api/collections/_superusers/auth-with-password", "", map[string]any{
		"identity": Secrets().AdminEmail, "password": Secrets().AdminPassword.Reveal(),
	})
	require.Equal(s.T, 200, auth.Status, auth.Raw)
	s.superuserToken = auth.Text("token")
	return s.superuserToken
}

// CreateToken creates an API token that is valid for an hour, and returns its id and its text.
func (p Person) CreateToken(scopes ...string) (id, text string) {
	p.T.Helper()
	created := p.Call(http.MethodPost, p.URL+"/api/tokens", p.Token, map[string]any{
		"name": strings.Join(scopes, "+"), "scopes": scopes, "expires": time.Now().Add(time.Hour).UTC().Format(time.RFC3339),
	})
	require.Equal(p.T, 200, created.Status, created.Raw)
	return created.Text("id"), created.Text("token")
}

// RevokeToken revokes an API token.
func (p Person) RevokeToken(id string) {
	p.T.Helper()
	revoked := p.Call(http.MethodDelete, p.URL+"/api/tokens/"+id, p.Token, nil)
	require.Equal(p.T, 204, revoked.Status, revoked.Raw)
}

// On returns the person as a client of a later server with the same data.
func (p Person) On(next *Server) Person {
	p.Server, p.DatabaseURL = next, next.URL+"/db/"+p.Name
	return p
}

// Own calls the person's own database.
func (p Person) Own(method, path string, body any) Answer {
	p.T.Helper()
	return p.Call(method, p.DatabaseURL+path, p.Session, body)
}

// ListOwn lists up to 200 records of the person's own database.
func (p Person) ListOwn(collection, filter string) []map[string]any {
	p.T.Helper()
	list := p.Own(http.MethodGet, "/api/collections/"+collection+"/records?perPage=200&filter="+url.QueryEscape(filter), nil)
	require.Equal(p.T, 200, list.Status, list.Raw)
	return list.Items()
}

// RecordingFilter is a filter for records of one recording.
func RecordingFilter(id int64) string { return fmt.Sprintf("recording_id = %d", id) }

// SaveKey stores a Fathom key, waits until it has been checked and returns the connection.
func (p Person) SaveKey(key string) Answer {
	p.T.Helper()
	saved := p.Own(http.MethodPost, "/api/collections/connections/records", map[string]any{"provider": "fathom", "secret": key})
	require.Equal(p.T, 200, saved.Status, saved.Raw)
	var connection Answer
	p.Eventually(func() bool {
		connection = p.Own(http.MethodGet, "/api/collections/connections/records/"+saved.Text("id"), nil)
		return connection.Text("status") != "checking"
	})
	return connection
}

// JobsPath is the path of the global_queue collection.
const JobsPath = "/api/collections/global_queue/records"

// Enqueue creates a job.
func (p Person) Enqueue(kind string, payload any) Answer {
	p.T.Helper()
	return p.Call(http.MethodPost, p.URL+JobsPath, p.Token, map[string]any{"kind": kind, "payload": payload})
}

// Job reads one of the person's jobs.
func (p Person) Job(id string) Answer {
	p.T.Helper()
	return p.Call(http.MethodGet, p.URL+JobsPath+"/"+id, p.Token, nil)
}

// Jobs returns the person's jobs with a status.
func (p Person) Jobs(status string) []map[string]any {
	p.T.Helper()
	list := p.Call(http.MethodGet, p.URL+JobsPath+"?perPage=500&filter="+url.QueryEscape("status = '"+status+"'"), p.Token, nil)
	require.Equal(p.T, 200, list.Status, list.Raw)
	return list.Items()
}

// RunJob creates a job and waits until it is completed, dead or cancelled. If an earlier one for the same work is about
// to end, it first waits for that.
func (p Person) RunJob(kind string, payload any) Answer {
	p.T.Helper()
	active := p.Call(http.MethodGet, p.URL+JobsPath+"?perPage=500&filter="+url.QueryEscape("status='pending'||status='processing'"), p.Token, nil)
	require.Equal(p.T, 200, active.Status, active.Raw)
	job := p.runJob(kind, payload)
	for _, earlier := range active.Items() {
		if earlier["id"] == job.Text("id") {
			return p.runJob(kind, payload)
		}
	}
	return job
}

func (p Person) runJob(kind string, payload any) (job Answer) {
	p.T.Helper()
	created := p.Enqueue(kind, payload)
	require.Equal(p.T, 200, created.Status, created.Raw)
	p.Eventually(func() bool {
		job = p.Job(created.Text("id"))
		switch job.Text("status") {
		case "completed", "dead", "cancelled":
			return true
		}
		return false
	})
	return job
}
