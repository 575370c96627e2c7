package hooks_test

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// logLine is a line of a log in JSON.
type logLine map[string]any

// logLines returns the lines of a server with LOG_FORMAT=json whose attribute has the value.
func logLines(s *apptest.Server, key string, value any) (found []logLine) {
	s.T.Helper()
	for line := range strings.Lines(s.Log.String()) {
		var decoded logLine
		require.NoError(s.T, json.Unmarshal([]byte(line), &decoded), line)
		if decoded[key] == value {
			found = append(found, decoded)
		}
	}
	return found
}

func messagesOf(lines []logLine) (messages []string) {
	for _, line := range lines {
		messages = append(messages, line["msg"].(string))
	}
	return messages
}

func TestAJobCanBeFollowedFromTheRequestThatCreatedIt(t *testing.T) {
	t.Parallel()
	const requestID = "request-of-the-test"
	s := apptest.Start(t, apptest.Options{Settings: []string{"LOG_FORMAT=json", behindProxy}})
	ada := s.SignUpWithMeetings("ada@example.com")
	recording := ada.ListOwn("meetings", "")[0]["recording_id"].(float64)
	body, err := json.Marshal(map[string]any{"kind": "recording.transfer", "payload": map[string]any{"recording_id": recording}})
	require.NoError(t, err)
	request, err := http.NewRequest(http.MethodPost, s.URL+apptest.JobsPath, strings.NewReader(string(body)))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", ada.Token)
	request.Header.Set("X-Request-Id", requestID)
	job := s.Do(request).Text("id")
	require.NotEmpty(t, job)
	s.Eventually(func() bool { return ada.Job(job).Text("status") == "completed" })

	created := logLines(s, "request", requestID)
	require.Contains(t, messagesOf(created), "job created")
	for _, line := range created {
		assert.Equal(t, ada.ID, line["user"], line)
	}
	lines := logLines(s, "job", job)
	messages := messagesOf(lines)
	assert.Subset(t, messages, []string{"job created", "job started", "called fathom", "job ended"})
	for _, line := range lines {
		assert.Equal(t, ada.ID, line["user"], line)
		assert.Equal(t, "recording.transfer", line["kind"], line)
		if line["msg"] == "called fathom" {
			assert.Equal(t, ada.Name, line["database"], line)
			assert.EqualValues(t, recording, line["recording"], line)
		}
	}
}

func TestRefusedRequestsNameDatabaseAndUser(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"LOG_FORMAT=json"}})
	ada := s.SignUp("ada@example.com")
	require.NoError(t, s.App.Databases.Stop(t.Context())) // so that requests fail
	failed := ada.Own(http.MethodGet, "/api/collections/meetings/records", nil)
	require.GreaterOrEqual(t, failed.Status, 500, failed.Raw)
	for _, line := range logLines(s, "request", failed.Header.Get("X-Request-Id")) {
		assert.Equal(t, ada.Name, line["database"], line)
		assert.Equal(t, ada.ID, line["user"], line)
	}
}

func TestPocketBaseLogsJoinTheLog(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{Settings: []string{"LOG_FORMAT=json"}})
	ada := s.SignUp("ada@example.com")
	db, err := s.App.Databases.Acquire(t.Context(), ada.Name)
	require.NoError(t, err)
	db.App.Logger().Warn("a warning of a user database", "error", "password=hunter2hunter2", "list", []int{1, 2})
	db.App.Logger().Info("not worth an entry")
	db.Release()
	s.App.Logger().Error("an error of the global database")
	token := s.SuperuserToken()
	require.Equal(t, 200, s.Call(http.MethodGet, s.URL+"/db/"+ada.Name+"/api/collections/meetings/records", token, nil).Status)
	require.NoError(t, s.Stop()) // PocketBase writes what waits

	entries := logLines(s, "msg", "a warning of a user database")
	require.Len(t, entries, 1)
	delete(entries[0], "time")
	assert.Equal(t, logLine{
		"level": "WARN", "msg": "a warning of a user database", "component": "pocketbase", "database": ada.Name,
		"error": "password=[redacted]", "list": "[1,2]",
	}, entries[0])
	assert.Len(t, logLines(s, "msg", "an error of the global database"), 1)
	assert.Len(t, logLines(s, "msg", "superuser accessed user database"), 1, "it is written to both logs, and logged once")
	assert.Empty(t, logLines(s, "msg", "not worth an entry"))
	assert.NotContains(t, s.Log.String(), "__in_server_log")
}

