package doctor_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/app/doctor"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/mailtest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/otherfs"
	"github.com/fathom-to-loom/fathom-to-loom/internal/proxytest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestMain(m *testing.M) { apptest.Main(m) }

// nobody is an address at which nothing listens.
const nobody = "http://127.0.0.1:1"

// examine examines an installation whose services can't be reached unless settings say otherwise.
func examine(t *testing.T, dir string, cfg doctor.Config, settings ...string) doctor.Report {
	t.Helper()
	services := []string{"FATHOM_API_URL=" + nobody, "LOOM_URL=" + nobody, "ATLASSIAN_MCP_URL=" + nobody + "/v2/mcp", "PB_GLOBAL_PORT=" + freePort(t)}
	cfg.App = apptest.NewApp(dir, append(services, settings...)...)
	report, err := doctor.Run(t.Context(), cfg)
	require.NoError(t, err)
	return report
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	return strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
}

// requireFinding requires a finding of a check with a status whose message contains a text, and advice unless all is well.
func requireFinding(t *testing.T, report doctor.Report, check string, status doctor.Status, text string) {
	t.Helper()
	for _, finding := range report.Findings {
		if finding.Check == check && finding.Status == status && strings.Contains(finding.Message, text) {
			assert.Equal(t, status == doctor.OK, finding.Advice == "", "%+v", finding)
			return
		}
	}
	require.Fail(t, "finding is missing", "%s %s %q in %+v", status, check, text, report.Findings)
}

func requireNoFailures(t *testing.T, report doctor.Report) {
	t.Helper()
	for _, finding := range report.Findings {
		assert.NotEqual(t, doctor.Fail, finding.Status, "%+v", finding)
	}
}

func TestARunningServerIsHealthy(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{SimulatorConfig: simulator.Config{}})
	s.SignUp("ada@example.com")
	backup := func(context.Context) (time.Time, error) { return time.Now().Add(-time.Hour), nil }
	report := examine(t, s.Dir, doctor.Config{LastBackup: backup}, "PUBLIC_URL="+s.URL, "FATHOM_API_URL="+s.Simulator.FathomURL(),
		"LOOM_URL="+s.Simulator.LoomURL(), "PB_GLOBAL_PORT="+s.URL[strings.LastIndex(s.URL, ":")+1:])
	requireNoFailures(t, report)
	for check, text := range map[string]string{
		"settings": "all settings are valid", "data": "a server runs on", "keys": "those that encrypted the data", "permissions": "only the server's user",
		"schema": "1 user database have this version's schema", "orphans": "1 registered database and", "ports": "the server answers on port",
		"public URL": "PUBLIC_URL leads to this server", "Fathom": "Fathom's API answers", "Loom": "Loom answers", "clock": "agrees with that of",
		"backups": "1 hour ago", "mail": "SMTP_HOST is not set", "S3": "stored on disk", "outbound proxy": "reached directly",
	} {
		requireFinding(t, report, check, doctor.OK, text)
	}
}

func TestNothingIsChanged(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	s.SignUp("ada@example.com")
	require.NoError(t, s.Stop())
	before := listing(t, s.Dir)
	requireNoFailures(t, examine(t, s.Dir, doctor.Config{}))
	assert.Equal(t, before, listing(t, s.Dir))

	empty := t.TempDir()
	requireNoFailures(t, examine(t, empty, doctor.Config{}))
	assert.Len(t, listing(t, empty), 1)
}

func listing(t *testing.T, dir string) map[string]string {
	files := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		files[path] = info.Mode().String()
		if !entry.IsDir() { // SQLite creates and removes its index of the log, which changes the time of the folder
			files[path] += " " + strconv.FormatInt(info.Size(), 10) + " " + info.ModTime().String()
		}
		return err
	}))
	return files
}

func TestBrokenSettingsAreReported(t *testing.T) {
	t.Parallel()
	report := examine(t, t.TempDir(), doctor.Config{}, "JWT_SECRET=too-short-secret", "WORKER_CONCURRENCY=1000", "HTTPS_PROXY=not a proxy")
	requireFinding(t, report, "settings", doctor.Fail, "JWT_SECRET is not valid")
	requireFinding(t, report, "settings", doctor.Fail, "WORKER_CONCURRENCY is not valid")
	requireFinding(t, report, "settings", doctor.Fail, "HTTPS_PROXY is not valid")
	assert.Equal(t, 3, report.Failures)
	text, err := json.Marshal(report)
	require.NoError(t, err)
	assert.NotContains(t, string(text), "too-short-secret")
}

