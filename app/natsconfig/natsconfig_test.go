package natsconfig_test

import (
	"crypto/x509"
	"encoding/pem"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/natsconfig"
	"github.com/fathom-to-loom/fathom-to-loom/internal/natstest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func options(hosts ...string) natsconfig.Options {
	return natsconfig.Options{Cluster: "f2l", Hosts: hosts, Port: 4222, RoutePort: 6222, Now: time.Now()}
}

// generate writes the files into a new folder.
func generate(t *testing.T, o natsconfig.Options) (dir string) {
	t.Helper()
	files, err := natsconfig.Generate(o)
	require.NoError(t, err)
	dir = t.TempDir()
	for _, file := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, file.Name), file.Content, file.Mode))
	}
	return dir
}

func TestInvalidOptionsAreRefusedTogether(t *testing.T) {
	t.Parallel()
	_, err := natsconfig.Generate(natsconfig.Options{Cluster: "a.b", Hosts: []string{"a", "a"}, Port: 0, RoutePort: 70000})
	for _, problem := range []string{`cluster name "a.b"`, "not 2", `"a" is named twice`, "port 0", "port 70000"} {
		require.ErrorContains(t, err, problem)
	}
	same := options("host")
	same.RoutePort = same.Port
	_, err = natsconfig.Generate(same)
	require.ErrorContains(t, err, "can't share port 4222")
	for _, host := range []string{"", "nats://host", "a b", `a"`, "host:4222", "-a", "a..b", "a/b", strings.Repeat("a.", 130) + "a"} {
		_, err = natsconfig.Generate(options(host))
		require.ErrorContains(t, err, "is not the name or address of a host", host)
	}
	for _, name := range []string{"", "*", "-a", strings.Repeat("a", 33)} {
		o := options("host")
		o.Cluster = name
		_, err = natsconfig.Generate(o)
		require.ErrorContains(t, err, "cluster name", name)
	}
}

func TestFilesAndTheirModes(t *testing.T) {
	t.Parallel()
	files, err := natsconfig.Generate(options("nats.example.com"))
	require.NoError(t, err)
	modes := map[string]fs.FileMode{}
	secrets := map[string]string{}
	for _, file := range files {
		modes[file.Name] = file.Mode
		if file.Mode == 0o600 {
			secrets[file.Name] = strings.TrimSpace(string(file.Content))
		}
	}
	assert.Equal(t, map[string]fs.FileMode{
		"nats-server.conf": 0o644, "home.nk": 0o600, "mover.nk": 0o600, "ca.pem": 0o644, "server.pem": 0o644, "server-key.pem": 0o600,
	}, modes)
	for _, file := range files {
		for name, secret := range secrets {
			if name != file.Name {
				assert.NotContains(t, string(file.Content), secret, "%s contains what is in %s", file.Name, name)
			}
		}
	}
	assert.NotEqual(t, secrets["home.nk"], secrets["mover.nk"])
}

func TestCertificateIsValidForTenYearsAndAllHosts(t *testing.T) {
	t.Parallel()
	o := options("nats1.example.com", "192.0.2.7", "2001:db8::1")
	dir := generate(t, o)
	ca, server := certificate(t, filepath.Join(dir, natsconfig.CAFile)), certificate(t, filepath.Join(dir, "server.pem"))
	roots := x509.NewCertPool()
	roots.AddCert(ca)
	for _, usage := range []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth} {
		for _, when := range []time.Time{o.Now.Add(-50 * time.Minute), o.Now.AddDate(10, 0, -1)} {
			for _, host := range append(o.Hosts, "localhost") {
				_, err := server.Verify(x509.VerifyOptions{DNSName: host, Roots: roots, CurrentTime: when, KeyUsages: []x509.ExtKeyUsage{usage}})
				require.NoError(t, err, "%s at %s", host, when)
			}
		}
	}
	_, err := server.Verify(x509.VerifyOptions{DNSName: "other.example.com", Roots: roots, CurrentTime: o.Now})
	require.Error(t, err)
	_, err = server.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: o.Now.AddDate(10, 0, 1)})
	require.Error(t, err)
	other := x509.NewCertPool()
	other.AddCert(certificate(t, filepath.Join(generate(t, o), natsconfig.CAFile)))
	_, err = server.Verify(x509.VerifyOptions{Roots: other, CurrentTime: o.Now})
	require.Error(t, err)
}

func certificate(t *testing.T, path string) *x509.Certificate {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	block, _ := pem.Decode(content)
	require.NotNil(t, block)
	parsed, err := x509.ParseCertificate(block.Bytes)
	require.NoError(t, err)
	return parsed
}

// nats-server warns about what it doesn't know, and then uses its defaults.
func TestServerUnderstandsTheSettings(t *testing.T) {
	t.Parallel()
	for _, o := range []natsconfig.Options{
		options("nats.example.com"),
		options("nats1.example.com", "nats2.example.com", "2001:db8::1"),
	} {
		check := exec.Command(natstest.Program(t), "-t", "-c", natsconfig.ConfigFile)
		check.Dir = generate(t, o)
		output, err := check.CombinedOutput()
		require.NoError(t, err, "%s", output)
		assert.Contains(t, string(output), "is valid")
		assert.NotContains(t, strings.ToLower(string(output)), "unknown")
		assert.NotContains(t, strings.ToLower(string(output)), "warn")
	}
}
