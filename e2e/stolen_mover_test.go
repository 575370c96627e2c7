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

// Whoever has stolen the credentials of a mover, and takes an offer as one, can store another video in place of the meeting.
// The server notices, and stores the recording itself.
func TestWhatAThiefStoresIsNotTheRecording(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{Meetings: -1})
	for id, size := range map[int64]int64{1: 90_000, 2: 5 << 20, 3: 40 << 20} {
		_, err := sim.AddMeeting(simulator.WithRecordingID(id), simulator.WithSize(size), simulator.ProcessingPolls(1))
		require.NoError(t, err)
	}
	bucket := s3test.Start(t, s3test.Options{})
	server := natstest.Start(t)
	in := install(t, sim, append(bucket.Settings(), "CLUSTER_URL="+server.URL)...)
	home := in.serve()
	who := in.newDemoAccount()
	taken := make(chan string, 10)
	startThief(t, server.URL, func(move dispatch.Move, file []byte) {
		taken <- move.Source
		copy(file[len(file)*3/4:], make([]byte, len(file))) // the last quarter is another video
	})
	in.awaitMovers(1)

	in.enqueueTransfers(who, sim.Meetings())
	polltest.Until(t, 50*time.Millisecond, func() bool {
		return in.countJobs(who, "kind='recording.transfer' && status='completed'") == 3
	}, "the transfers don't end")
	assert.Len(t, taken, 3, "a recording that was altered is not offered again")
	polltest.Until(t, 50*time.Millisecond, func() bool { return len(bucket.Keys()) == 3 }, "what the thief has stored isn't removed")
	in.requireEachMoved(who, bucket, sim)
	assert.Zero(t, in.countJobs(who, "kind='recording.transfer' && attempts>1"), "it uses up no attempt")
	assert.Contains(t, home.log.String(), "a mover stored other bytes than Fathom's")
}

// startThief starts a mover that stores what alter has made of the files.
func startThief(t *testing.T, url string, alter func(move dispatch.Move, file []byte)) {
	connected, err := bus.Connect(bus.Config{URLs: []string{url}, InboxPrefix: natsconfig.MoverInbox, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	thief := dispatch.NewServer(dispatch.ServerConfig{
		Bus: connected, Cluster: "f2l", ID: "thief", Version: "x", Slots: 4,
		Move: func(ctx context.Context, move dispatch.Move, r dispatch.Reporter) (string, error) {
			file, _, err := send(ctx, http.MethodGet, move.Source, nil)
			if err != nil {
				return "", err
			}
			alter(move, file)
			hash := sha256.New()
			for i, address := range move.Parts {
				part := file[int64(i)*move.PartSize : min(int64(i+1)*move.PartSize, move.Size)]
				_, etag, err := send(ctx, http.MethodPut, address, part)
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
		},
	})
	require.NoError(t, thief.Start(t.Context()))
	t.Cleanup(func() {
		assert.NoError(t, thief.Stop(context.Background()))
		connected.Close()
	})
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