func TestOtherKeysAreReported(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	s.SignUp("ada@example.com")
	require.NoError(t, s.Stop())
	const key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	report := examine(t, s.Dir, doctor.Config{}, "AES_MASTER_KEY="+key, "PB_ENCRYPTION_KEY="+key)
	requireFinding(t, report, "keys", doctor.Fail, "AES_MASTER_KEY is not the key that encrypted 1 of 1 user databases")
	requireFinding(t, report, "keys", doctor.Fail, "PB_ENCRYPTION_KEY is not the key that encrypted PocketBase's settings")
	assert.Equal(t, 2, report.Failures)
}

func TestSchemasOfOtherVersionsAreReported(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	s.SignUp("ada@example.com")
	require.NoError(t, s.Stop())
	apptest.Execute(t, s.GlobalFile(), "UPDATE user_databases SET schema_version = '9999999999_newer.go'")
	requireFinding(t, examine(t, s.Dir, doctor.Config{}), "schema", doctor.Fail, "a newer version has migrated 1 user database")
	apptest.Execute(t, s.GlobalFile(), "UPDATE user_databases SET schema_version = '1764000000_users.go'")
	requireFinding(t, examine(t, s.Dir, doctor.Config{}), "schema", doctor.OK, "1 an older one")

	apptest.Execute(t, s.GlobalFile(), "INSERT INTO _migrations (file, applied) VALUES ('9999999999_newer.go', 1)")
	report := examine(t, s.Dir, doctor.Config{})
	requireFinding(t, report, "data", doctor.Fail, "was last used by a newer version, which applied 9999999999_newer.go")
	requireFinding(t, report, "orphans", doctor.Warn, "not checked")
	apptest.Execute(t, s.GlobalFile(), "DELETE FROM _migrations WHERE file = '9999999999_newer.go' OR file = (SELECT MAX(file) FROM _migrations WHERE file < '9')")
	requireFinding(t, examine(t, s.Dir, doctor.Config{}), "schema", doctor.Warn, "an older version wrote the global database: 1 migration is missing")

	require.NoError(t, os.WriteFile(s.GlobalFile(), []byte("not a database, although it is long enough to be one"), 0o600))
	requireFinding(t, examine(t, s.Dir, doctor.Config{}), "data", doctor.Fail, "")
}

func TestOrphansAreReported(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	ada := s.SignUp("ada@example.com")
	s.SignUp("bob@example.com")
	folder := s.App.Databases.Dir(ada.Name)
	require.NoError(t, s.Stop())
	require.NoError(t, os.Rename(folder, filepath.Join(filepath.Dir(folder), "2020-01-01-001-eve")))
	report := examine(t, s.Dir, doctor.Config{})
	requireFinding(t, report, "orphans", doctor.Fail, "the files of 1 user database ("+ada.Name+") are missing")
	requireFinding(t, report, "orphans", doctor.Warn, "no account owns the files of 1 user database (2020-01-01-001-eve)")
}

func TestPermissionsAreExamined(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	who := s.SignUp("ada@example.com")
	folder := s.App.Databases.Dir(who.Name)
	require.NoError(t, s.Stop())
	require.NoError(t, os.Chmod(folder, 0o755))
	require.NoError(t, os.Chmod(filepath.Join(folder, "data.db"), 0o644))
	requireFinding(t, examine(t, s.Dir, doctor.Config{}), "permissions", doctor.Warn, "other users of this machine can read 1 user database")
	if os.Geteuid() == 0 {
		require.NoError(t, os.Lchown(filepath.Join(s.Dir, "pb_data"), 4711, 4711))
		requireFinding(t, examine(t, s.Dir, doctor.Config{}), "permissions", doctor.Warn, "belongs to user 4711, but this command runs as user 0")
	}
	requireFinding(t, examine(t, s.Dir, doctor.Config{}, "DATA_DIR=/dev/null"), "data", doctor.Fail, "it is a file, not a folder")
}

