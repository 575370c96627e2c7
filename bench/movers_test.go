package main_test

import (
	"context"
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
	"github.com/fathom-to-loom/fathom-to-loom/internal/natstest"
)

// oneByte is a file of one part. Only the time until a mover has it counts.
type oneByte struct{}

func (oneByte) Offer(context.Context) (dispatch.Move, error) {
	return dispatch.Move{Source: "https://files.example.com/1", Size: 1, PartSize: 1 << 20, First: 1, Parts: []string{"https://s3.example.com/1"}}, nil
}
func (oneByte) Record(context.Context, dispatch.Part) error { return nil }
func (oneByte) Progress(int64)                              {}

// BenchmarkHandOver measures the time from the offer of a move until a mover begins it, over a real nats-server.
func BenchmarkHandOver(b *testing.B) {
	server := natstest.Start(b)
	connect := func(name string) *bus.NATS {
		c, err := bus.Connect(bus.Config{URLs: []string{server.URL}, Name: name, InboxPrefix: "_INBOX_" + name, Logger: slog.New(slog.DiscardHandler)})
		require.NoError(b, err)
		b.Cleanup(c.Close)
		return c
	}
	sum := sha256.Sum256([]byte{0})
	hash := sha256.New()
	hash.Write([]byte{0})
	state, err := hash.(encoding.BinaryMarshaler).MarshalBinary()
	require.NoError(b, err)
	begun := make(chan time.Time, 1)
	mover := dispatch.NewServer(dispatch.ServerConfig{
		Bus: connect("mover"), Cluster: "bench", ID: "mover", Slots: 4,
		Move: func(ctx context.Context, _ dispatch.Move, reporter dispatch.Reporter) (string, error) {
			begun <- time.Now()
			return hex.EncodeToString(sum[:]), reporter.Part(ctx, dispatch.Part{Number: 1, ETag: `"1"`, Size: 1, Hash: state})
		},
	})
	require.NoError(b, mover.Start(context.Background()))
	defer func() { require.NoError(b, mover.Stop(context.Background())) }()
	owner := dispatch.NewOwner(dispatch.OwnerConfig{Bus: connect("home"), Cluster: "bench"})
	require.NoError(b, owner.Start(context.Background()))
	defer func() { require.NoError(b, owner.Stop(context.Background())) }()

	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		_, err := owner.Move(context.Background(), oneByte{})
		require.NoError(b, err)
		took = append(took, (<-begun).Sub(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}
