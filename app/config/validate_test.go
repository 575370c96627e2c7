package config_test

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

func base64Of(n int) string {
	return base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("ab"), n)[:n])
}

func TestMissingSettingsNameTheCommandThatGeneratesThem(t *testing.T) {
	t.Parallel()
	err := config.LoadFrom(t.TempDir(), nil).Validate()
	require.Error(t, err)
	assert.Equal(t, strings.Join([]string{
		"AES_MASTER_KEY is missing: expected 32 random bytes in base64. Generate it with: fathom-to-loom keys generate --write .env",
		"JWT_SECRET is missing: expected 64 random bytes in base64. Generate it with: fathom-to-loom keys generate --write .env",
		"PB_ENCRYPTION_KEY is missing: expected 32 random bytes in base64. Generate it with: fathom-to-loom keys generate --write .env",
		"PB_ADMIN_PASSWORD is missing: expected at least 10 characters and at most 71 bytes. Generate it with: fathom-to-loom keys generate --write .env",
	}, "\n"), err.Error())
}

// "keys generate --write" refuses to touch an existing file, and appending a complete new set to one that has
// keys would replace them.
func TestHintFitsTheExistingSettings(t *testing.T) {
	t.Parallel()
	hint := func(dir string, environ []string) string {
		return problems(t, config.LoadFrom(dir, environ))["JWT_SECRET"].Hint
	}
	others := valid(t, "JWT_SECRET=")
	withFile := t.TempDir()
	write(t, withFile, ".env", "PB_GLOBAL_PORT=8123\n")
	assert.Equal(t, "Generate it with: fathom-to-loom keys generate --write .env", hint(t.TempDir(), nil))
	assert.Equal(t, "Generate it with: fathom-to-loom keys generate >> .env", hint(withFile, nil))
	assert.Equal(t, "Generate it with: fathom-to-loom keys generate | grep ^JWT_SECRET= >> .env", hint(withFile, others))
	assert.Equal(t, "Generate it with: (umask 077; fathom-to-loom keys generate | grep ^JWT_SECRET= >> .env)", hint(t.TempDir(), others))
}