func TestMailServersAreTried(t *testing.T) {
	t.Parallel()
	encrypted := mailtest.Start(t, mailtest.Options{StartTLS: true, SignIn: []string{"PLAIN"}})
	direct := mailtest.Start(t, mailtest.Options{TLS: true})
	for name, test := range map[string]struct {
		port, password, tls string
		untrusted           bool
		status              doctor.Status
		want                string
	}{
		"works":                 {strconv.Itoa(encrypted.Port), mailtest.Password, "false", false, doctor.OK, "accepts the settings"},
		"wrong password":        {strconv.Itoa(encrypted.Port), "not-the-password", "false", false, doctor.Fail, "refused the user name or password"},
		"untrusted certificate": {strconv.Itoa(encrypted.Port), mailtest.Password, "false", true, doctor.Fail, "certificate is not valid"},
		"other encryption":      {strconv.Itoa(encrypted.Port), mailtest.Password, "true", false, doctor.Fail, "didn't answer with TLS"},
		"no sign-in":            {strconv.Itoa(direct.Port), mailtest.Password, "true", false, doctor.Fail, "doesn't accept a user name and password"},
		"nobody":                {"1", mailtest.Password, "false", false, doctor.Warn, "can't be reached on port 1"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := doctor.Config{MailRoots: mailtest.Roots()}
			if test.untrusted {
				cfg.MailRoots = nil
			}
			report := examine(t, t.TempDir(), cfg, "SMTP_HOST=127.0.0.1", "SMTP_PORT="+test.port, "SMTP_FROM=server@example.com",
				"SMTP_USERNAME="+mailtest.Username, "SMTP_PASSWORD="+test.password, "SMTP_TLS="+test.tls)
			requireFinding(t, report, "mail", test.status, test.want)
			text, err := json.Marshal(report)
			require.NoError(t, err)
			assert.NotContains(t, string(text), test.password)
		})
	}
	assert.Empty(t, encrypted.Mails())
}

func TestS3IsTried(t *testing.T) {
	t.Parallel()
	bucket := s3test.Start(t, s3test.Options{})
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, bucket.Settings()...), "S3", doctor.OK, "stored, read and removed")
	missing := append(bucket.Settings(), "S3_BUCKET=another-bucket")
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, missing...), "S3", doctor.Fail, "The bucket in S3_BUCKET doesn't exist")
	away := append(bucket.Settings(), "S3_ENDPOINT="+nobody)
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, away...), "S3", doctor.Warn, "can't be reached")
}

func TestFileSystemsAreJudged(t *testing.T) {
	t.Parallel()
	for fsType, status := range map[string]doctor.Status{
		"ext4": doctor.OK, "xfs": doctor.OK, "fuseblk": doctor.OK, "nfs4": doctor.Fail, "cifs": doctor.Fail, "9p": doctor.Fail, "fuse.sshfs": doctor.Fail,
		"fuse.s3fs": doctor.Fail, "fuse.mergerfs": doctor.Warn, "virtiofs": doctor.Warn, "tmpfs": doctor.Warn, "overlay": doctor.Warn,
	} {
		dir := t.TempDir()
		cfg := doctor.Config{Mounts: func() ([]doctor.Mount, error) {
			return []doctor.Mount{{Point: "/", Type: "nfs"}, {Point: dir, Type: "nfs"}, {Point: dir, Type: fsType}, {Point: dir + "-other", Type: "nfs"}}, nil
		}}
		want := fsType
		requireFinding(t, examine(t, dir, cfg), "file systems", status, want)
	}
	usage := func(dir string) (disk.Usage, error) {
		return disk.Usage{Device: uint64(len(filepath.Base(dir))), Size: 1 << 40, Free: 1 << 39, ReadOnly: filepath.Base(dir) == "user_dbs"}, nil
	}
	s := apptest.Start(t, apptest.Options{})
	require.NoError(t, s.Stop())
	report := examine(t, s.Dir, doctor.Config{Usage: usage})
	requireFinding(t, report, "file systems", doctor.Fail, "user_dbs is read-only")
	requireFinding(t, report, "file systems", doctor.Warn, "on different file systems")
}

func TestStorageOnOtherFileSystemsIsReported(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	who := s.SignUp("ada@example.com")
	folder := s.App.Databases.Dir(who.Name)
	require.NoError(t, s.Stop())
	other := otherfs.Dir(t)
	if otherfs.Device(t, other) == otherfs.Device(t, folder) {
		other = filepath.Join(other, "missing")
	}
	storage := filepath.Join(folder, "storage")
	require.NoError(t, os.RemoveAll(storage))
	require.NoError(t, os.Symlink(other, storage))
	if _, err := os.Stat(other); err == nil {
		requireFinding(t, examine(t, s.Dir, doctor.Config{}), "file systems", doctor.Warn, "the recordings of 1 user database ("+who.Name+") are on another file system")
		require.NoError(t, os.Remove(other))
	}
	requireFinding(t, examine(t, s.Dir, doctor.Config{}), "file systems", doctor.Fail, "is a link that leads nowhere")
	require.NoError(t, os.MkdirAll(other, 0o700)) // which the test removes
}

