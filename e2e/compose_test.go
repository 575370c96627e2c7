package e2e

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

// composeProject is what Docker Compose makes of docker-compose.yml.
type composeProject struct {
	Services map[string]composeService `json:"services"`
	Networks map[string]struct {
		Name string `json:"name"`
	} `json:"networks"`
	Volumes map[string]any `json:"volumes"`
	Secrets map[string]struct {
		File string `json:"file"`
	} `json:"secrets"`
}

type composeService struct {
	Image       string            `json:"image"`
	User        string            `json:"user"`
	Command     []string          `json:"command"`
	Environment map[string]string `json:"environment"`
	ReadOnly    bool              `json:"read_only"`
	CapDrop     []string          `json:"cap_drop"`
	CapAdd      []string          `json:"cap_add"`
	SecurityOpt []string          `json:"security_opt"`
	Privileged  bool              `json:"privileged"`
	MemLimit    string            `json:"mem_limit"`
	PidsLimit   int               `json:"pids_limit"`
	Networks    map[string]any    `json:"networks"`
	DependsOn   map[string]struct {
		Condition string `json:"condition"`
	} `json:"depends_on"`
	Healthcheck struct {
		Test []string `json:"test"`
	} `json:"healthcheck"`
	Ports []struct {
		HostIP    string `json:"host_ip"`
		Target    int    `json:"target"`
		Published string `json:"published"`
	} `json:"ports"`
	Volumes []struct {
		Type     string `json:"type"`
		Source   string `json:"source"`
		Target   string `json:"target"`
		ReadOnly bool   `json:"read_only"`
	} `json:"volumes"`
	Secrets []struct {
		Source string `json:"source"`
		Target string `json:"target"`
	} `json:"secrets"`
}

// mounts returns the sources of what a container has at its paths.
func (s composeService) mounts() map[string]string {
	mounts := map[string]string{}
	for _, volume := range s.Volumes {
		mounts[volume.Target] = volume.Source
	}
	return mounts
}

// buildCompose builds the program that loads the file as Docker Compose does. It is a module of its own.
var buildCompose = sync.OnceValues(func() (string, error) {
	program := filepath.Join(filepath.Dir(binary), "compose")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir = "../.ci/compose"
	out, err := build.CombinedOutput()
	return program, errorWith(err, out)
})

// loadCompose loads docker-compose.yml, and further files of the folder deploy, with profiles and settings in .env. It
// runs on a copy, so that no .env of a developer is read.
func loadCompose(t *testing.T, profiles, dotEnv string, further ...string) composeProject {
	t.Helper()
	program, err := buildCompose()
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(filepath.Join(dir, "deploy"), os.DirFS("../deploy")))
	file, err := os.ReadFile("../docker-compose.yml")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "docker-compose.yml"), file, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".env"), []byte(dotEnv), 0o600))
	args := []string{"-profiles", profiles, "docker-compose.yml"}
	for _, name := range further {
		args = append(args, filepath.Join("deploy", name))
	}
	command := exec.CommandContext(t.Context(), program, args...)
	command.Dir, command.Env = dir, environment()
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	require.NoError(t, command.Run(), stderr.String())
	assert.Empty(t, stderr.String(), "no warnings, such as about variables that aren't set")
	var project composeProject
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &project))
	return project
}

func TestComposeProfiles(t *testing.T) {
	t.Parallel()
	for profiles, want := range map[string][]string{
		"":                      {"fathom-to-loom"},
		"production":            {"fathom-to-loom", "nginx"},
		"litestream":            {"fathom-to-loom", "litestream"},
		"monitoring":            {"fathom-to-loom", "grafana", "prometheus"},
		"cluster":               {"fathom-to-loom", "mover", "nats", "s3"},
		"dev":                   {"dev", "fathom-to-loom"},
		"production,monitoring": {"fathom-to-loom", "grafana", "nginx", "prometheus"},
	} {
		project := loadCompose(t, profiles, "")
		assert.Equal(t, want, slices.Sorted(maps.Keys(project.Services)), profiles)
		assert.Equal(t, "fathom_network", project.Networks["fathom_network"].Name)
	}
}

