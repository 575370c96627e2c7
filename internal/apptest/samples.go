package apptest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/require"
)

// Samples are the IDs of records in a person's database, one for each kind of route.
type Samples struct {
	Meeting, Recording, Preference string
	File                           string // of the recording
}

// Marker is a text in the person's private records and files. No other user may see it.
func (p Person) Marker() string { return "secret-of-" + p.ID }

// SaveRecord saves a record in the person's database as the server does.
func (p Person) SaveRecord(collection string, fields map[string]any) *core.Record {
	p.T.Helper()
	db, err := p.App.Databases.Acquire(context.Background(), p.Name)
	require.NoError(p.T, err)
	defer db.Release()
	c, err := db.App.FindCollectionByNameOrId(collection)
	require.NoError(p.T, err)
	record := core.NewRecord(c)
	for name, value := range fields {
		record.Set(name, value)
	}
	require.NoError(p.T, db.App.Save(record))
	return record
}

// CreateSamples puts a meeting, a recording with its file and a preference into a person's database.
func (p Person) CreateSamples() Samples {
	p.T.Helper()
	db, err := p.App.Databases.Acquire(context.Background(), p.Name)
	require.NoError(p.T, err)
	defer db.Release()
	meeting := p.SaveRecord("meetings", map[string]any{"recording_id": 1, "title": p.Marker()})
	recording := p.SaveRecord("recordings", map[string]any{"meeting": meeting.Id, "recording_id": 1, "size": len(p.Marker()), "file_name": "a.mp4", "content_type": "video/mp4"})
	recording.SetRaw("file", "recording.mp4")
	require.NoError(p.T, db.App.UnsafeWithoutHooks().SaveNoValidate(recording))
	folder := filepath.Join(p.FolderPath(p.Name), "storage", recording.BaseFilesPath())
	require.NoError(p.T, os.MkdirAll(folder, 0o700))
	require.NoError(p.T, os.WriteFile(filepath.Join(folder, "recording.mp4"), []byte(p.Marker()), 0o600))
	preference := p.SaveRecord("preferences", map[string]any{"key": "mine", "value": p.Marker()})
	return Samples{Meeting: meeting.Id, Recording: recording.Id, Preference: preference.Id, File: "recording.mp4"}
}

// CreateLargeRecording is CreateSamples with a recording of 256 MB.
func (p Person) CreateLargeRecording() Samples {
	p.T.Helper()
	samples := p.CreateSamples()
	files, err := filepath.Glob(p.FolderPath(p.Name) + "/storage/*/*/" + samples.File)
	require.NoError(p.T, err)
	require.Len(p.T, files, 1)
	require.NoError(p.T, os.Truncate(files[0], 256<<20))
	return samples
}

// Fingerprint is a hash of everything in a person's database, as they can read it.
func (p Person) Fingerprint() string {
	p.T.Helper()
	sum := sha256.New()
	for _, collection := range []string{"meetings", "recordings", "preferences", "connections", "transfers", "users"} {
		fmt.Fprintln(sum, p.Own("GET", "/api/collections/"+collection+"/records?perPage=200", nil).Raw)
	}
	token := p.Own("POST", "/api/files/token", nil).Text("token")
	recording := p.ListOwn("recordings", "")[0]["id"].(string)
	fmt.Fprintln(sum, p.Call("GET", p.DatabaseURL+"/api/files/recordings/"+recording+"/recording.mp4?token="+token, "", nil).Raw)
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// StartReading sends a GET request, reads the first megabyte of the response and returns the rest.
func StartReading(t testing.TB, link string) io.ReadCloser {
	t.Helper()
	response, err := http.Get(link)
	require.NoError(t, err)
	require.Equal(t, 200, response.StatusCode)
	_, err = io.ReadFull(response.Body, make([]byte, 1<<20))
	require.NoError(t, err)
	return response.Body
}

// StartExport starts an export of many megabytes, reads the first and returns the rest.
func StartExport(t testing.TB, p Person) io.ReadCloser {
	t.Helper()
	p.CreateLargeRecording()
	return StartReading(t, p.DatabaseURL+p.Own("POST", "/api/export", nil).Text("path"))
}

// ExportToken returns a token for one export.
func (p Person) ExportToken() string {
	p.T.Helper()
	path := p.Own("POST", "/api/export", nil).Text("path")
	parsed, err := url.Parse(path)
	require.NoError(p.T, err)
	require.NotEmpty(p.T, parsed.Query().Get("token"), path)
	return parsed.Query().Get("token")
}

// SignInAgain signs a person in to a server, possibly a later one, and returns the person with the new
// tokens.
func (s *Server) SignInAgain(p Person, password string) Person {
	s.T.Helper()
	auth := s.Call("POST", s.URL+"/api/collections/users/auth-with-password", "", map[string]any{"identity": p.Email, "password": password})
	require.Equal(s.T, 200, auth.Status, auth.Raw)
	p.Server, p.Token, p.DatabaseURL, p.Session = s, auth.Text("token"), auth.Text("meta.database.url"), auth.Text("meta.database.token")
	return p
}

// CreateUsers creates n accounts without databases. It saves time by hashing no passwords.
func (s *Server) CreateUsers(n int) []*core.Record {
	s.T.Helper()
	collection, err := s.App.FindCollectionByNameOrId("users")
	require.NoError(s.T, err)
	pb := s.App.UnsafeWithoutHooks()
	users := make([]*core.Record, n)
	for i := range users {
		user := core.NewRecord(collection)
		user.Id = fmt.Sprintf("bench%010d", i)
		user.SetEmail(user.Id + "@example.com")
		user.SetTokenKey(strings.Repeat("k", 35) + user.Id)
		require.NoError(s.T, pb.SaveNoValidate(user))
		users[i] = user
	}
	return users
}