// settingValues returns accepted and rejected values for each setting that restricts them.
func settingValues() map[string]struct{ good, bad []string } {
	long := strings.Repeat("a", 72)
	return map[string]struct{ good, bad []string }{
		"AES_MASTER_KEY":                {[]string{base64Of(32), strings.TrimRight(base64Of(32), "="), " " + base64Of(32) + "\n"}, []string{"secretvalue!", base64Of(31), base64Of(33), base64Of(64)}},
		"AES_MASTER_KEY_PREVIOUS":       {[]string{base64Of(32), ""}, []string{base64Of(16), "secretvalue!"}},
		"JWT_SECRET":                    {[]string{base64Of(64), base64Of(65)}, []string{base64Of(63), "secretvalue!"}},
		"JWT_SECRET_PREVIOUS":           {[]string{base64Of(64), ""}, []string{base64Of(63), "secretvalue!"}},
		"PB_ENCRYPTION_KEY_PREVIOUS":    {[]string{base64Of(32), ""}, []string{base64Of(24), "secretvalue!"}},
		"PB_ENCRYPTION_KEY":             {[]string{base64Of(32)}, []string{base64Of(24), "secretvalue!"}},
		"PB_ADMIN_EMAIL":                {[]string{"a@b.example"}, []string{"nobody", "a@localhost", "A <a@b.example>", "a@b.example,c@d.example", "a@b .example"}},
		"PB_ADMIN_PASSWORD":             {[]string{"0123456789", "pässwörter", long[:71]}, []string{"012345678", long, "äöüäöüäöü"}},
		"PB_GLOBAL_PORT":                {[]string{"1", "65535"}, []string{"0", "65536", "-1", "secretvalue", "80.5"}},
		"BIND_ADDRESS":                  {[]string{"0.0.0.0", "::", "localhost", "my_service"}, []string{"1.2.3.4:80", "http://localhost", "-a", "a b"}},
		"PUBLIC_URL":                    {[]string{"https://a.example", "http://[::1]:8090", "https://a.example/x/"}, []string{"a.example", "//a.example", "ftp://a.example", "https://", "https://a.example?q", "https://a.example/#f", "https://u:secretvalue@a.example", "https://a.example:99999", "https://a.example:"}},
		"CORS_ORIGINS":                  {[]string{"*", "https://a.example,http://localhost:3000"}, []string{"*,https://a.example", "a.example", "https://a.example/path", "https://*.example", "null"}},
		"TRUSTED_PROXY_HEADERS":         {[]string{"X-Real-IP,X-Forwarded-For"}, []string{"X Real", "X:Y"}},
		"SIGNUP_LIMITS":                 {[]string{"0,0,0", "5, 50, 100000", ""}, []string{"20", "20,100", "1,2,3,4", "-1,0,0", "1,2,100001", "secretvalue,1,2"}},
		"WORKER_CONCURRENCY":            {[]string{"1", "64", "0x10"}, []string{"0", "65", "many", "1.0"}},
		"CLUSTER_NAME":                  {[]string{"f2l", "a-b_C1", ""}, []string{"a.b", "-a", long}},
		"MOVER_SLOTS":                   {[]string{"1", "64"}, []string{"0", "65", "many"}},
		"WORKER_SHORT_JOBS":             {[]string{"1", "64"}, []string{"0", "65", "-2", "many"}},
		"WORKER_PER_USER":               {[]string{"1", "64", ""}, []string{"-1", "65"}},
		"WORKER_KIND_LIMITS":            {[]string{"fathom.sync=1,recording.transfer=64", ""}, []string{"fathom.sync=0", "fathom.sync=65", "secretvalue"}},
		"QUEUE_POLL_INTERVAL":           {[]string{"100ms", "1h", "5"}, []string{"99ms", "61m", "-5s", "soon"}},
		"JOB_LEASE":                     {[]string{"1s", "60"}, []string{"0", "2h"}},
		"SHUTDOWN_TIMEOUT":              {[]string{"20s"}, []string{"0", "1h", "-1"}},
		"SESSION_TTL":                   {[]string{"1m", "168h"}, []string{"59s", "169h"}},
		"SIGNUP":                        {[]string{"open", "invite", "verified", "closed", ""}, []string{"Open", "none", "true"}},
		"OPERATOR_CONTACT":              {[]string{"help@example.com", "https://intranet.example.com/help", "Ada, room 12", ""}, []string{"two\nlines", long + long + long}},
		"UNUSED_ACCOUNTS_DELETE_AFTER":  {[]string{"1h", "30d", "10000d", "0"}, []string{"59m", "10001d", "-1d", "never"}},
		"USER_DB_PORTS":                 {[]string{"9000-9999", "9000-9000", ""}, []string{"9000", "9999-9000", "0-10", "65000-65536", "8000-9000", "-1-5"}},
		"MAX_RECORDING_SIZE":            {[]string{"1MB", "500MB", "1TB", ""}, []string{"0", "999999", "2TB", "large"}},
		"USER_DB_QUOTA":                 {[]string{"10GB", "10000000", "0", ""}, []string{"9MB", "-1GB", "much", "1.5GB", "1,5GB"}},
		"USER_DB_ARCHIVE_AFTER":         {[]string{"90d", "1s", ""}, []string{"100ms", "-1d", "10001d", "soon"}},
		"USER_DB_DELETE_ARCHIVES_AFTER": {[]string{"365d"}, []string{"-5", "1.5d"}},
		"USER_DB_DELETE_GRACE":          {[]string{"0s", "7d", "720h"}, []string{"-7d", "10001d", "week"}},
		"LOG_LEVEL":                     {[]string{"debug", "info", "warn", "error", "ERROR"}, []string{"trace", "info+1", "warning"}},
		"LOG_FORMAT":                    {[]string{"text", "json", ""}, []string{"JSON", "logfmt", "secretvalue"}},
		"LOG_FILE":                      {[]string{"server.log", "/var/log/fathom-to-loom/server.log", ""}, []string{"pb_data/server.log", "user_dbs/x/server.log", "logs/"}},
		"LOG_FILE_MAX_SIZE":             {[]string{"2MB", "10GB", ""}, []string{"0", "1MB", "11GB", "large"}},
		"LOG_FILE_MAX_AGE":              {[]string{"0", "1d", "10000d"}, []string{"23h", "10001d", "-1d"}},
		"LOG_FILE_MAX_BACKUPS":          {[]string{"0", "10", "10000"}, []string{"-1", "10001", "many"}},
		"METRICS_TOKEN":                 {[]string{strings.Repeat("a", 32), "k2-" + strings.Repeat("x_!~", 10)}, []string{"short", strings.Repeat("a", 31), strings.Repeat("a ", 20), strings.Repeat("ä", 32)}},
		"FATHOM_API_URL":                {[]string{"http://127.0.0.1:9999/external/v1"}, []string{"api.fathom.ai", "https://a.example?x=1"}},
		"WEBHOOKS":                      {[]string{"auto", "on", "off"}, []string{"yes", "On", "1"}},
		"SYNC_EVERY":                    {[]string{"0", "15m", "30d"}, []string{"14m", "31d", "-1h"}},
		"FATHOM_PARTS_FOR":              {[]string{"0", "1h", "90d"}, []string{"1m", "91d"}},
		"FATHOM_POLL_INTERVAL":          {[]string{"10ms", "5s"}, []string{"1ms", "1h"}},
		"FATHOM_LIMITS":                 {[]string{"1,1,1", "60,5,30", ""}, []string{"60", "0,30,30", "60,30,-1", "60,30,100001", "sixty,1,1"}},
		"LOOM_URL":                      {[]string{"http://127.0.0.1:9999"}, []string{"loom"}},
		"LOOM_UPLOADER":                 {[]string{"auto", "handover", "atlassian", ""}, []string{"hand-over", "Auto", "off"}},
		"ATLASSIAN_MCP_URL": {
			[]string{"http://127.0.0.1:9999/v2/mcp", "http://localhost:9999/v2/mcp", "https://mcp.example.com/v1/mcp", ""},
			[]string{"http://mcp.example.com/v2/mcp", "mcp.atlassian.com", "https://mcp.atlassian.com/v2/mcp?tools=all", "https://u:secretvalue@mcp.atlassian.com/v2/mcp"},
		},
		"ATLASSIAN_MCP_PROTOCOL_VERSION":    {[]string{"2025-06-18", ""}, []string{"2", "latest"}},
		"ATLASSIAN_MCP_TOOLS":               {[]string{"all", "discover", ""}, []string{"some", "All"}},
		"ATLASSIAN_MCP_OPERATIONS":          {[]string{"publishLoomVideo=finish_loom_video, publishLoomVideo=p2", ""}, []string{"publishLoomVideo", "=x", "a=", "a=b c", "a=b=c"}},
		"ATLASSIAN_MCP_SCOPES":              {[]string{"all", "none", "read:me offline_access", "read:me, read:account", ""}, []string{"read:\"me\"", "a\\b"}},
		"ATLASSIAN_MCP_UPLOAD_HOSTS":        {[]string{"*.loom.com, files.example.com:8443", "127.0.0.1:*", ""}, []string{"*", "*.com", "https://files.example.com", "files.example.com/x", "a b"}},
		"ATLASSIAN_MCP_MAX_SIZE":            {[]string{"1MB", "4GiB", ""}, []string{"0", "999999", "2TB", "large"}},
		"ATLASSIAN_MCP_CALL_TIMEOUT":        {[]string{"1s", "10m", "60"}, []string{"0", "11m", "soon"}},
		"ATLASSIAN_MCP_UPLOAD_IDLE_TIMEOUT": {[]string{"1s", "30m"}, []string{"0", "31m"}},
		"ATLASSIAN_MCP_PROCESSING_WAIT":     {[]string{"0", "1h"}, []string{"61m", "-1s"}},
		"HTTPS_PROXY": {
			[]string{
				"http://proxy.example.com:3128", "https://proxy.example.com", "proxy.example.com:3128", "http://user:p%40ss@10.0.0.5:3128/", " http://[fd00::5]:3128 ", "",
			},
			[]string{
				"socks5://proxy.example.com", "http://", "http://proxy.example.com/secretvalue", "http://u:secret#value@proxy.example.com:3128", "http://proxy.example.com:99999",
				"http://u:secretvalue@", "http://proxy.example.com?secretvalue", "proxy example", "http://%zz",
			},
		},
		"NO_PROXY":                {[]string{"*", "localhost,.example.com, 10.0.0.0/8", "anything goes"}, nil},
		"OUTBOUND_PROXY_HOSTS":    {[]string{"files.example.com", "*.example.com, cdn.example.net", ""}, []string{"*", "*.", "a.*.example.com", "https://files.example.com", "files.example.com:443", "10.0.0.1", "*.0.0.1", ".example.com", "fd00::1"}},
		"OUTBOUND_PRIVATE_RANGES": {[]string{"198.18.0.0/15", "10.0.0.5, fd00::/8", "127.0.0.0/8", ""}, []string{"198.18.0.0/33", "secretvalue", "198.18.0.0-198.19.0.0", "::ffff:10.0.0.0/104", "::ffff:10.0.0.1", "fe80::1%eth0", "10/8"}},
		"USER_DB_IDLE_TIMEOUT":    {[]string{"1s"}, []string{"0", "25h"}},
		"USER_DB_MAX_OPEN":        {[]string{"1", "100000"}, []string{"0", "100001"}},
		"S3_REGION":               {[]string{"eu-central-1", "auto", ""}, []string{"eu central", "a/b"}},
		"S3_PATH_STYLE":           {[]string{"true", "false"}, []string{"path"}},
		"SMTP_PORT":               {[]string{"465"}, []string{"0", "x"}},
		"SMTP_TLS":                {[]string{"true", "0"}, []string{"yes please"}},
		"DATA_DIR":                {[]string{"data", "user_dbs2", "../pb"}, nil},
	}
}

