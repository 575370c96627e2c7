package mover_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/mover"
	"github.com/fathom-to-loom/fathom-to-loom/internal/logtest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	part   = 300_000 // bytes; larger than a buffer of a fetch, so that all boundaries differ
	secret = "topsecret"
)

// setting is a mover with a file host, a storage, and an owner's upload in it.
type setting struct {
	t      *testing.T
	file   []byte
	host   *host
	s3     *s3test.Server
	store  *blob.S3
	remote *blob.Remote
	state  blob.Upload
	mover  *mover.Mover
	log    logtest.Buffer
	owner  *owner
}

func newSetting(t *testing.T, size int, change ...func(*mover.Config)) *setting {
	s := &setting{t: t, file: content(size, 1), s3: s3test.Start(t, s3test.Options{MinPart: 1}), owner: &owner{}}
	s.host = newHost(t, s.file)
	store, err := blob.NewS3(blob.S3Config{
		Endpoint: s.s3.URL, Bucket: s.s3.Bucket, Region: s.s3.Region, AccessKey: s.s3.AccessKey, SecretKey: s.s3.SecretKey,
		PathStyle: true, PartSize: part,
	})
	require.NoError(t, err)
	t.Cleanup(store.Close)
	s.store = store
	s.state, err = store.Begin(t.Context(), blob.Target{Database: "db", Recording: "1", Source: "a", Size: int64(size)})
	require.NoError(t, err)
	s.open()
	s.mover = s.newMover(change...)
	return s
}

// open opens the owner's upload as it was saved.
func (s *setting) open() {
	s.t.Helper()
	if s.remote != nil {
		require.NoError(s.t, s.remote.Close())
	}
	var err error
	s.remote, err = s.store.Remote(s.t.Context(), s.state, int64(len(s.file)), func(upload blob.Upload) error {
		s.state = upload
		return nil
	})
	require.NoError(s.t, err)
	s.owner.remote = s.remote
}

func (s *setting) newMover(change ...func(*mover.Config)) *mover.Mover {
	logger := slog.New(slog.NewTextHandler(&s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	client, err := fathom.New(fathom.Config{BaseURL: s.host.URL, Sleep: noSleep, Logger: logger})
	require.NoError(s.t, err)
	s.t.Cleanup(client.Close)
	cfg := mover.Config{Fathom: client, StorageOrigin: s.s3.URL, Logger: logger, Sleep: noSleep}
	for _, change := range change {
		change(&cfg)
	}
	m, err := mover.New(cfg)
	require.NoError(s.t, err)
	s.t.Cleanup(m.Close)
	return m
}

func noSleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// offer returns what the owner would send now, with at most limit addresses.
func (s *setting) offer(limit int) dispatch.Move {
	s.t.Helper()
	addresses, err := s.remote.Addresses(limit, time.Minute)
	require.NoError(s.t, err)
	upload := s.remote.Upload()
	return dispatch.Move{
		Source: s.host.URL + "/private-path?sig=" + secret, Size: int64(len(s.file)), ContentType: "video/mp4",
		PartSize: part, First: len(upload.Parts) + 1, Parts: addresses, Hash: upload.Hash,
	}
}

// move makes a move, and checks that nothing is left and nothing is disclosed.
func (s *setting) move(ctx context.Context, offer dispatch.Move) (string, error) {
	s.t.Helper()
	sum, err := s.mover.Move(ctx, offer, s.owner)
	assert.Zero(s.t, s.mover.Memory(), "buffers are returned")
	texts := []string{s.log.String(), fmt.Sprintf("%v %+v %#v", err, err, err)}
	if failure, ok := errors.AsType[*dispatch.Failure](err); ok {
		text, jsonErr := json.Marshal(failure)
		require.NoError(s.t, jsonErr)
		texts = append(texts, string(text))
	}
	for _, text := range texts {
		for _, hidden := range []string{secret, "private-path", "X-Amz-", "uploadId", "://", s.state.ID, s.s3.SecretKey} {
			assert.NotContains(s.t, text, hidden)
		}
	}
	return sum, err
}

// expectFailure makes a move that fails.
func (s *setting) expectFailure(kind dispatch.Kind, offer dispatch.Move) *dispatch.Failure {
	s.t.Helper()
	_, err := s.move(s.t.Context(), offer)
	var failure *dispatch.Failure
	require.ErrorAs(s.t, err, &failure)
	require.Equal(s.t, kind, failure.Kind, failure.Detail)
	return failure
}

// expectFile moves the rest of the file and publishes it.
func (s *setting) expectFile() {
	s.t.Helper()
	sum, err := s.move(s.t.Context(), s.offer(dispatch.MaxParts))
	require.NoError(s.t, err)
	digest := sha256.Sum256(s.file)
	assert.Equal(s.t, hex.EncodeToString(digest[:]), sum)
	upload, err := s.remote.Finish(sum)
	require.NoError(s.t, err)
	require.NoError(s.t, s.remote.Close())
	require.NoError(s.t, s.store.Complete(s.t.Context(), upload))
	keys := s.s3.Keys()
	require.Len(s.t, keys, 1)
	assert.True(s.t, bytes.Equal(s.file, s.s3.Content(s.t, keys[0])))
}

// owner is a mover.Reporter that records parts.
type owner struct {
	remote *blob.Remote
	onPart func(dispatch.Part) error // before a part is recorded

	mu   sync.Mutex
	done int64
}

func (o *owner) Part(_ context.Context, p dispatch.Part) error {
	if o.onPart != nil {
		if err := o.onPart(p); err != nil {
			return err
		}
	}
	return o.remote.Record(p.Number, p.ETag, p.Size, p.Hash)
}

func (o *owner) Progress(done int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.done = done
}

// host is Fathom's file host. It serves a file, or whatever its steps do with the next requests.
type host struct {
	*httptest.Server
	mu     sync.Mutex
	steps  []http.HandlerFunc
	ranges []string
}

func newHost(t *testing.T, file []byte) *host {
	h := &host{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		h.ranges = append(h.ranges, r.Header.Get("Range"))
		serve := serveFile(file)
		if len(h.steps) > 0 {
			serve = h.steps[0]
			h.steps = h.steps[1:]
		}
		h.mu.Unlock()
		serve(w, r)
	}))
	t.Cleanup(h.Close)
	return h
}

// next makes the host serve the next requests differently.
func (h *host) next(steps ...http.HandlerFunc) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.steps = steps
}

func serveFile(file []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "video/mp4")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(file))
	}
}

// serveThen serves the beginning of a file, and then calls end.
func serveThen(file []byte, bytes int, end func(*http.Request)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(file)))
		_, _ = w.Write(file[:bytes])
		w.(http.Flusher).Flush()
		end(r)
		panic(http.ErrAbortHandler)
	}
}

func status(code int, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
	}
}

// content returns reproducible bytes that no part repeats.
func content(size int, seed byte) []byte {
	bytes := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{seed}).Read(bytes) // never fails
	return bytes
}
