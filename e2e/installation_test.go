package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const installationPage = "../docs/installation.md"

// machine is a folder that stands for a machine on which the page's commands run.
type machine struct {
	t       *testing.T
	root    string // of its file system
	sources string // a copy of the repository
	environ []string
	paths   *strings.Replacer
}

// newMachine prepares a machine on which root has nginx, Caddy and a certificate.
func newMachine(t *testing.T) *machine {
	t.Helper()
	in := installIn(t, t.TempDir(), startSimulator(t, simulator.Config{}))
	compose, err := buildCompose()
	require.NoError(t, err)
	standIn, err := filepath.Abs("testdata/installation.sh")
	require.NoError(t, err)
	m := &machine{t: t, root: t.TempDir(), sources: t.TempDir()}
	tools := t.TempDir()
	for _, name := range []string{"sudo", "adduser", "chown", "install", "make", "apt", "nginx", "systemctl", "docker"} {
		require.NoError(t, os.Symlink(standIn, filepath.Join(tools, name)))
	}
	require.NoError(t, os.Symlink(binary, filepath.Join(tools, "fathom-to-loom")))
	copyTracked(t, m.sources, []string{"docker-compose.yml", "Dockerfile", "deploy"})
	for _, folder := range []string{"usr/bin", "etc/systemd/system", "etc/caddy", "etc/nginx/conf.d", "etc/letsencrypt/live/loom.example.com"} {
		require.NoError(t, os.MkdirAll(filepath.Join(m.root, folder), 0o755))
	}
	testAuthority.writeCertificate(t, filepath.Join(m.root, "etc/letsencrypt/live/loom.example.com"))
	require.NoError(t, os.WriteFile(filepath.Join(m.root, "etc/nginx/nginx.conf"),
		fmt.Appendf(nil, nginxMain, filepath.Join(m.root, "etc/nginx"), ""), 0o644))
	m.environ = append(in.env, "PATH="+tools+":"+os.Getenv("PATH"), "ROOT="+m.root, "SERVER="+binary, "COMPOSE="+compose, "NGINX="+nginxProgram(t))
	m.paths = strings.NewReplacer("/etc/", m.root+"/etc/", "/usr/bin/", m.root+"/usr/bin/", "/var/lib/", m.root+"/var/lib/",
		"HTTP_PORT=80 HTTPS_PORT=443", "HTTP_PORT="+strconv.Itoa(in.ports.First+1)+" HTTPS_PORT="+strconv.Itoa(in.ports.First+2))
	t.Cleanup(func() {
		if pid, err := os.ReadFile(filepath.Join(m.root, "server.pid")); err == nil {
			_ = exec.Command("kill", "-9", strings.TrimSpace(string(pid))).Run() // it may have ended
		}
	})
	return m
}

// run runs a block of the page.
func (m *machine) run(b block) {
	m.t.Helper()
	command := exec.CommandContext(m.t.Context(), "sh", "-eu", "-c", m.paths.Replace(b.script))
	command.Dir, command.Env = m.sources, m.environ
	out, err := command.CombinedOutput()
	require.NoError(m.t, err, "%s:\n%s\n%s", b.heading, b.script, out)
}

// The page's ways exclude each other, so that each runs on a machine of its own. What a proxy needs follows the
// installation without a package.
func TestInstallationPageWorks(t *testing.T) {
	t.Parallel()
	ways := map[string][]block{}
	way := ""
	for _, b := range shellBlocks(t, installationPage) {
		switch b.heading {
		case "Docker Compose", "A package for Debian and Ubuntu", "systemd without a package":
			way = b.heading
		}
		ways[way] = append(ways[way], b)
	}
	require.Len(t, ways, 3)
	for name, blocks := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t)
			for _, b := range blocks {
				m.run(b)
			}
			dir := m.root + "/var/lib/fathom-to-loom"
			if name == "Docker Compose" {
				dir = m.sources
				requireReadable(t, dir)
				return
			}
			if name == "systemd without a package" {
				settings := config.LoadFrom(dir, nil)
				require.NoError(t, settings.Validate())
				assert.Empty(t, settings.Warnings())
				assert.Equal(t, "https://loom.example.com", settings.BaseURL())
			}
			info, err := os.Stat(filepath.Join(dir, ".env"))
			require.NoError(t, err)
			assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		})
	}
}

