package e2e

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
	"github.com/fathom-to-loom/fathom-to-loom/app/natsconfig"
	"github.com/fathom-to-loom/fathom-to-loom/internal/natstest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// Whoever has stolen the credentials of a mover, and takes offers as one, can store another video in place of the meeting, or
// nothing, or say that Fathom or the storage has failed. The server notices, and stores the recordings itself. The same is so
// if a file host doesn't let it compare what an honest mover has stored.
func TestWhatAThiefSaysIsNotBelieved(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		move    carry
		noRange bool
		log     string
		offers  int64 // of the three recordings
	}{
		"another video": {move: storing(func(file []byte) {
			copy(file[len(file)*3/4:], make([]byte, len(file)))
		}), log: "a mover stored other bytes than Fathom's", offers: 3},
		"nothing is stored":   {move: storeNothing, log: "what a mover has stored can't be used", offers: 3},
		"it can't be checked": {move: storing(func([]byte) {}), noRange: true, log: "file host doesn't send the requested range", offers: 3},
		"not found":           {move: failing("not_found"), log: "mover ended a move early", offers: 3},
		"rate limited":        {move: failing("rate_limited"), log: "mover ended a move early", offers: 3},
		"link expired":        {move: failing(dispatch.KindLinkExpired), offers: 3},
		"upload lost":         {move: failing(dispatch.KindUploadLost), log: "mover ended a move early", offers: 3},
		"restart":             {move: failing(dispatch.KindRestart), offers: 6},
		"storage":             {move: failing(dispatch.KindStorage), log: "mover ended a move early", offers: 9},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := startSimulator(t, simulator.Config{Meetings: -1, NoRange: c.noRange})
			for id, size := range map[int64]int64{1: 200_000, 2: 5 << 20, 3: 40 << 20} {
				_, err := sim.AddMeeting(simulator.WithRecordingID(id), simulator.WithSize(size), simulator.ProcessingPolls(1))
				require.NoError(t, err)
			}
			bucket := s3test.Start(t, s3test.Options{})
			server := natstest.Start(t)
			in := install(t, sim, append(bucket.Settings(), "CLUSTER_URL="+server.URL)...)
			home := in.serve()
			who := in.newDemoAccount()
			var offers atomic.Int64
			startThief(t, server.URL, func(ctx context.Context, move dispatch.Move, r dispatch.Reporter) (string, error) {
				offers.Add(1)
				return c.move(ctx, move, r)
			})
			in.awaitMovers(1)

			in.enqueueTransfers(who, sim.Meetings())
			polltest.Until(t, 50*time.Millisecond, func() bool {
				return in.countJobs(who, "kind='recording.transfer' && status='completed'") == 3
			}, "the transfers don't end")
			assert.Equal(t, c.offers, offers.Load(), "a recording that was altered or refused is not offered again")
			polltest.Until(t, 50*time.Millisecond, func() bool { return len(bucket.Keys()) == 3 }, "what the thief has stored isn't removed")
			in.requireEachMoved(who, bucket, sim)
			assert.Zero(t, in.countJobs(who, "kind='recording.transfer' && attempts>1"), "it uses up no attempt")
			assert.Contains(t, home.log.String(), c.log)
		})
	}
}

// carry is what a mover does with an offer.
type carry func(context.Context, dispatch.Move, dispatch.Reporter) (string, error)

// startThief starts a mover that does something else than a mover.
func startThief(t *testing.T, url string, move carry) {
	connected, err := bus.Connect(bus.Config{URLs: []string{url}, InboxPrefix: natsconfig.MoverInbox, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	thief := dispatch.NewServer(dispatch.ServerConfig{Bus: connected, Cluster: "f2l", ID: "thief", Version: "x", Slots: 4, Move: move})
	require.NoError(t, thief.Start(t.Context()))
	t.Cleanup(func() {
		assert.NoError(t, thief.Stop(context.Background()))
		connected.Close()
	})
}

// failing says that a move has failed.
func failing(kind dispatch.Kind) carry {
	return func(context.Context, dispatch.Move, dispatch.Reporter) (string, error) {
		return "", &dispatch.Failure{Kind: kind, Status: http.StatusNotFound}
	}
}

// storing stores what alter makes of the file.
func storing(alter func(file []byte)) carry {
	return func(ctx context.Context, move dispatch.Move, r dispatch.Reporter) (string, error) {
		file, _, err := send(ctx, http.MethodGet, move.Source, nil)
		if err != nil {
			return "", err
		}
		alter(file)
		return report(ctx, move, r, file, func(address string, part []byte) (etag string, err error) {
			_, etag, err = send(ctx, http.MethodPut, address, part)
			return etag, err
		})
	}
}

// storeNothing says that it has stored the file.
func storeNothing(ctx context.Context, move dispatch.Move, r dispatch.Reporter) (string, error) {
	return report(ctx, move, r, make([]byte, move.Size), func(string, []byte) (string, error) { return "0123456789abcdef0123456789abcdef", nil })
}

// report reports the parts of a file once they are stored.
func report(
	ctx context.Context, move dispatch.Move, r dispatch.Reporter, file []byte, store func(address string, part []byte) (etag string, err error),
) (string, error) {
	hash := sha256.New()
	for i, address := range move.Parts {
		part := file[int64(i)*move.PartSize : min(int64(i+1)*move.PartSize, move.Size)]
		etag, err := store(address, part)
		if err != nil {
			return "", err
		}
		hash.Write(part)
		state, err := hash.(encoding.BinaryMarshaler).MarshalBinary()
		if err != nil {
			return "", err
		}
		if err := r.Part(ctx, dispatch.Part{Number: i + 1, ETag: etag, Size: int64(len(part)), Hash: state}); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// send sends a request without credentials.
func send(ctx context.Context, method, address string, content []byte) (body []byte, etag string, err error) {
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(content))
	if err != nil {
		return nil, "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, "", fmt.Errorf("%s: %s", method, response.Status)
	}
	body, err = io.ReadAll(response.Body)
	return body, response.Header.Get("ETag"), err
}