func TestSpaceIsExamined(t *testing.T) {
	t.Parallel()
	const much = 1 << 40
	for name, test := range map[string]struct {
		usage  disk.Usage
		status doctor.Status
		want   string
	}{
		"enough":         {disk.Usage{Free: much, Files: 1 << 20, NewFiles: 1 << 19}, doctor.OK, "1.1 TB free"},
		"full":           {disk.Usage{Free: 1 << 20}, doctor.Fail, "is full"},
		"little":         {disk.Usage{Free: 500e6}, doctor.Warn, "only 500 MB are free"},
		"no inodes":      {disk.Usage{Free: much, Files: 1 << 20}, doctor.Fail, "has no inodes left"},
		"few inodes":     {disk.Usage{Free: much, Files: 1 << 20, NewFiles: 5000}, doctor.Warn, "only 5000 more files"},
		"dynamic inodes": {disk.Usage{Free: much}, doctor.OK, "free"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := doctor.Config{Usage: func(string) (disk.Usage, error) { return test.usage, nil }}
			requireFinding(t, examine(t, t.TempDir(), cfg), "disk space", test.status, test.want)
		})
	}
	broken := doctor.Config{Usage: func(string) (disk.Usage, error) { return disk.Usage{}, errors.New("stale file handle") }}
	requireFinding(t, examine(t, t.TempDir(), broken), "disk space", doctor.Fail, "stale file handle")
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "pb_data"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "pb_data", disk.ReserveName), nil, 0o600))
	enough := doctor.Config{Usage: func(string) (disk.Usage, error) { return disk.Usage{Free: much}, nil }}
	requireFinding(t, examine(t, dir, enough), "disk space", doctor.Warn, "its reserve is not complete")
}

func TestOpenFilesAreCounted(t *testing.T) {
	t.Parallel()
	limit := func(n uint64) doctor.Config { return doctor.Config{OpenFiles: func() uint64 { return n }} }
	requireFinding(t, examine(t, t.TempDir(), limit(1024)), "open files", doctor.Warn, "may open 1024 files, but 500 databases")
	requireFinding(t, examine(t, t.TempDir(), limit(1024), "USER_DB_MAX_OPEN=20"), "open files", doctor.OK, "enough for 20 databases")
}

func TestTakenPortsAreReported(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	taken := strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, "PB_GLOBAL_PORT="+taken), "ports", doctor.Fail, "another program listens on 127.0.0.1:"+taken)
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, "USER_DB_PORTS="+taken+"-"+taken), "ports", doctor.Warn, "1 port of USER_DB_PORTS can't be used, such as "+taken)
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, "BIND_ADDRESS=192.0.2.1"), "ports", doctor.Fail, "doesn't have the address")
}

func TestPublicURLIsTried(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	other := apptest.Start(t, apptest.Options{})
	proxy := func(status int) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", map[bool]string{true: "https://example.com"}[status == http.StatusMovedPermanently])
			w.WriteHeader(status)
		}))
		t.Cleanup(server.Close)
		return server.URL
	}
	own := "PB_GLOBAL_PORT=" + s.URL[strings.LastIndex(s.URL, ":")+1:]
	for url, want := range map[string]struct {
		status doctor.Status
		text   string
	}{
		s.URL:      {doctor.OK, "leads to this server"},
		other.URL:  {doctor.Fail, "leads to another server"},
		nobody:     {doctor.Warn, "can't be reached from this machine"},
		proxy(502): {doctor.Warn, "doesn't lead to this server: the answer has status 502"},
		proxy(200): {doctor.Warn, "isn't that of Fathom-to-Loom"},
		proxy(301): {doctor.Warn, "redirects to another address"},
	} {
		requireFinding(t, examine(t, s.Dir, doctor.Config{}, own, "PUBLIC_URL="+url), "public URL", want.status, want.text)
	}
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, "PUBLIC_URL="+proxy(502)), "public URL", doctor.OK, "reports that the server doesn't run")
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, "PUBLIC_URL="+s.URL), "public URL", doctor.Warn, "no server runs on the data directory, but one answers")
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, "PUBLIC_URL=https://127.0.0.1:1"), "public URL", doctor.Warn, "TRUSTED_PROXY_HEADERS is not set")
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, "BIND_ADDRESS=0.0.0.0", "TRUSTED_PROXY_HEADERS=X-Real-IP"), "public URL", doctor.Warn, "choose any address")
}

