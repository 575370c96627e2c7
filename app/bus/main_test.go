package bus_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
	"github.com/fathom-to-loom/fathom-to-loom/internal/logtest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
)

const interval = 10 * time.Millisecond // between checks

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// connect returns a connection that is closed with the test, and its log.
func connect(t *testing.T, cfg bus.Config) (*bus.NATS, *logtest.Buffer) {
	t.Helper()
	log := &logtest.Buffer{}
	cfg.Logger = slog.New(slog.NewTextHandler(log, nil))
	conn, err := bus.Connect(cfg)
	require.NoError(t, err)
	t.Cleanup(conn.Close)
	return conn, log
}

// connected is connect to servers that run.
func connected(t *testing.T, urls ...string) *bus.NATS {
	t.Helper()
	conn, _ := connect(t, bus.Config{URLs: urls, Name: t.Name()})
	waitUntilConnected(t, conn, true)
	return conn
}

func waitUntilConnected(t *testing.T, conn *bus.NATS, want bool) {
	t.Helper()
	polltest.Until(t, interval, func() bool { return conn.Connected() == want }, "Connected doesn't become %t", want)
}

// answer subscribes with a handler that answers with a text.
func answer(t *testing.T, conn bus.Conn, subject, queue, text string) (stop func()) {
	t.Helper()
	stop, err := conn.Subscribe(subject, queue, func(m bus.Message) { m.Respond([]byte(text)) })
	require.NoError(t, err)
	return stop
}

// request sends a request that ends after a while.
func request(t *testing.T, conn bus.Conn, subject string, limit time.Duration) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	body, err := conn.Request(ctx, subject, nil)
	return string(body), err
}

// waitForAnswer repeats a request until it is answered, because servers hear of subscriptions later than this process.
func waitForAnswer(t *testing.T, conn bus.Conn, subject string) (text string) {
	t.Helper()
	var err error
	polltest.Until(t, interval, func() bool {
		text, err = request(t, conn, subject, 300*time.Millisecond)
		return err == nil
	}, "no answer from %s", subject)
	return text
}

// synchronize waits until the server knows the subscriptions of a connection.
func synchronize(t *testing.T, conn bus.Conn) {
	t.Helper()
	stop := answer(t, conn, "synchronize", "", "")
	defer stop()
	waitForAnswer(t, conn, "synchronize")
}
