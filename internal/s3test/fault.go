package s3test

import (
	"net/http"
	"time"
)

// fault is what happens to the next requests of a kind.
type fault struct {
	kind  Kind
	count int // of requests; negative: all
	serve func(s *Server, w http.ResponseWriter, r *http.Request)
}

// Always is a count of requests that never ends. ClearFaults ends it.
const Always = -1

func (s *Server) addFault(kind Kind, count int, serve func(*Server, http.ResponseWriter, *http.Request)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &fault{kind: kind, count: count, serve: serve})
}

func (s *Server) takeFault(kind Kind) *fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, fault := range s.faults {
		if fault.kind == kind && fault.count != 0 {
			if fault.count > 0 {
				fault.count--
			}
			return fault
		}
	}
	return nil
}

// ClearFaults makes all further requests succeed.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// Fail answers the next requests of a kind with an error, without processing them.
func (s *Server) Fail(kind Kind, count, status int, code string) {
	s.addFault(kind, count, func(_ *Server, w http.ResponseWriter, r *http.Request) {
		refuse(w, r, &refusal{status: status, code: code, message: code})
	})
}

// Disconnect cuts the connection of the next requests of a kind, without processing them.
func (s *Server) Disconnect(kind Kind, count int) {
	s.addFault(kind, count, func(*Server, http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
}

// Lose processes the next requests of a kind, and then cuts the connection instead of answering.
func (s *Server) Lose(kind Kind, count int) { s.After(kind, count, func() {}) }

// After processes the next requests of a kind, calls a function, and then cuts the connection instead of answering.
func (s *Server) After(kind Kind, count int, call func()) {
	s.addFault(kind, count, func(s *Server, _ http.ResponseWriter, r *http.Request) {
		s.handler.ServeHTTP(&lostWriter{header: http.Header{}}, r)
		call()
		panic(http.ErrAbortHandler)
	})
}

// Stall accepts the next requests of a kind and neither reads nor answers them until Close.
func (s *Server) Stall(kind Kind, count int) {
	s.addFault(kind, count, func(s *Server, _ http.ResponseWriter, r *http.Request) {
		select {
		case <-s.done:
		case <-r.Context().Done():
		}
		panic(http.ErrAbortHandler)
	})
}

// Before calls a function before the next requests of a kind are processed.
func (s *Server) Before(kind Kind, count int, call func()) {
	s.addFault(kind, count, func(s *Server, w http.ResponseWriter, r *http.Request) {
		call()
		s.handler.ServeHTTP(w, r)
	})
}

// Cut cuts the connection of the next requests of a kind after some bytes of the response's body.
func (s *Server) Cut(kind Kind, count, bytes int) {
	s.addFault(kind, count, func(s *Server, w http.ResponseWriter, r *http.Request) {
		s.handler.ServeHTTP(&endingWriter{ResponseWriter: w, left: bytes, end: func() { panic(http.ErrAbortHandler) }}, r)
	})
}

// Freeze stops sending after some bytes of the response's body, for the next requests of a kind.
func (s *Server) Freeze(kind Kind, count, bytes int) {
	s.addFault(kind, count, func(s *Server, w http.ResponseWriter, r *http.Request) {
		s.handler.ServeHTTP(&endingWriter{ResponseWriter: w, left: bytes, end: func() {
			select {
			case <-s.done:
			case <-r.Context().Done():
			}
			panic(http.ErrAbortHandler)
		}}, r)
	})
}

// Trickle sends one byte at a time of the response's body, for the next requests of a kind.
func (s *Server) Trickle(kind Kind, count int, interval time.Duration) {
	s.addFault(kind, count, func(s *Server, w http.ResponseWriter, r *http.Request) {
		tick := time.NewTicker(interval)
		defer tick.Stop()
		s.handler.ServeHTTP(&tricklingWriter{ResponseWriter: w, wait: func() {
			select {
			case <-tick.C:
			case <-s.done:
				panic(http.ErrAbortHandler)
			case <-r.Context().Done():
				panic(http.ErrAbortHandler)
			}
		}}, r)
	})
}

// tricklingWriter waits before each byte of the body.
type tricklingWriter struct {
	http.ResponseWriter
	wait func()
}

func (w *tricklingWriter) Write(p []byte) (int, error) {
	for i := range p {
		w.wait()
		if _, err := w.ResponseWriter.Write(p[i : i+1]); err != nil {
			return i, err
		}
		_ = http.NewResponseController(w.ResponseWriter).Flush() // fails only if the client is gone
	}
	return len(p), nil
}

// endingWriter calls end when the body has had a number of bytes.
type endingWriter struct {
	http.ResponseWriter
	left int
	end  func()
}

func (w *endingWriter) Write(p []byte) (int, error) {
	n := min(len(p), w.left)
	written, err := w.ResponseWriter.Write(p[:n])
	w.left -= written
	if n < len(p) {
		_ = http.NewResponseController(w.ResponseWriter).Flush() // fails only if the client is gone
		w.end()
	}
	return written, err
}

// lostWriter discards a response.
type lostWriter struct{ header http.Header }

func (w *lostWriter) Header() http.Header         { return w.header }
func (w *lostWriter) Write(p []byte) (int, error) { return len(p), nil }
func (w *lostWriter) WriteHeader(int)             {}
