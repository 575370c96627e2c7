package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// hostsVariable is set in the environment of the child process that is the simulated Fathom and S3, so that this
// process uses CPU time and memory only for the product. Its value is the size of the recordings in bytes.
const hostsVariable = "FATHOM_TO_LOOM_BENCH_HOSTS"

func TestMain(m *testing.M) {
	if size := os.Getenv(hostsVariable); size != "" {
		if err := serveHosts(size); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// hosts are the simulated services in a process of their own.
type hosts struct {
	FathomURL, S3URL string
	S3Settings       []string
}

// serveHosts runs the services until standard input ends.
func serveHosts(size string) error {
	recordingSize, err := strconv.ParseInt(size, 10, 64)
	if err != nil {
		return err
	}
	sim, err := simulator.New(simulator.Config{Addr: "127.0.0.1:0", RecordingSize: recordingSize, ProcessingPolls: -1})
	if err != nil {
		return err
	}
	if err := sim.Start(context.Background()); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "fathom-to-loom-bench-s3-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	bucket := s3test.New(s3test.Options{Discard: true}, dir)
	defer bucket.Close()
	ready := hosts{FathomURL: sim.FathomURL(), S3URL: bucket.URL, S3Settings: bucket.Settings()}
	if err := json.NewEncoder(os.Stdout).Encode(ready); err != nil {
		return err
	}
	_, _ = bufio.NewReader(os.Stdin).ReadByte()
	return sim.Stop(context.Background())
}

// startHosts starts the services in a child process, which ends with the benchmark.
func startHosts(b *testing.B, size int64) (h hosts) {
	b.Helper()
	child := exec.Command(os.Args[0])
	child.Env, child.Stderr = append(os.Environ(), fmt.Sprintf("%s=%d", hostsVariable, size)), os.Stderr
	input, err := child.StdinPipe()
	require.NoError(b, err)
	output, err := child.StdoutPipe()
	require.NoError(b, err)
	require.NoError(b, child.Start())
	b.Cleanup(func() {
		_ = input.Close()
		require.NoError(b, child.Wait())
	})
	require.NoError(b, json.NewDecoder(output).Decode(&h))
	return h
}

// fileURL returns the address of a recording's file at the simulated Fathom.
func (h hosts) fileURL(b *testing.B, recordingID int64) string {
	b.Helper()
	client, err := fathom.New(fathom.Config{BaseURL: h.FathomURL})
	require.NoError(b, err)
	defer client.Close()
	account := client.Account(simulator.DemoAPIKey)
	download, err := account.RequestDownload(b.Context(), recordingID)
	require.NoError(b, err)
	for download.Status != fathom.DownloadCompleted {
		download, err = account.PollDownload(b.Context(), recordingID, download.DownloadID)
		require.NoError(b, err)
	}
	file, ok := download.File()
	require.True(b, ok)
	return file.URL.Reveal()
}

// putURL returns an address to which anybody can upload an object.
func (h hosts) putURL(b *testing.B) string {
	b.Helper()
	endpoint, err := url.Parse(h.S3URL)
	require.NoError(b, err)
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds: credentials.NewStaticV4(s3test.DefaultAccessKey, s3test.DefaultSecretKey, ""), Region: s3test.DefaultRegion, BucketLookup: minio.BucketLookupPath,
	})
	require.NoError(b, err)
	link, err := client.PresignedPutObject(b.Context(), s3test.DefaultBucket, fmt.Sprintf("curl-%d", time.Now().UnixNano()), time.Hour)
	require.NoError(b, err)
	return link.String()
}

// sizes of the recordings, in bytes. The memory must not depend on the size; SOAK=1 adds 4 GB.
func recordingSizes() []int64 {
	sizes := []int64{10 << 20, 400 << 20}
	if os.Getenv("SOAK") != "" {
		sizes = append(sizes, 4<<30)
	}
	return sizes
}