func TestComposeServicesAreConfined(t *testing.T) {
	t.Parallel()
	project := loadCompose(t, "production,litestream,monitoring,cluster,dev", "")
	published := map[string]string{}
	for name, service := range project.Services {
		assert.NotEmpty(t, service.Healthcheck.Test, name)
		assert.Contains(t, service.Networks, "fathom_network", name)
		assert.Contains(t, service.SecurityOpt, "no-new-privileges:true", name)
		assert.False(t, service.Privileged, name)
		assert.Empty(t, service.CapAdd, name)
		assert.Positive(t, service.PidsLimit, name)
		limit, err := strconv.ParseInt(service.MemLimit, 10, 64)
		require.NoError(t, err, name)
		assert.Positive(t, limit, name)
		if name != "dev" { // which has a compiler, and the sources of its own user
			assert.True(t, service.ReadOnly, name)
			assert.Equal(t, []string{"ALL"}, service.CapDrop, name)
		}
		for other, dependency := range service.DependsOn {
			assert.Equal(t, "service_healthy", dependency.Condition, "%s waits for %s", name, other)
		}
		for _, port := range service.Ports {
			assert.NotContains(t, published, port.Published, "two services publish one port")
			published[port.Published] = name
			if !slices.Contains([]string{"nginx", "nats", "s3"}, name) {
				assert.Equal(t, "127.0.0.1", port.HostIP, "only nginx and what movers need are reachable from elsewhere, not %s", name)
			}
		}
		for _, volume := range service.Volumes {
			if volume.Type == "bind" {
				assert.True(t, volume.ReadOnly, "%s can change %s", name, volume.Target)
			} else {
				assert.Contains(t, project.Volumes, volume.Source, name)
			}
		}
		if service.Image != "fathom-to-loom" {
			assert.Regexp(t, `:v?\d+\.\d+[^:]*$`, service.Image, "a version, not what is newest")
		}
	}
	for name, dependencies := range map[string][]string{"nginx": {"fathom-to-loom"}, "litestream": {"fathom-to-loom"}, "mover": {"nats"}, "prometheus": {"fathom-to-loom"}, "grafana": {"prometheus"}} {
		assert.Equal(t, dependencies, slices.Sorted(maps.Keys(project.Services[name].DependsOn)), name)
	}
	assert.Equal(t, "10001:10001", project.Services["litestream"].User, "the user of the image, who owns the database")
}

func TestComposeVolumesAndSettings(t *testing.T) {
	t.Parallel()
	project := loadCompose(t, "", "PUBLIC_URL=https://loom.example.com\nPB_GLOBAL_PORT=9000\n")
	server := project.Services["fathom-to-loom"]
	assert.Equal(t, map[string]string{"/app/pb_data": "pb_data", "/app/user_dbs": "user_dbs", "/app/logs": "logs"}, server.mounts())
	assert.Equal(t, "/app/logs/fathom-to-loom.log", server.Environment["LOG_FILE"])
	assert.Equal(t, "https://loom.example.com", server.Environment["PUBLIC_URL"])
	assert.Equal(t, "8090", server.Environment["PB_GLOBAL_PORT"], "the port in the container stays")
	assert.Equal(t, "9000", server.Ports[0].Published)
	assert.Equal(t, 8090, server.Ports[0].Target)

	without := loadCompose(t, "", "").Services["fathom-to-loom"]
	assert.Equal(t, "http://127.0.0.1:8090", without.Environment["PUBLIC_URL"])

	development := loadCompose(t, "dev", "").Services["dev"]
	for _, mount := range development.mounts() {
		assert.NotContains(t, []string{"pb_data", "user_dbs", "logs"}, mount, "development never touches the data of the server")
	}
	assert.Equal(t, []string{"sh", "deploy/dev.sh"}, development.Command)
	given := loadCompose(t, "dev", "SMTP_HOST=mail.example.com\nBACKUP_DIR=/backups\nAES_MASTER_KEY=key\n").Services["dev"]
	assert.Equal(t, "key", given.Environment["AES_MASTER_KEY"])
	assert.NotContains(t, given.Environment, "SMTP_HOST", "development sends no mail to people, and replaces no backups")
	assert.NotContains(t, given.Environment, "BACKUP_DIR")
	assert.Equal(t, "/dev/null", given.mounts()["/src/.env"])
}

