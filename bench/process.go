package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

// process is a server in a process of its own.
type process struct {
	*exec.Cmd
	url string
	dir string
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// startOurs starts the server of all users in a folder.
func startOurs(dir string, keys config.Generated, settings ...string) (*process, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	p := &process{Cmd: exec.Command(os.Args[0], "serve"), url: fmt.Sprintf("http://127.0.0.1:%d", port), dir: dir}
	p.Dir = dir
	p.Env = append(os.Environ(), isServer+"=1", fmt.Sprintf("PB_GLOBAL_PORT=%d", port))
	p.Env = append(append(p.Env, keys.Environ()...), settings...)
	p.Stderr = os.Stderr
	if err := p.Start(); err != nil {
		return nil, err
	}
	return p, p.await("/api/health", "")
}

// startStock starts a stock PocketBase on a folder and waits for one answer.
func startStock(binary, dir, path, token string) (*process, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	address := fmt.Sprintf("127.0.0.1:%d", port)
	p := &process{Cmd: exec.Command(binary, "serve", "--http", address, "--dir", dir), url: "http://" + address, dir: dir}
	if err := p.Start(); err != nil {
		return nil, err
	}
	return p, p.await(path, token)
}

// await asks again and again until the server answers.
func (p *process) await(path, token string) error {
	giveUp := time.Now().Add(30 * time.Second)
	for {
		err := get(p.url+path, token)
		if err == nil || time.Now().After(giveUp) {
			return err
		}
		if !errors.Is(err, syscall.ECONNREFUSED) {
			return err
		}
		time.Sleep(200 * time.Microsecond)
	}
}

func (p *process) end() error {
	if p == nil || p.ProcessState != nil {
		return nil
	}
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return p.Wait()
}

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: time.Minute}

func get(link, token string) error {
	_, err := send(context.Background(), http.MethodGet, link, token, nil)
	return err
}

func send(ctx context.Context, method, link, token string, body []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, link, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", token)
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: status %d: %s", method, link, response.StatusCode, raw)
	}
	return raw, err
}

// memoryKB is what a process has of the machine's memory: shared pages count by
// the share (PSS), so that many processes of one binary aren't counted unfairly.
func (p *process) memoryKB() (int, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", p.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(content)) {
		if value, ok := strings.CutPrefix(line, "Pss:"); ok {
			return strconv.Atoi(strings.Fields(value)[0])
		}
	}
	return 0, errors.New("no Pss in smaps_rollup")
}

func (p *process) files() (int, error) {
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.Process.Pid))
	return len(entries), err
}

// cpu is what a running process has used, user and system.
func (p *process) cpu() (time.Duration, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.Process.Pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(content[bytes.LastIndexByte(content, ')')+1:]))
	var ticks int
	for _, field := range fields[11:13] {
		n, err := strconv.Atoi(field)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond, nil // USER_HZ is 100 on Linux
}

// usedCPU is what a process that has ended has used.
func (p *process) usedCPU() time.Duration {
	return p.ProcessState.UserTime() + p.ProcessState.SystemTime()
}