// BenchmarkTransfer measures transfers from the simulated Fathom to disk and to S3, from the creation of the job to its
// end, and curl doing the same. Each row has the throughput, the CPU time per gigabyte, and the peak memory.
func BenchmarkTransfer(b *testing.B) {
	for _, size := range recordingSizes() {
		h := startHosts(b, size)
		name := fmt.Sprintf("%dMB", size>>20)
		b.Run(name+"/disk", func(b *testing.B) { benchmarkTransfer(b, h, size, nil) })
		b.Run(name+"/disk/curl", func(b *testing.B) {
			benchmarkCurl(b, size, func() string {
				file := filepath.Join(b.TempDir(), "recording.mp4")
				return fmt.Sprintf("curl -sSf -o '%s' '%s' && sync '%s' && rm '%s'", file, h.fileURL(b, 1001), file, file)
			})
		})
		b.Run(name+"/s3", func(b *testing.B) { benchmarkTransfer(b, h, size, h.S3Settings) })
		b.Run(name+"/s3/curl", func(b *testing.B) {
			benchmarkCurl(b, size, func() string {
				return fmt.Sprintf("curl -sSf '%s' | curl -sSf -H 'Content-Length: %d' -H 'Transfer-Encoding:' -T - '%s'", h.fileURL(b, 1001), size, h.putURL(b))
			})
		})
	}
}

func benchmarkTransfer(b *testing.B, h hosts, size int64, settings []string) {
	s := apptest.Start(b, apptest.Options{Settings: append([]string{"FATHOM_API_URL=" + h.FathomURL, "FATHOM_POLL_INTERVAL=10ms"}, settings...)})
	p := s.SignUpWithMeetings("ada@example.com")
	resetPeakMemory(b)
	var took, cpu time.Duration
	for b.Loop() {
		cpuBefore, start := cpuTime(b), time.Now()
		job := p.RunJob("recording.transfer", map[string]any{"recording_id": 1001})
		took += time.Since(start)
		cpu += cpuTime(b) - cpuBefore
		require.Equal(b, "completed", job.Text("status"), job.Raw)
		meetings := p.ListOwn("recordings", apptest.RecordingFilter(1001))
		require.Equal(b, 204, p.Own("DELETE", "/api/collections/recordings/records/"+meetings[0]["id"].(string), nil).Status)
	}
	reportTransfers(b, size, took, cpu)
	b.ReportMetric(float64(peakMemory(b))/(1<<20), "peak-MB")
}

func benchmarkCurl(b *testing.B, size int64, command func() string) {
	var took, cpu time.Duration
	for b.Loop() {
		shell := exec.Command("sh", "-ec", command())
		shell.Stderr = os.Stderr
		start := time.Now()
		require.NoError(b, shell.Run())
		took += time.Since(start)
		cpu += shell.ProcessState.UserTime() + shell.ProcessState.SystemTime()
	}
	reportTransfers(b, size, took, cpu)
}

func reportTransfers(b *testing.B, size int64, took, cpu time.Duration) {
	bytes := float64(size) * float64(b.N)
	b.ReportMetric(bytes/1e6/took.Seconds(), "MB/s")
	b.ReportMetric(cpu.Seconds()/(bytes/1e9), "cpu-s/GB")
	b.ReportMetric(0, "ns/op")
}

// cpuTime returns the user and system time of this process.
func cpuTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// resetPeakMemory makes peakMemory start again; see https://docs.kernel.org/filesystems/proc.html.
func resetPeakMemory(b *testing.B) {
	require.NoError(b, os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o600))
}

// peakMemory returns the largest resident set of this process, in bytes.
func peakMemory(b *testing.B) int64 {
	status, err := os.ReadFile("/proc/self/status")
	require.NoError(b, err)
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kilobytes, err := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
			require.NoError(b, err)
			return kilobytes << 10
		}
	}
	b.Fatal("read peak memory: /proc/self/status has no VmHWM")
	return 0
}