func TestEachSetting(t *testing.T) {
	t.Parallel()
	for key, values := range settingValues() {
		for _, value := range values.good {
			got := problems(t, config.LoadFrom(t.TempDir(), valid(t, key+"="+value)))
			assert.Empty(t, got, "%s=%s", key, value)
		}
		for _, value := range values.bad {
			c := config.LoadFrom(t.TempDir(), valid(t, key+"="+value))
			got := problems(t, c)
			assert.Contains(t, got, key, "%s=%s", key, value)
			assert.Len(t, got, 1, "%s=%s", key, value)
			assert.NotContains(t, c.Validate().Error(), "secretvalue")
		}
	}
}

func TestDirectoriesMustBeSeparate(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	require.NoError(t, os.Symlink(root, filepath.Join(root, "link")))
	for _, dirs := range [][2]string{
		{"same", "same"},
		{"same", "./x/../same"},
		{"data", "data/users"},
		{"users/data", "users"},
		{".", "users"},
		{root + "/a", root + "/link/a/b"},
	} {
		got := problems(t, config.LoadFrom(root, valid(t, "DATA_DIR="+dirs[0], "USER_DBS_DIR="+dirs[1])))
		assert.Contains(t, got, "USER_DBS_DIR", "%v", dirs)
	}
	got := problems(t, config.LoadFrom(root, valid(t, "DATA_DIR="+root+"/a", "USER_DBS_DIR="+root+"/ab")))
	assert.Empty(t, got)
}

