package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// maxRequest bounds a request: the names of ten thousand databases.
const maxRequest = 1 << 20

// endWithin is how long a command may take to accept why its operation ended.
const endWithin = time.Second

// Items is an operation that answers with items. An error of emit means that
// nobody listens any more.
type Items func(ctx context.Context, request json.RawMessage, emit func(item any) error) error

// Bytes is an operation that answers with bytes.
type Bytes func(ctx context.Context, request json.RawMessage, to io.Writer) error

// Server answers on the socket of a data directory, whose lock its process holds.
type Server struct {
	dir    string
	mux    *http.ServeMux
	logger *slog.Logger

	mu     sync.Mutex
	server *http.Server
	end    context.CancelFunc
	done   chan struct{}
}

// NewServer returns a server without operations.
func NewServer(dir string, logger *slog.Logger) *Server {
	return &Server{dir: dir, mux: http.NewServeMux(), logger: logger}
}

// Items adds an operation. Call it before Start.
func (s *Server) Items(name string, run Items) {
	s.handle(name, func(w http.ResponseWriter, r *http.Request, request json.RawMessage) {
		flush := http.NewResponseController(w).Flush
		lines := json.NewEncoder(w)
		emit := func(item any) error {
			raw, err := json.Marshal(item)
			if err != nil {
				return err
			}
			return errors.Join(lines.Encode(line{Item: raw}), flush())
		}
		last := line{Done: true}
		if err := run(r.Context(), request, emit); err != nil {
			last = line{Error: err.Error()}
		}
		_ = lines.Encode(last) // who has hung up misses nothing
	})
}

// Bytes adds an operation. Call it before Start.
func (s *Server) Bytes(name string, run Bytes) {
	s.handle(name, func(w http.ResponseWriter, r *http.Request, request json.RawMessage) {
		body := &begun{Writer: w}
		err := run(r.Context(), request, body)
		if err == nil {
			return
		}
		if body.any {
			s.logger.Error("control: "+name, "error", err)
			panic(http.ErrAbortHandler) // ends the connection: the answer must not look whole
		}
		refuse(w, err)
	})
}

func (s *Server) handle(name string, answer func(http.ResponseWriter, *http.Request, json.RawMessage)) {
	s.mux.HandleFunc("POST /"+name, func(w http.ResponseWriter, r *http.Request) {
		// A command that is suspended takes nothing: it must not hold up a stop.
		stop := context.AfterFunc(r.Context(), func() {
			_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(endWithin)) // fails for one that has hung up
		})
		defer stop()
		request, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
		if err != nil {
			refuse(w, err)
			return
		}
		answer(w, r, request)
	})
}

func refuse(w http.ResponseWriter, err error) {
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(line{Error: err.Error()}) // who has hung up misses nothing
}

// begun knows whether anything was written.
type begun struct {
	io.Writer
	any bool
}

func (b *begun) Write(p []byte) (int, error) {
	b.any = true
	return b.Writer.Write(p)
}

// Start listens.
func (s *Server) Start() error {
	dir, err := os.Open(s.dir)
	if err != nil {
		return fmt.Errorf("listen for commands: %w", err)
	}
	defer dir.Close()
	path := socketPath(dir)
	// What a killed process left: the lock says that nobody listens on it.
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("listen for commands: %w", err)
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return fmt.Errorf("listen for commands: %w", err)
	}
	listener.(*net.UnixListener).SetUnlinkOnClose(false) // its path may be gone by then; see Stop
	if err := os.Chmod(path, 0o600); err != nil {
		return errors.Join(fmt.Errorf("listen for commands: %w", err), listener.Close())
	}

	running, end := context.WithCancel(context.Background())
	s.mu.Lock()
	defer s.mu.Unlock()
	s.server = &http.Server{Handler: s.mux, BaseContext: func(net.Listener) context.Context { return running }}
	s.end, s.done = end, make(chan struct{})
	go func(server *http.Server, done chan struct{}) {
		defer close(done)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.logger.Error("listen for commands", "error", err)
		}
	}(s.server, s.done)
	return nil
}

// Stop ends the operations under way and waits for them until ctx ends. It may be
// called more than once and without Start.
func (s *Server) Stop(ctx context.Context) error {
	s.mu.Lock()
	server, end, done := s.server, s.end, s.done
	s.server = nil
	s.mu.Unlock()
	if server == nil {
		return nil
	}
	end()
	err := server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(fmt.Errorf("end commands: %w", err), server.Close())
	}
	<-done
	dir, openErr := os.Open(s.dir)
	if openErr != nil {
		return errors.Join(err, openErr)
	}
	defer dir.Close()
	if removeErr := os.Remove(socketPath(dir)); removeErr != nil && !errors.Is(removeErr, os.ErrNotExist) {
		err = errors.Join(err, removeErr)
	}
	return err
}
