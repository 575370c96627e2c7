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
	readyWithin   = 60 * time.Second
)

// server is this binary running `serve` with throw-away settings.
type server struct {
	url           string
	adminEmail    string
	adminPassword string
	command       *exec.Cmd
	logPath       string
	exited        chan struct{} // closed when the process has ended
}

// startServer runs the server in dir and returns when it answers.
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
		return nil, fmt.Errorf("find this program: %w", err)
	}
	s := &server{
		url:        "http://127.0.0.1:" + strconv.Itoa(port),
		adminEmail: keys.AdminEmail, adminPassword: keys.AdminPassword.Reveal(),
		logPath: filepath.Join(dir, "server.log"), exited: make(chan struct{}),
	}
	log, err := os.Create(s.logPath)
	if err != nil {
		return nil, fmt.Errorf("make the server's log: %w", err)
	}
	defer log.Close() // the child has its own copy

	s.command = exec.Command(self, "serve")
	s.command.Dir = dir // no .env of the caller is read
	s.command.Stdout, s.command.Stderr = log, log
	s.command.Env = append(config.Without(os.Environ()), keys.Environ()...)
	s.command.Env = append(s.command.Env,
		"PB_GLOBAL_PORT="+strconv.Itoa(port),
		"FATHOM_API_URL="+sim.FathomURL(),
		"LOOM_URL="+sim.LoomURL(),
		"FATHOM_POLL_INTERVAL=300ms",
	)
	if err := s.start(); err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	if err := s.awaitReady(ctx); err != nil {
		stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		return nil, errors.Join(err, s.stop(stopCtx))
	}
	return s, nil
}

// start runs the process in a group of its own, so that a Ctrl-C reaches it only
// through stop.
func (s *server) start() error {
	s.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	endWithParent(s.command.SysProcAttr)
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // "parent" means this thread, which must live as long
		defer runtime.UnlockOSThread()
		err := s.command.Start()
		started <- err
		if err == nil {
			_ = s.command.Wait() // what it ended with is in its log
			close(s.exited)
		}
	}()
	return <-started
}

// freePort prefers the usual port and takes any other when it is in use.
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
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return s.failure("the server did not become ready")
		case <-s.exited:
			return s.failure("the server did not start")
		case <-tick.C:
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/api/health", nil)
			if err != nil {
				return err
			}
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				continue
			}
			if err := response.Body.Close(); err == nil && response.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
}

// stop ends the server as an operator would and waits for it.
func (s *server) stop(ctx context.Context) error {
	select {
	case <-s.exited:
		return nil
	default:
	}
	if err := s.command.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop the server: %w", err)
	}
	select {
	case <-s.exited:
		return nil
	case <-ctx.Done():
		return errors.Join(errors.New("the server did not stop in time"), s.command.Process.Kill())
	}
}

// failure says what went wrong together with the end of the server's log.
func (s *server) failure(what string) error {
	log, err := os.ReadFile(s.logPath)
	if err != nil {
		return errors.Join(errors.New(what), err)
	}
	if len(log) > 4000 {
		log = log[len(log)-4000:]
	}
	return fmt.Errorf("%s; its log ends with:\n%s", what, log)
}
