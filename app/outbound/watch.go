package outbound

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

const (
	minRate      = 32 << 10 // bytes per second below which a storage service is as good as broken
	socketBuffer = 256 << 10
)

// ErrStalled is the error of a request that Watch has ended.
var ErrStalled = errors.New("service sent or accepted too little for too long")

var errBodyInUse = errors.New("request has ended")

// BulkTransport returns a transport for large bodies.
func (n Network) BulkTransport() *http.Transport {
	transport := n.Transport()
	// A connection of its own for each request is faster for large bodies than the flow control of HTTP/2.
	transport.ForceAttemptHTTP2 = false
	transport.Protocols = new(http.Protocols)
	transport.Protocols.SetHTTP1(true)
	transport.DisableCompression = true
	transport.ReadBufferSize, transport.WriteBufferSize = socketBuffer, socketBuffer
	return transport
}

// Watch returns a transport that ends requests that stall, whoever sends them and with whatever context, with ErrStalled.
// A request without progress fails after the idle timeout, and one with little progress when it falls below 32 KB/s. Time
// that the reader of a response spends on something else doesn't count. Once a request has failed or been answered, its body
// isn't read any more, so that its buffer may be reused: net/http alone doesn't promise that.
func Watch(base http.RoundTripper, idle time.Duration) http.RoundTripper {
	return &watchedTransport{base: base, idle: idle}
}

type watchedTransport struct {
	base http.RoundTripper
	idle time.Duration
}

// RoundTrip implements http.RoundTripper.
func (t *watchedTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	stall := func() { cancel(ErrStalled) }
	watch := &watch{idle: t.idle, timer: time.AfterFunc(t.idle, stall)}
	total := time.AfterFunc(2*t.idle+time.Duration(max(req.ContentLength, 0)/minRate)*time.Second, stall)
	defer total.Stop()

	sent := req.Clone(ctx)
	var body *requestBody
	if req.Body != nil && req.Body != http.NoBody {
		body = &requestBody{body: req.Body, watch: watch}
		sent.Body, sent.GetBody = body, nil // the transport must not read the body in another way
	}
	res, err := t.base.RoundTrip(sent)
	body.detach()
	watch.timer.Stop()
	if err != nil {
		err = watch.explain(ctx, err)
		cancel(nil)
		return nil, err
	}
	res.Body = &responseBody{body: res.Body, watch: watch, ctx: ctx, cancel: cancel}
	return res, nil
}

// CloseIdleConnections implements the interface that http.Client.CloseIdleConnections uses.
func (t *watchedTransport) CloseIdleConnections() {
	if base, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		base.CloseIdleConnections()
	}
}

// watch observes the progress of one request.
type watch struct {
	idle  time.Duration
	timer *time.Timer // ends the request

	waited time.Duration // for the response body
	read   int64         // bytes of it
}

// explain replaces the error of a request that was ended because it stalled.
func (w *watch) explain(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), ErrStalled) {
		return ErrStalled
	}
	return err
}

// requestBody counts every read as progress: the transport reads when the service accepts bytes.
type requestBody struct {
	watch *watch

	mu       sync.Mutex
	body     io.ReadCloser
	detached bool
}

func (b *requestBody) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.detached {
		return 0, errBodyInUse
	}
	b.watch.timer.Reset(b.watch.idle)
	return b.body.Read(p)
}

func (b *requestBody) Close() error { return b.body.Close() }

// detach makes further reads fail. It waits for one that is under way.
func (b *requestBody) detach() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.detached = true
}

// responseBody limits the time that each read, and all of them together, may wait.
type responseBody struct {
	body   io.ReadCloser
	watch  *watch
	ctx    context.Context
	cancel context.CancelCauseFunc
}

func (b *responseBody) Read(p []byte) (int, error) {
	w := b.watch
	w.timer.Reset(w.idle)
	asked := time.Now()
	n, err := b.body.Read(p)
	w.timer.Stop()
	w.waited += time.Since(asked)
	w.read += int64(n)
	if err == nil && w.waited > 2*w.idle+time.Duration(w.read/minRate)*time.Second {
		b.cancel(ErrStalled)
		err = ErrStalled
	}
	if err != nil && err != io.EOF {
		err = w.explain(b.ctx, err)
	}
	return n, err
}

func (b *responseBody) Close() error {
	b.watch.timer.Stop()
	defer b.cancel(nil)
	return b.body.Close()
}
