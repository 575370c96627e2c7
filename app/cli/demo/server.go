package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const (
	preferredPort = 8090
	readyTimeout  = 60 * time.Second
)

// server is this binary running "serve" with temporary settings.
type server struct {
	url           string
	adminEmail    string
	adminPassword string
	command       *exec.Cmd
	logPath       string
	exited        chan struct{} // closed when the process has exited
}

// startServer runs the server in dir and returns when it accepts requests.
func startServer(ctx context.Context, dir string, sim *simulator.Server) (*server, error) {
	keys, err := config.Generate(rand.Reader)
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the path of this program: %w", err)
	}
	s := &server{
		url:        "http://127.0.0.1:" + strconv.Itoa(port),
		adminEmail: keys.AdminEmail, adminPassword: keys.AdminPassword.Reveal(),
		logPath: filepath.Join(dir, "server.log"), exited: make(chan struct{}),
	}
	log, err := os.Create(s.logPath)
	if err != nil {
		return nil, fmt.Errorf("create server log: %w", err)
	}
	defer log.Close() // the server has its own copy of the file

	s.command = exec.Command(self, "serve")
	s.command.Dir = dir // not the caller's folder, which may contain an .env file
	s.command.Stdout, s.command.Stderr = log, log
	s.command.Env = append(config.WithoutSettings(os.Environ()), keys.Environ()...)
	s.command.Env = append(s.command.Env,
		"PB_GLOBAL_PORT="+strconv.Itoa(port),
		"FATHOM_API_URL="+sim.FathomURL(),
		"LOOM_URL="+sim.LoomURL(),
		"ATLASSIAN_MCP_URL="+sim.AtlassianURL(),
		"ATLASSIAN_MCP_UPLOAD_HOSTS=127.0.0.1:*",
		"FATHOM_POLL_INTERVAL=300ms",
		"SYNC_EVERY=0", // the demo starts its syncs itself
	)
	if err := s.start(); err != nil {
		return nil, fmt.Errorf("start server: %w", err)
	}
	if err := s.awaitReady(ctx); err != nil {
		stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		return nil, errors.Join(err, s.stop(stopCtx))
	}
	return s, nil
}

// start runs the process in a process group of its own, so that Ctrl-C in the terminal doesn't reach it:
// stop ends it before the simulator.
func (s *server) start() error {
	s.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	endWithParent(s.command.SysProcAttr)
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // Pdeathsig refers to this thread, which must therefore outlive the server
		defer runtime.UnlockOSThread()
		err := s.command.Start()
		started <- err
		if err == nil {
			_ = s.command.Wait() // the server's log says why it ended
			close(s.exited)
		}
	}()
	return <-started
}

// freePort returns the default port of the server, or any free port if that one is in use.
func freePort() (int, error) {
	var errs []error
	for _, port := range []int{preferredPort, 0} {
		listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			errs = append(errs, err)
			continue
		}
		port := listener.Addr().(*net.TCPAddr).Port
		return port, listener.Close()
	}
	return 0, fmt.Errorf("find a free port: %w", errors.Join(errs...))
}

func (s *server) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return s.errorWithLog("the server did not become ready")
		case <-s.exited:
			return s.errorWithLog("the server did not start")
		case <-tick.C:
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/api/health", nil)
			if err != nil {
				return err
			}
			response, err := localClient.Do(request)
			if err != nil {
				continue
			}
			if err := response.Body.Close(); err == nil && response.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
}

// stop sends SIGTERM to the server and waits until it has exited. If ctx ends first, it kills the server and
// returns an error.
func (s *server) stop(ctx context.Context) error {
	select {
	case <-s.exited:
		return nil
	default:
	}
	if err := s.command.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop server: %w", err)
	}
	select {
	case <-s.exited:
		return nil
	case <-ctx.Done():
		return errors.Join(errors.New("the server did not stop in time"), s.command.Process.Kill())
	}
}

// errorWithLog returns an error with a message and the last 4,000 bytes of the server's log.
func (s *server) errorWithLog(message string) error {
	log, err := os.ReadFile(s.logPath)
	if err != nil {
		return errors.Join(errors.New(message), err)
	}
	if len(log) > 4000 {
		log = log[len(log)-4000:]
	}
	return fmt.Errorf("%s; its log ends with:\n%s", message, log)
}