func TestDependentSettings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		env  string
		want []string
	}{
		"mail":                       {"SMTP_HOST=mail.example.com SMTP_FROM=a@example.com", nil},
		"mail with authentication":   {"SMTP_HOST=mail.example.com SMTP_FROM=a@example.com SMTP_USERNAME=u SMTP_PASSWORD=p SMTP_TLS=true SMTP_PORT=465", nil},
		"host without sender":        {"SMTP_HOST=mail.example.com", []string{"SMTP_FROM"}},
		"sender without host":        {"SMTP_FROM=a@example.com", []string{"SMTP_HOST"}},
		"malformed sender":           {"SMTP_HOST=mail.example.com SMTP_FROM=someone", []string{"SMTP_FROM"}},
		"host with a port":           {"SMTP_HOST=mail.example.com:25 SMTP_FROM=a@example.com", []string{"SMTP_HOST"}},
		"password without user name": {"SMTP_HOST=mail.example.com SMTP_FROM=a@example.com SMTP_PASSWORD=p", []string{"SMTP_USERNAME"}},
		"user name without password": {"SMTP_HOST=mail.example.com SMTP_FROM=a@example.com SMTP_USERNAME=u", []string{"SMTP_PASSWORD"}},
		"S3":                         {"S3_ENDPOINT=https://s3.example.com S3_BUCKET=recordings S3_ACCESS_KEY=id S3_SECRET_KEY=secret S3_PREFIX=a/b.c/", nil},
		"S3 without keys":            {"S3_ENDPOINT=https://s3.example.com S3_BUCKET=recordings", []string{"S3_ACCESS_KEY", "S3_SECRET_KEY"}},
		"S3 without endpoint":        {"S3_BUCKET=recordings S3_ACCESS_KEY=id S3_SECRET_KEY=secret", []string{"S3_ENDPOINT"}},
		"only an S3 prefix":          {"S3_PREFIX=a", []string{"S3_ENDPOINT", "S3_BUCKET", "S3_ACCESS_KEY", "S3_SECRET_KEY"}},
		"S3 endpoint with a path":    {"S3_ENDPOINT=https://s3.example.com S3_BUCKET=recordings S3_ACCESS_KEY=id S3_SECRET_KEY=secret S3_ENDPOINT=https://s3.example.com/recordings", []string{"S3_ENDPOINT"}},
		"S3 endpoint as a host name": {"S3_ENDPOINT=https://s3.example.com S3_BUCKET=recordings S3_ACCESS_KEY=id S3_SECRET_KEY=secret S3_ENDPOINT=s3.example.com", []string{"S3_ENDPOINT"}},
		"S3 bucket as a URL":         {"S3_ENDPOINT=https://s3.example.com S3_BUCKET=recordings S3_ACCESS_KEY=id S3_SECRET_KEY=secret S3_BUCKET=https://recordings", []string{"S3_BUCKET"}},
		"S3 prefix that leads up":    {"S3_ENDPOINT=https://s3.example.com S3_BUCKET=recordings S3_ACCESS_KEY=id S3_SECRET_KEY=secret S3_PREFIX=a/../b", []string{"S3_PREFIX"}},
		"S3 prefix with a slash":     {"S3_ENDPOINT=https://s3.example.com S3_BUCKET=recordings S3_ACCESS_KEY=id S3_SECRET_KEY=secret S3_PREFIX=/a", []string{"S3_PREFIX"}},
		"S3 bucket in an IP address": {"S3_ENDPOINT=https://s3.example.com S3_BUCKET=recordings S3_ACCESS_KEY=id S3_SECRET_KEY=secret S3_ENDPOINT=http://127.0.0.1:9000 S3_PATH_STYLE=false", []string{"S3_PATH_STYLE"}},
		"cluster":                    {"S3_ENDPOINT=https://s3.example.com S3_BUCKET=recordings S3_ACCESS_KEY=id S3_SECRET_KEY=secret CLUSTER_URL=tls://a.example.com:4222,tls://b.example.com:4222", nil},
		"cluster without S3":         {"CLUSTER_URL=nats://localhost:4222", []string{"S3_ENDPOINT"}},
		"cluster with a password":    {"S3_ENDPOINT=https://s3.example.com S3_BUCKET=recordings S3_ACCESS_KEY=id S3_SECRET_KEY=secret CLUSTER_URL=nats://localhost:4222,nats://u:p@localhost:4222", []string{"CLUSTER_URL"}},
		"Google":                     {"GOOGLE_CLIENT_ID=a GOOGLE_CLIENT_SECRET=b", nil},
		"Google without secret":      {"GOOGLE_CLIENT_ID=a", []string{"GOOGLE_CLIENT_SECRET"}},
		"GitHub":                     {"GITHUB_CLIENT_ID=a GITHUB_CLIENT_SECRET=b", nil},
		"GitHub without ID":          {"GITHUB_CLIENT_SECRET=b", []string{"GITHUB_CLIENT_ID"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var keys []string
			for key := range problems(t, config.LoadFrom(t.TempDir(), valid(t, strings.Fields(c.env)...))) {
				keys = append(keys, key)
			}
			assert.ElementsMatch(t, c.want, keys)
		})
	}
}

