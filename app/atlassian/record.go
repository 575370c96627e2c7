package atlassian

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

// record is what happened to the last HTTP request of a call. The MCP library may send requests in goroutines that
// outlive the call.
type record struct {
	mu sync.Mutex
	recordedState
}

type recordedState struct {
	secrets    []string // that errors must not repeat
	sent       bool     // the server may have received the request
	status     int
	isStream   bool          // the answer is an event stream
	retryAfter time.Duration // of a refusal
	challenge  string        // the error in WWW-Authenticate
	text       string        // of a refusal
	network    error         // of the request or while reading its answer
	credential error         // of the Credential
	exceeded   error         // the limit that the answer exceeds
}

func (x *record) update(change func(*recordedState)) {
	x.mu.Lock()
	defer x.mu.Unlock()
	change(&x.recordedState)
}

func (x *record) state() recordedState {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.recordedState
}

// start forgets the previous request, except for its secrets.
func (x *record) start(header string) {
	x.update(func(s *recordedState) { *s = recordedState{secrets: append(s.secrets, secretsOf(header)...)} })
}

func (x *record) markSent() { x.update(func(s *recordedState) { s.sent = true }) }

func (x *record) failCredential(err error) {
	x.update(func(s *recordedState) { s.credential = err })
}

func (x *record) failNetwork(err error) { x.update(func(s *recordedState) { s.network = err }) }

func (x *record) answer(res *http.Response) {
	mediaType, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	x.update(func(s *recordedState) {
		s.status, s.isStream, s.sent = res.StatusCode, mediaType == "text/event-stream", true
	})
}

func (x *record) refuse(res *http.Response, text string, now time.Time) {
	wait, _ := outbound.RetryAfter(res.Header, now)
	x.update(func(s *recordedState) {
		s.text, s.retryAfter, s.challenge = text, wait, strings.Join(res.Header.Values("WWW-Authenticate"), ", ")
	})
}

// answerBody is the body of a response, limited to maxAnswer bytes and maxValues JSON values.
type answerBody struct {
	source io.ReadCloser
	record *record
	done   func()
	once   sync.Once

	read     int64
	values   valueCounter
	exceeded error
}

// Read implements io.Reader. It returns no bytes beyond a limit.
func (b *answerBody) Read(p []byte) (int, error) {
	if b.exceeded != nil {
		return 0, b.exceeded
	}
	n, err := b.source.Read(p)
	b.read += int64(n)
	if b.read > maxAnswer {
		b.exceeded = fmt.Errorf("answer is larger than %d bytes", maxAnswer)
	} else {
		b.exceeded = b.values.add(p[:n])
	}
	switch {
	case b.exceeded != nil:
		b.record.update(func(s *recordedState) { s.exceeded = b.exceeded })
		return 0, b.exceeded
	case err != nil && err != io.EOF:
		b.record.failNetwork(err)
	}
	return n, err
}

// Close implements io.Closer.
func (b *answerBody) Close() error {
	err := b.source.Close()
	b.once.Do(b.done)
	return err
}
