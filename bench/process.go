package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testport"
)

// process is a server in a process of its own.
type process struct {
	*exec.Cmd
	url   string
	ports *testport.Block // nil if it listens on none
}

// startServer starts our server on a folder and waits until it is ready.
func startServer(dir string, keys config.Generated, settings ...string) (*process, error) {
	ports, err := testport.Reserve(1)
	if err != nil {
		return nil, err
	}
	p := &process{Cmd: exec.Command(os.Args[0], "serve"), url: "http://" + ports.Address(), ports: ports}
	p.Dir = dir
	p.Env = append(os.Environ(), serverVariable+"=1", fmt.Sprintf("PB_GLOBAL_PORT=%d", ports.First))
	p.Env = append(append(p.Env, keys.Environ()...), settings...)
	p.Stderr = os.Stderr
	if err := p.Start(); err != nil {
		return nil, err
	}
	return p, p.waitUntilReady("/api/health", "")
}

// run runs one of the program's commands with the settings of a server of ours, and returns what it prints.
func (p *process) run(ctx context.Context, args ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, os.Args[0], args...)
	command.Dir, command.Env = p.Dir, p.Env
	out, err := command.Output()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		err = fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, exit.Stderr)
	}
	return out, err
}

// waitUntilReady repeats a request until the process listens, for up to 30 s, and returns its error.
func (p *process) waitUntilReady(path, token string) error {
	deadline := time.Now().Add(30 * time.Second)
	for {
		err := get(p.url+path, token)
		if !errors.Is(err, syscall.ECONNREFUSED) || time.Now().After(deadline) {
			return err
		}
		time.Sleep(200 * time.Microsecond)
	}
}

// end stops the process with SIGTERM. It does nothing if the process was never started or has ended.
func (p *process) end() error {
	if p == nil || p.ProcessState != nil {
		return nil
	}
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	err := p.Wait()
	if p.ports != nil {
		err = errors.Join(err, p.ports.Release())
	}
	return err
}

// usage returns the memory in kB, as memoryKB does, and the number of open files.
func (p *process) usage() (memory, files int, err error) {
	if memory, err = p.memoryKB(); err != nil {
		return 0, 0, err
	}
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.Process.Pid))
	return memory, len(entries), err
}

// memoryKB returns the proportional set size (PSS) of the process. It divides shared pages among the
// processes that share them, so that many processes of one binary aren't charged for it several times.
func (p *process) memoryKB() (int, error) { return p.readKB("smaps_rollup", "Pss:") }

// resetPeakMemory makes peakMemoryKB forget what the process needed before.
func (p *process) resetPeakMemory() error {
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.Process.Pid), []byte("5"), 0)
}

// peakMemoryKB returns the most memory that the process has had at a time, including the pages of its binary.
func (p *process) peakMemoryKB() (int, error) { return p.readKB("status", "VmHWM:") }

// readKB returns the number behind a label in one of the process's files in /proc.
func (p *process) readKB(file, label string) (int, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", p.Process.Pid, file))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(content)) {
		if value, ok := strings.CutPrefix(line, label); ok {
			return strconv.Atoi(strings.Fields(value)[0])
		}
	}
	return 0, fmt.Errorf("read memory usage: %s has no line %q", file, label)
}

// cpuTime returns the user and system time of a running process.
func (p *process) cpuTime() (time.Duration, error) {
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

// totalCPUTime returns the user and system time of a process that has ended.
func (p *process) totalCPUTime() time.Duration {
	return p.ProcessState.UserTime() + p.ProcessState.SystemTime()
}