func TestAllProblemsAreReportedAtOnceWithoutValues(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, ".env", "WORKER_CONCURRENCY=hunter2\nthis is hunter2 itself\n")
	c := config.LoadFrom(dir, []string{
		"AES_MASTER_KEY=hunter2!", "JWT_SECRET=hunter2", "PB_ADMIN_PASSWORD=hunter2",
		"PB_GLOBAL_PORT=hunter2", "SMTP_TLS=hunter2", "JOB_LEASE=hunter2", "LOG_LEVEL=hunter2",
		"PUBLIC_URL=http://hunter2:hunter2@x", "CORS_ORIGINS=hunter2", "SMTP_PORT=hunter\x002",
	})
	var all *config.ValidationError
	require.ErrorAs(t, c.Validate(), &all)
	var keys []string
	for _, p := range all.Problems {
		keys = append(keys, p.Key)
	}
	assert.Equal(t, []string{
		".env", "AES_MASTER_KEY", "JWT_SECRET", "PB_ENCRYPTION_KEY", "PB_ADMIN_PASSWORD", "PB_GLOBAL_PORT",
		"PUBLIC_URL", "CORS_ORIGINS", "WORKER_CONCURRENCY", "JOB_LEASE", "LOG_LEVEL", "SMTP_PORT", "SMTP_TLS",
	}, keys, "files first, then the order of Config")
	assert.NotContains(t, all.Error(), "hunter")
	assert.Equal(t, len(keys)-1, strings.Count(all.Error(), "\n"))
}