func TestOutboundProxyIsTried(t *testing.T) {
	t.Parallel()
	proxy := proxytest.Start(t, proxytest.Options{})
	link := proxy.WithCredentials("user", "a-proxy-password").String()
	report := examine(t, t.TempDir(), doctor.Config{}, "HTTPS_PROXY="+link, "FATHOM_API_URL=https://fathom.invalid")
	requireFinding(t, report, "outbound proxy", doctor.OK, "accepts connections")
	requireFinding(t, report, "Fathom", doctor.Warn, "can't be reached")
	text, err := json.Marshal(report)
	require.NoError(t, err)
	assert.NotContains(t, string(text), "a-proxy-password")
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, "HTTPS_PROXY="+nobody), "outbound proxy", doctor.Warn, "can't be reached")
}

func TestClocksAreCompared(t *testing.T) {
	t.Parallel()
	service := httptest.NewServer(http.NotFoundHandler())
	defer service.Close()
	settings := "FATHOM_API_URL=" + service.URL
	ahead := func(d time.Duration) doctor.Config {
		return doctor.Config{Now: func() time.Time { return time.Now().Add(d) }}
	}
	requireFinding(t, examine(t, t.TempDir(), ahead(0), settings), "clock", doctor.OK, "agrees with that of Fathom's API")
	requireFinding(t, examine(t, t.TempDir(), ahead(time.Minute), settings), "clock", doctor.Warn, "the clock is 1m0s ahead")
	requireFinding(t, examine(t, t.TempDir(), ahead(-time.Hour), settings), "clock", doctor.Fail, "the clock is 1h0m0s behind")

	s := apptest.Start(t, apptest.Options{})
	require.NoError(t, s.Stop())
	tomorrow := time.Now().Add(24 * time.Hour)
	require.NoError(t, os.Chtimes(s.GlobalFile(), tomorrow, tomorrow))
	requireFinding(t, examine(t, s.Dir, doctor.Config{}, settings), "clock", doctor.Warn, "which is in the future")
}

func TestBackupsAreJudgedByAge(t *testing.T) {
	t.Parallel()
	backup := func(age time.Duration, err error) doctor.Config {
		return doctor.Config{LastBackup: func(context.Context) (time.Time, error) {
			if age < 0 {
				return time.Time{}, err
			}
			return time.Now().Add(-age), err
		}}
	}
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}), "backups", doctor.Warn, "no backups are configured")
	requireFinding(t, examine(t, t.TempDir(), backup(-1, nil)), "backups", doctor.Warn, "there is no backup yet")
	requireFinding(t, examine(t, t.TempDir(), backup(0, errors.New("bucket is gone"))), "backups", doctor.Warn, "bucket is gone")
	requireFinding(t, examine(t, t.TempDir(), backup(72*time.Hour, nil)), "backups", doctor.Warn, "3 days ago")
	requireFinding(t, examine(t, t.TempDir(), backup(24*time.Hour, nil)), "backups", doctor.OK, "1 day ago")
}

// Every service accepts connections and never answers, and a file system hangs.
func TestServicesThatHangAreReportedInTime(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	port := strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
	link := "http://127.0.0.1:" + port
	released := make(chan struct{})
	defer close(released)
	hangs := func(string) (disk.Usage, error) {
		<-released
		return disk.Usage{}, errors.New("released")
	}
	began := time.Now()
	report := examine(t, t.TempDir(), doctor.Config{Usage: hangs}, "FATHOM_API_URL="+link, "LOOM_URL="+link, "ATLASSIAN_MCP_URL="+link+"/mcp", "PUBLIC_URL="+link,
		"SMTP_HOST=127.0.0.1", "SMTP_FROM=a@example.com", "SMTP_PORT="+port,
		"S3_ENDPOINT="+link, "S3_BUCKET=recordings", "S3_ACCESS_KEY=key", "S3_SECRET_KEY=secret")
	assert.Less(t, time.Since(began), 15*time.Second)
	for _, check := range []string{"Fathom", "Loom", "Atlassian", "public URL", "mail", "S3"} {
		requireFinding(t, report, check, doctor.Warn, "")
	}
	requireFinding(t, report, "disk space", doctor.Fail, "has not ended within 5s")
}

func TestAnInterruptedExaminationEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := doctor.Run(ctx, doctor.Config{App: apptest.NewApp(t.TempDir())})
	require.ErrorIs(t, err, context.Canceled)
}