func TestComposeMountsFilesThatExist(t *testing.T) {
	t.Parallel()
	project := loadCompose(t, "production,litestream,monitoring", "")
	for name, service := range project.Services {
		for _, volume := range service.Volumes {
			if volume.Type == "bind" && filepath.Base(volume.Source) != "certificates" { // which operators provide
				_, err := os.Stat(volume.Source)
				assert.NoError(t, err, name)
			}
		}
	}
	// The template has no variable that the service doesn't set, and nginx's own variables have no braces.
	template, err := os.ReadFile("../deploy/nginx/fathom-to-loom.conf.template")
	require.NoError(t, err)
	assert.NotContains(t, substitute(string(template), project.Services["nginx"].Environment), "${")
}

func TestComposeMoverHasNoKeys(t *testing.T) {
	t.Parallel()
	project := loadCompose(t, "cluster", "AES_MASTER_KEY=key\nS3_SECRET_KEY=key\nS3_ENDPOINT=https://s3.example.com\nCLUSTER_NAME=prod\n", "compose.cluster.yml")
	mover := project.Services["mover"]
	for _, name := range []string{"HTTPS_PROXY", "NO_PROXY", "OUTBOUND_PROXY_HOSTS", "OUTBOUND_PRIVATE_RANGES"} {
		assert.Contains(t, mover.Environment, name, "it reaches the same hosts as the server")
	}
	for _, field := range config.Fields() {
		if field.Secret && field.Key != "HTTPS_PROXY" {
			assert.NotContains(t, mover.Environment, field.Key)
		}
	}
	assert.Equal(t, "https://s3.example.com", mover.Environment["S3_ENDPOINT"])
	assert.Equal(t, "prod", mover.Environment["CLUSTER_NAME"])
	server := project.Services["fathom-to-loom"]
	assert.Equal(t, "/run/secrets/cluster_home", server.Environment["CLUSTER_CREDS"])
	assert.Equal(t, "tls://nats:4222", server.Environment["CLUSTER_URL"])
	for name, files := range map[string][]string{
		"fathom-to-loom": {"ca.pem", "home.nk"}, "mover": {"ca.pem", "mover.nk"},
		"nats": {"ca.pem", "nats-server.conf", "server-key.pem", "server.pem"},
	} {
		assert.Equal(t, files, project.secretFiles(name), name)
		assert.NotContains(t, project.Services[name].mounts(), "/cluster", name)
	}
	assert.Equal(t, "1000:1000", project.Services["s3"].User, "its image changes from root to this user, which needs capabilities")
}

// secretFiles returns the names of the files that a service gets as secrets, sorted.
func (p composeProject) secretFiles(service string) []string {
	var names []string
	for _, secret := range p.Services[service].Secrets {
		names = append(names, filepath.Base(p.Secrets[secret.Source].File))
	}
	slices.Sort(names)
	return names
}

func TestComposeSecretsAsFiles(t *testing.T) {
	t.Parallel()
	project := loadCompose(t, "", "", "compose.secrets.yml")
	server := project.Services["fathom-to-loom"]
	targets := map[string]string{}
	for _, secret := range server.Secrets {
		targets[secret.Target] = secret.Source
		assert.True(t, strings.HasSuffix(project.Secrets[secret.Source].File, filepath.Join("secrets", secret.Source)), project.Secrets[secret.Source].File)
	}
	required := 0
	for _, field := range config.Fields() {
		path, ok := server.Environment[field.Key+config.FileSuffix]
		if field.Secret && field.Required {
			required++
			assert.True(t, ok, "%s can't be passed as a file", field.Key)
		}
		if ok {
			assert.Equal(t, strings.ToLower(field.Key), targets[path], field.Key)
		}
	}
	assert.Equal(t, 4, required)

	// Docker Compose can't pass secrets of other kinds to containers with a read-only root.
	for name, secret := range loadCompose(t, "monitoring", "").Secrets {
		assert.NotEmpty(t, secret.File, name)
	}
}
