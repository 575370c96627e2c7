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
	"strconv"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
)

const (
	// maxRequest is the maximum size of a request in bytes, enough for the names of ten thousand
	// databases.
	maxRequest = 1 << 20

	// abortTimeout is how long a client may take to receive the end of a response after Stop.
	abortTimeout = time.Second
)

// StreamFunc is an operation that responds with items. An error from emit means that the client has
// disconnected.
type StreamFunc func(ctx context.Context, request json.RawMessage, emit func(item any) error) error

// DownloadFunc is an operation that responds with bytes.
type DownloadFunc func(ctx context.Context, request json.RawMessage, w io.Writer) error

// Server serves operations on the socket of a data directory. Its process must hold the lock of
// that directory.
type Server struct {
	dir    string
	mux    *http.ServeMux
	logger *slog.Logger

	mu     sync.Mutex
	server *http.Server // nil before Start and after Stop
	group  background.Group
}

// NewServer returns a server without operations.
func NewServer(dir string, logger *slog.Logger) *Server {
	return &Server{dir: dir, mux: http.NewServeMux(), logger: logger}
}

// HandleStream adds an operation that responds with items. Call it before Start.
func (s *Server) HandleStream(name string, run StreamFunc) {
	s.handle(name, func(w http.ResponseWriter, r *http.Request, request json.RawMessage) {
		lines := &lineWriter{encoder: json.NewEncoder(w), flush: http.NewResponseController(w).Flush}
		ctx := r.Context()
		if r.Header.Get(wantsProgress) != "" {
			ctx = progress.With(ctx, func(p progress.Progress) {
				_ = lines.write(line{Progress: &p}) // fails only if the client has disconnected
			})
		}
		emit := func(item any) error {
			raw, err := json.Marshal(item)
			if err != nil {
				return err
			}
			return lines.write(line{Item: raw})
		}
		last := line{Done: true}
		if err := run(ctx, request, emit); err != nil {
			last = line{Error: err.Error()}
		}
		_ = lines.write(last) // fails only if the client has disconnected
	})
}

// lineWriter writes the lines of a stream. Items and progress may come from different goroutines.
type lineWriter struct {
	mu      sync.Mutex
	encoder *json.Encoder
	flush   func() error
}

func (l *lineWriter) write(next line) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return errors.Join(l.encoder.Encode(next), l.flush())
}

// HandleDownload adds an operation that responds with bytes. If it reports progress with a total in bytes before it
// writes, this is the approximate size of the response. Call it before Start.
func (s *Server) HandleDownload(name string, run DownloadFunc) {
	s.handle(name, func(w http.ResponseWriter, r *http.Request, request json.RawMessage) {
		body := &trackedWriter{ResponseWriter: w}
		ctx := progress.With(r.Context(), body.setTotal)
		err := run(ctx, request, body)
		if err == nil {
			return
		}
		if body.written {
			if r.Context().Err() == nil { // else the client has disconnected, or Stop was called
				s.logger.ErrorContext(ctx, "control operation failed", "operation", name, "error", err)
			}
			panic(http.ErrAbortHandler) // closes the connection, so that a partial response doesn't look complete
		}
		respondError(w, err)
	})
}

func (s *Server) handle(name string, respond func(http.ResponseWriter, *http.Request, json.RawMessage)) {
	s.mux.HandleFunc("POST /"+name, func(w http.ResponseWriter, r *http.Request) {
		// A suspended client must not delay Stop by reading nothing.
		stop := context.AfterFunc(r.Context(), func() {
			_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(abortTimeout)) // fails only if the client has disconnected
		})
		defer stop()
		request, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
		if err != nil {
			respondError(w, fmt.Errorf("read request: %w", err))
			return
		}
		respond(w, r, request)
	})
}

func respondError(w http.ResponseWriter, err error) {
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(line{Error: err.Error()}) // fails only if the client has disconnected
}

// trackedWriter remembers whether anything was written. The operation writes and reports its total on one goroutine.
type trackedWriter struct {
	http.ResponseWriter
	written bool
}

func (w *trackedWriter) setTotal(p progress.Progress) {
	if !w.written && p.Unit == progress.Bytes && p.Total > 0 {
		w.Header().Set(totalSize, strconv.FormatInt(p.Total, 10))
	}
}

func (w *trackedWriter) Write(p []byte) (int, error) {
	w.written = true
	return w.ResponseWriter.Write(p)
}

// Start listens on the socket and serves operations until Stop.
func (s *Server) Start() error {
	listener, err := s.listen()
	if err != nil {
		return fmt.Errorf("listen on control socket: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	server := &http.Server{Handler: s.mux}
	s.server = server
	s.group.Start(context.Background())
	return s.group.Go(func(ctx context.Context) {
		server.BaseContext = func(net.Listener) context.Context { return ctx }
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.logger.ErrorContext(ctx, "failed to serve the control socket", "error", err)
		}
	})
}

func (s *Server) listen() (net.Listener, error) {
	dir, err := os.Open(s.dir)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	path, err := socketPath(dir)
	if err != nil {
		return nil, err
	}
	// A killed process may have left its socket. The lock guarantees that no process listens on it.
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	listener.(*net.UnixListener).SetUnlinkOnClose(false) // path may be invalid by then; Stop removes the socket
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return listener, nil
}

// Stop cancels running operations, waits for them until ctx ends, and removes the socket. It may be
// called more than once and without Start.
func (s *Server) Stop(ctx context.Context) error {
	s.mu.Lock()
	server := s.server
	s.server = nil
	s.mu.Unlock()
	if server == nil {
		return nil
	}
	s.group.Cancel()
	err := server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(fmt.Errorf("stop control server: %w", err), server.Close())
	}
	// Serve returns immediately now that the listener is closed.
	return errors.Join(err, s.group.Stop(context.WithoutCancel(ctx)), s.removeSocket())
}

func (s *Server) removeSocket() error {
	dir, err := os.Open(s.dir)
	if err != nil {
		return err
	}
	defer dir.Close()
	path, err := socketPath(dir)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
