package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/logtest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
)

// authority signs the certificates of proxies; httpClient trusts it.
type authority struct {
	key         *ecdsa.PrivateKey
	certificate *x509.Certificate
}

// testAuthority is shared by all tests.
var testAuthority = newAuthority()

func newAuthority() authority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test authority"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	certificate, err := x509.ParseCertificate(raw)
	if err != nil {
		panic(err)
	}
	return authority{key, certificate}
}

// transport returns a transport that trusts the authority and speaks HTTP/2. Its connections come from a local address,
// unless that is blank.
func (a authority) transport(from string) *http.Transport {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	dialer := &net.Dialer{}
	if from != "" {
		dialer.LocalAddr = &net.TCPAddr{IP: net.ParseIP(from)}
	}
	return &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true, DialContext: dialer.DialContext}
}

func (a authority) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})
}

// writeCertificate writes fullchain.pem and privkey.pem for localhost.
func (a authority) writeCertificate(t *testing.T, dir string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	require.NoError(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	write := func(name, kind string, content []byte) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}), 0o600))
	}
	write("fullchain.pem", "CERTIFICATE", raw)
	write("privkey.pem", "PRIVATE KEY", secret)
}

// nginxMain is what a distribution or an image puts around a site: %[1]s is a folder of the test.
const nginxMain = `
daemon off;
pid %[1]s/nginx.pid;
error_log stderr;
worker_processes 2;
%[2]s
events { worker_connections 512; }
http {
	default_type application/octet-stream;
	access_log stderr;
	client_body_temp_path %[1]s/client;
	proxy_temp_path %[1]s/proxy;
	fastcgi_temp_path %[1]s/fastcgi;
	uwsgi_temp_path %[1]s/uwsgi;
	scgi_temp_path %[1]s/scgi;
	include %[1]s/conf.d/*.conf;
}
`

// nginx is a running nginx with the configuration that operators use.
type nginx struct {
	dir string
	log *logtest.Buffer
}

// startNginx starts Debian's nginx with a site, as the image and Debian's package would include it.
func startNginx(t *testing.T, site string) *nginx {
	t.Helper()
	n := &nginx{dir: t.TempDir(), log: &logtest.Buffer{}}
	user := ""
	if os.Geteuid() == 0 {
		user = "user root;" // who owns the folder of the test
	}
	for _, folder := range []string{"conf.d", "fathom-to-loom"} {
		require.NoError(t, os.Mkdir(filepath.Join(n.dir, folder), 0o755))
	}
	proxy, err := os.ReadFile("../deploy/nginx/proxy.conf")
	require.NoError(t, err)
	for name, text := range map[string]string{
		"nginx.conf": fmt.Sprintf(nginxMain, n.dir, user), "conf.d/default.conf": site, "fathom-to-loom/proxy.conf": string(proxy),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(n.dir, name), []byte(text), 0o644))
	}
	command := exec.Command(nginxProgram(t), "-c", filepath.Join(n.dir, "nginx.conf"), "-e", "stderr")
	command.Stdout, command.Stderr = n.log, n.log
	require.NoError(t, command.Start())
	wait := sync.OnceValue(command.Wait)
	t.Cleanup(func() {
		_ = command.Process.Signal(os.Interrupt) // which ends the workers as well; it may have ended
		_ = wait()
		if t.Failed() {
			t.Log("log of nginx:\n" + n.log.String())
		}
	})
	return n
}

// nginxProgram returns the path of nginx, which Debian puts where only root looks.
func nginxProgram(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"nginx", "/usr/sbin/nginx"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("nginx isn't installed: run make setup")
	return ""
}

// await waits until an address answers, with whatever status.
func (n *nginx) await(t *testing.T, address string) {
	t.Helper()
	polltest.Until(t, 10*time.Millisecond, func() bool {
		connection, err := net.Dial("tcp", address)
		if err != nil {
			return false
		}
		return connection.Close() == nil
	}, "nginx did not start: %s", n.log)
}

// substitute replaces variables as the image of nginx does: only those that are set.
func substitute(text string, values map[string]string) string {
	for name, value := range values {
		text = strings.ReplaceAll(text, "${"+name+"}", value)
	}
	return text
}

// site is the public side of an installation behind nginx.
type site struct {
	*nginx
	httpsPort, httpPort int
	accessLog           string // path
}

// address is that of HTTPS.
func (s site) address() string { return "127.0.0.1:" + strconv.Itoa(s.httpsPort) }

// serveBehindNginx starts a server behind nginx, as placeBehindNginx does.
func (in *installation) serveBehindNginx(settings ...string) (site, *process) {
	in.t.Helper()
	s := in.placeBehindNginx(in.ports.First+1, in.ports.First+2)
	in.env = append(in.env, settings...)
	return s, in.serve()
}

// placeBehindNginx starts nginx with the configuration of the Compose file, at https://localhost, in front of the server
// that the installation will start. The installation's URL is then that of nginx.
func (in *installation) placeBehindNginx(httpPort, httpsPort int) site {
	in.t.Helper()
	certificates := in.t.TempDir()
	testAuthority.writeCertificate(in.t, certificates)
	s := site{httpPort: httpPort, httpsPort: httpsPort}
	template, err := os.ReadFile("../deploy/nginx/fathom-to-loom.conf.template")
	require.NoError(in.t, err)
	logs := in.t.TempDir()
	s.accessLog = filepath.Join(logs, "access.log")
	s.nginx = startNginx(in.t, substitute(string(template), map[string]string{
		"SERVER_NAME": "localhost", "UPSTREAM": in.ports.Address(), "HTTP_PORT": strconv.Itoa(s.httpPort), "HTTPS_PORT": strconv.Itoa(s.httpsPort),
		"CERTIFICATES": certificates, "MAX_BODY_SIZE": "20g", "LOGS": logs,
	}))
	s.await(in.t, s.address())
	in.url = "https://localhost:" + strconv.Itoa(s.httpsPort)
	in.env = append(in.env, "PUBLIC_URL="+in.url, "TRUSTED_PROXY_HEADERS=X-Real-IP")
	return s
}

// authorityFile is a file with the certificate of testAuthority, for programs that read one.
var authorityFile = sync.OnceValues(func() (string, error) {
	path := filepath.Join(filepath.Dir(binary), "authority.pem")
	return path, os.WriteFile(path, testAuthority.pem(), 0o600)
})