// Secrets that people and operators enter or receive. Every path below uses some of them.
func TestNoSecretIsLoggedOrReturned(t *testing.T) {
	t.Parallel()
	const (
		wrongPassword = "wrong-password-4711"
		wrongKey      = "fathom-key-nobody-has-4711"
		mailPassword  = "mail-password-4711"
		hookSecret    = "whsec_aG9vay1zZWNyZXQtNDcxMQ=="
		wrongToken    = "eyJhbGciOiJIUzI1NiJ9.eyJpZCI6ImZvcmdlZCJ9.c2lnbmF0dXJlNDcxMQ"
		linkSecret    = "link-secret-4711"
	)
	backups := filepath.Join(t.TempDir(), "backups")
	s := apptest.Start(t, apptest.Options{
		SimulatorConfig: simulator.Config{Atlassian: &simulator.AtlassianConfig{}},
		Settings:        []string{"BACKUP_DIR=" + backups, behindProxy},
	})
	ada := s.SignUpWithMeetings("ada@example.com")
	superuser := s.SuperuserToken()
	keys := apptest.Secrets()
	secrets := map[string]string{
		"password": apptest.Password, "wrong password": wrongPassword, "Fathom key": simulator.DemoAPIKey, "wrong key": wrongKey,
		"mail password": mailPassword, "webhook secret": hookSecret, "forged token": wrongToken, "secret of a link": linkSecret,
		"token": ada.Token, "session": ada.Session, "superuser token": superuser,
		"AES_MASTER_KEY": keys.AESMasterKey.Reveal(), "JWT_SECRET": keys.JWTSecret.Reveal(), "PB_ENCRYPTION_KEY": keys.PBEncryptionKey.Reveal(),
		"PB_ADMIN_PASSWORD": keys.AdminPassword.Reveal(), "BACKUP_KEY": keys.BackupKey.Reveal(),
	}
	recording := ada.ListOwn("meetings", "")[0]["recording_id"]
	require.Equal(t, "completed", ada.RunJob("recording.transfer", map[string]any{"recording_id": recording}).Text("status"))
	backupCron(s).Run()

	connection := func(provider, secret string, settings map[string]any) apptest.Answer {
		return ada.Own(http.MethodPost, "/api/collections/connections/records", map[string]any{"provider": provider, "secret": secret, "settings": settings})
	}
	for name, path := range map[string]func() apptest.Answer{
		"wrong password": func() apptest.Answer {
			return s.Call(http.MethodPost, s.URL+"/api/collections/users/auth-with-password", "", map[string]any{"identity": ada.Email, "password": wrongPassword})
		},
		"wrong superuser": func() apptest.Answer {
			return s.Call(http.MethodPost, s.URL+"/api/collections/_superusers/auth-with-password", "", map[string]any{"identity": keys.AdminEmail, "password": wrongPassword})
		},
		"sign-up twice": func() apptest.Answer { return s.SignUpOnly(ada.Email) },
		"forged token":  func() apptest.Answer { return s.Call(http.MethodGet, s.URL+apptest.JobsPath, wrongToken, nil) },
		"forged session": func() apptest.Answer {
			return s.Call(http.MethodGet, ada.DatabaseURL+"/api/collections/meetings/records", wrongToken, nil)
		},
		"token in a query": func() apptest.Answer {
			return s.Call(http.MethodGet, s.URL+"/api/files/x/y/z?token="+wrongToken+"&code="+linkSecret, "", nil)
		},
		"file with a session": func() apptest.Answer {
			return s.Call(http.MethodGet, ada.DatabaseURL+"/api/files/recordings/x/y?token="+ada.Session, "", nil)
		},
		"superuser's request": func() apptest.Answer {
			return s.Call(http.MethodGet, ada.DatabaseURL+"/api/files/recordings/x/y?token="+superuser, superuser, nil)
		},
		"message from Fathom": func() apptest.Answer {
			return s.Call(http.MethodPost, s.URL+"/api/fathom/"+linkSecret, "", map[string]any{"x": 1})
		},
		"unsubscribe": func() apptest.Answer { return s.Call(http.MethodPost, s.URL+"/api/unsubscribe/"+linkSecret, "", nil) },
		"password reset": func() apptest.Answer {
			return s.Call(http.MethodPost, s.URL+"/api/collections/users/confirm-password-reset", "", map[string]any{"token": wrongToken, "password": wrongPassword, "passwordConfirm": wrongPassword})
		},
		"wrong Fathom key": func() apptest.Answer { return connection("fathom", wrongKey, nil) },
		"mail server": func() apptest.Answer {
			return connection("smtp", mailPassword, map[string]any{"host": "127.0.0.1", "port": 587, "from": "Ada <ada@example.com>", "username": "ada", "security": "starttls"})
		},
		"webhook": func() apptest.Answer {
			return connection("webhook", hookSecret, map[string]any{"url": "https://hooks.example.com/"})
		},
		"settings": func() apptest.Answer {
			return s.Call(http.MethodPatch, s.URL+"/api/settings", superuser, map[string]any{"smtp": map[string]any{"enabled": true, "password": mailPassword, "port": -1}})
		},
		"export": func() apptest.Answer {
			return s.Call(http.MethodGet, ada.DatabaseURL+"/api/export?token="+wrongToken, "", nil)
		},
		"notices": func() apptest.Answer { return ada.Own(http.MethodGet, "/api/collections/notices/records", nil) },
		"malformed request": func() apptest.Answer {
			return s.Call(http.MethodPost, s.URL+apptest.JobsPath, ada.Token, []string{wrongKey})
		},
	} {
		answer := path()
		for secret, value := range secrets {
			assert.NotContains(t, answer.Raw, value, "%s in the response: %s", secret, name)
		}
	}
	s.Eventually(func() bool { return len(ada.ListOwn("connections", "status = 'checking'")) == 0 })
	require.NoError(t, s.Stop()) // PocketBase writes what waits
	for secret, value := range secrets {
		for line := range strings.Lines(s.Log.String()) {
			assert.NotContains(t, line, value, secret)
		}
	}
	require.NoError(t, filepath.WalkDir(backups, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		for secret, value := range secrets {
			assert.NotContains(t, string(content), value, "%s in %s", secret, entry.Name())
		}
		return err
	}))
}
