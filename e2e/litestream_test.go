package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/internal/logtest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

// litestreamConfig is the path of the configuration that operators use, from this folder.
const litestreamConfig = "../deploy/litestream.yml"

// buildLitestream builds the program from its module. Its dependencies are several hundred megabytes, so that only long
// test runs do it.
var buildLitestream = sync.OnceValues(func() (string, error) {
	program := filepath.Join(filepath.Dir(binary), "litestream")
	out, err := exec.Command("go", "build", "-modfile=../.ci/litestream.mod", "-o", program, "github.com/benbjohnson/litestream/cmd/litestream").CombinedOutput()
	return program, errorWith(err, out)
})

func errorWith(err error, out []byte) error {
	if err != nil {
		return &exec.Error{Name: string(bytes.TrimSpace(out)), Err: err}
	}
	return nil
}

// standIn returns the path of the program that stands in for Litestream.
func standIn(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("testdata/litestream.sh")
	require.NoError(t, err)
	return path
}

// promotion returns the arguments that have an installation take over.
func promotion(t *testing.T, program string, args ...string) []string {
	t.Helper()
	file, err := filepath.Abs(litestreamConfig)
	require.NoError(t, err)
	return append([]string{"promote", "--old-server-is-off", "--config", file, "--litestream", program}, args...)
}

func (in *installation) dataDir() string { return filepath.Join(in.dir, "pb_data") }

// copyTo writes a copy of the global database where the stand-in finds it.
func (in *installation) copyTo(replica string) {
	in.t.Helper()
	require.NoError(in.t, os.RemoveAll(replica))
	require.NoError(in.t, os.MkdirAll(replica, 0o700))
	require.NoError(in.t, sqlite.Snapshot(in.t.Context(), filepath.Join(in.dataDir(), sqlite.DataFile), filepath.Join(replica, sqlite.DataFile)))
}

// replicate starts Litestream on the installation's global database. The function that it returns kills it.
func (in *installation) replicate(program string, settings ...string) (log *logtest.Buffer, kill func()) {
	in.t.Helper()
	log = &logtest.Buffer{}
	command := exec.Command(program, "replicate", "-config", litestreamConfig)
	command.Env = config.LoadFrom(in.dir, settings).LitestreamEnv(environment(), in.dataDir())
	command.Stdout, command.Stderr = log, log
	require.NoError(in.t, command.Start())
	wait := sync.OnceValue(command.Wait)
	kill = func() {
		_ = command.Process.Kill() // it may have ended
		_ = wait()                 // returns that it was killed
	}
	in.t.Cleanup(func() {
		kill()
		if in.t.Failed() {
			in.t.Log("Litestream's log:\n" + log.String())
		}
	})
	return log, kill
}

// replicaOf returns the settings of a replica on disk or in a bucket.
func replicaOf(t *testing.T, kind string) []string {
	t.Helper()
	if kind == "disk" {
		return []string{"LITESTREAM_REPLICA=file://" + filepath.Join(t.TempDir(), "standby", "1")}
	}
	bucket := s3test.Start(t, s3test.Options{})
	return []string{
		"LITESTREAM_REPLICA=s3://" + bucket.Bucket + "/standby/1?endpoint=" + bucket.URL + "&region=" + bucket.Region,
		"LITESTREAM_ACCESS_KEY_ID=" + bucket.AccessKey, "LITESTREAM_SECRET_ACCESS_KEY=" + bucket.SecretKey,
	}
}
