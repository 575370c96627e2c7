// Package mover moves a recording from Fathom's file host to the storage, for an owner that may be on another machine. It
// has no keys: the owner gives it the address of the file, and one for each part to store.
//
// Both come over a network, so both are guarded: the file must be where fathom.Client allows files, and the parts at the
// storage that Config names or, without a name, on the Internet. No address is ever part of an error or of the log.
//
// A Mover is safe for concurrent use. A move takes two parts of memory. The package must not know databases, keys or how
// offers arrive.
package mover

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/app/parts"
)

const (
	defaultIdleTimeout = time.Minute
	usualPartSize      = 16 << 20  // bytes; buffers of this size are kept for further moves
	maxPartSize        = 128 << 20 // bytes; it is half the memory of a move, so an offer mustn't demand more
	maxPartNumber      = 10_000    // of S3
)

// Config configures a Mover. Only Fathom is required.
type Config struct {
	// Fathom fetches the files. It needs no API key.
	Fathom *fathom.Client

	// StorageOrigin is the URL of the storage, without keys: parts may be stored below its host only, which may be on a
	// private network. If it is blank, they may be stored anywhere on the Internet, over https.
	StorageOrigin string

	// Network is how the storage is reached.
	Network outbound.Network

	// StorageIdleTimeout is how long the storage may accept and send nothing. 0 means one minute.
	StorageIdleTimeout time.Duration

	// Logger receives retries at debug level, and refused addresses. The default discards them.
	Logger *slog.Logger

	// Sleep replaces the clock in tests.
	Sleep func(ctx context.Context, d time.Duration) error
}

// Reporter tells the owner how a move goes on.
type Reporter interface {
	// Part is called with the stored parts in order. Its error, for instance dispatch.ErrStopped, ends the move.
	Part(ctx context.Context, part dispatch.Part) error

	// Progress is called often, with the number of bytes of the file that have arrived. It must return immediately.
	Progress(done int64)
}

// Mover moves files. Create it with New and release it with Close.
type Mover struct {
	fathom  *fathom.Client
	storage *http.Client
	guard   *storageGuard
	buffers *parts.Buffers
	logger  *slog.Logger
	sleep   func(ctx context.Context, d time.Duration) error
}

// New returns a Mover. It sends nothing.
func New(cfg Config) (*Mover, error) {
	if cfg.Fathom == nil {
		return nil, errors.New("create mover: no Fathom client")
	}
	guard, err := newStorageGuard(cfg.Network, cfg.StorageOrigin)
	if err != nil {
		return nil, err
	}
	m := &Mover{
		fathom: cfg.Fathom, guard: guard, buffers: parts.NewBuffers(usualPartSize), logger: cfg.Logger, sleep: cfg.Sleep,
	}
	idle := cfg.StorageIdleTimeout
	if idle <= 0 {
		idle = defaultIdleTimeout
	}
	m.storage = &http.Client{
		Transport:     outbound.Watch(guard.transport(cfg.Network.BulkTransport()), idle),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	if m.logger == nil {
		m.logger = slog.New(slog.DiscardHandler)
	}
	if m.sleep == nil {
		m.sleep = outbound.Sleep
	}
	return m, nil
}

// Close closes idle connections to the storage. The Mover remains usable.
func (m *Mover) Close() { m.storage.CloseIdleConnections() }

// Memory returns how many bytes the buffers of all moves take at the moment.
func (m *Mover) Memory() int64 { return m.buffers.Used() }

// Move fetches a file and stores the parts of it that an offer names. It returns the SHA-256 of the whole file, in hex,
// once its last part is stored. The error is a *dispatch.Failure, that of the Reporter, or the cause of the end of ctx.
func (m *Mover) Move(ctx context.Context, offer dispatch.Move, reporter Reporter) (sha256 string, err error) {
	hash, err := m.check(ctx, offer)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	d := newDestination(ctx, cancel, m, offer, hash, reporter)
	defer d.close()
	file := fathom.File{
		URL: fathom.NewSecretURL(offer.Source), ContentType: offer.ContentType, Size: offer.Size, ExpiresAt: offer.Expires,
	}
	_, err = m.fathom.Fetch(ctx, file, d, func(done, _ int64) { reporter.Progress(done) })
	if err == nil {
		err = d.flush()
	} else if ctx.Err() == nil {
		_ = d.wait() // a part on the way needn't be stored twice; the error of the fetch is the interesting one
	}
	if cause := context.Cause(ctx); cause != nil {
		return "", cause
	}
	if err != nil {
		return "", fetchFailure(err)
	}
	return d.sum(), nil
}