// requireReadable requires that the settings which the page moves from .env to files are complete, and that .env contains
// none that resembles a setting of the server without being one.
func requireReadable(t *testing.T, dir string) {
	t.Helper()
	var files []string
	for _, field := range config.Fields() {
		if field.Key == "METRICS_TOKEN" { // the file is for Prometheus, and the setting stays in .env
			continue
		}
		path := filepath.Join(dir, "secrets", strings.ToLower(field.Key))
		if _, err := os.Stat(path); err == nil {
			files = append(files, field.Key+config.FileSuffix+"="+path)
		}
	}
	require.Len(t, files, 5)
	settings := config.LoadFrom(dir, files)
	require.NoError(t, settings.Validate())
	assert.Empty(t, settings.Warnings())
}

func TestCommandsInTheTextOfTheInstallationPageExist(t *testing.T) {
	t.Parallel()
	requireCommandsExist(t, installationPage, 1)
}

// The README promises TLS in five lines.
func TestReadmeGetsToTLSInFiveLines(t *testing.T) {
	t.Parallel()
	for _, b := range shellBlocks(t, "../README.md") {
		if b.heading == "From nothing to TLS" {
			assert.LessOrEqual(t, strings.Count(b.script, "\n"), 5)
			m := newMachine(t)
			m.run(block{b.heading, regexp.MustCompile(`(?m)^git clone.*&& cd \S+\n`).ReplaceAllString(b.script, "")})
			settings := config.LoadFrom(m.root+"/var/lib/fathom-to-loom", nil)
			require.NoError(t, settings.Validate())
			assert.Equal(t, []string{"X-Real-IP"}, settings.TrustedProxyHeaders)
			return
		}
	}
	require.Fail(t, "the README has no such section")
}

// systemd's own judgement of the unit, where systemd is installed; the highest exposure is 10.0.
func TestServiceIsConfined(t *testing.T) {
	t.Parallel()
	unit, err := os.ReadFile("../deploy/fathom-to-loom.service")
	require.NoError(t, err)
	for _, line := range []string{
		"NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict", "ProtectHome=yes", "PrivateDevices=yes", "MemoryDenyWriteExecute=yes",
		"StateDirectory=fathom-to-loom", "SystemCallFilter=@system-service", "User=fathom-to-loom", "LimitNOFILE=65536",
	} {
		assert.Contains(t, string(unit), "\n"+line+"\n")
	}
	if analyze, err := exec.LookPath("systemd-analyze"); err == nil {
		out, err := exec.CommandContext(t.Context(), analyze, "security", "--offline=true", "--threshold=20", "../deploy/fathom-to-loom.service").CombinedOutput()
		assert.NoError(t, err, string(out))
	}
}

// An everyday run builds the archive of this system; a soak builds the whole release, which takes minutes.
func TestRelease(t *testing.T) {
	t.Parallel()
	nfpm, err := os.ReadFile("../deploy/package/nfpm.yaml")
	require.NoError(t, err)
	for _, source := range regexp.MustCompile(`src: ([^,"]+),|: (deploy/package/\S+)`).FindAllStringSubmatch(string(nfpm), -1) {
		_, err := os.Stat(filepath.Join("..", source[1]+source[2]))
		assert.NoError(t, err)
	}
	for _, script := range []string{"../.ci/release", "../deploy/dev.sh", "../deploy/package/postinst", "../deploy/package/prerm", "../deploy/package/postrm"} {
		out, err := exec.CommandContext(t.Context(), "sh", "-n", script).CombinedOutput()
		assert.NoError(t, err, string(out))
	}
	for range testsize.Of(0, 1) {
		dir := t.TempDir()
		copyTracked(t, dir, []string{"."})
		command := exec.CommandContext(t.Context(), "sh", ".ci/release", "1.2.3")
		command.Dir, command.Env = dir, append(environment(), "SOURCE_DATE_EPOCH=1700000000")
		out, err := command.CombinedOutput()
		require.NoError(t, err, string(out))
		for _, name := range []string{
			"fathom-to-loom_1.2.3_linux_amd64.tar.gz", "fathom-to-loom_1.2.3_linux_arm64.tar.gz", "fathom-to-loom_1.2.3_darwin_amd64.tar.gz",
			"fathom-to-loom_1.2.3_darwin_arm64.tar.gz", "fathom-to-loom_1.2.3_linux_amd64.cdx.json", "fathom-to-loom_1.2.3_amd64.deb", "fathom-to-loom_1.2.3_arm64.deb",
		} {
			assert.FileExists(t, filepath.Join(dir, "dist", name))
		}
		check := exec.CommandContext(t.Context(), "sha256sum", "--check", "--strict", "SHA256SUMS")
		check.Dir = filepath.Join(dir, "dist")
		out, err = check.CombinedOutput()
		assert.NoError(t, err, string(out))
	}
}
