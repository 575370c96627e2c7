package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	"github.com/fathom-to-loom/fathom-to-loom/internal/testport"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const moverTransfers = 60 // of small recordings, for the transfers in an hour

// movers measures transfers through movers, which are processes of their own, and in turn those of a server alone. Fathom
// and S3 are simulated in this process.
type movers struct {
	*recordings
	nats     string // its URL
	carriers []*process
}

// measureMovers measures what movers change: the rate and the cost of one transfer, and how many transfers of small
// recordings there are in an hour with none, one, two and four movers.
func (b *bench) measureMovers() (err error) {
	large := &trial{size: int64(b.recordingMB) * 1e6, rounds: 5, firstID: 2000}
	small := &trial{size: smallRecording, rounds: moverTransfers, firstID: 5000}
	m := &movers{recordings: &recordings{bench: b, trials: []*trial{large, small}}}
	m.bucket = s3test.New(s3test.Options{}, b.dir) // it keeps what it receives, because the server compares samples of it
	defer m.bucket.Close()
	if err := m.startFathom(simulator.Config{Meetings: -1}); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.fathom.Stop(context.WithoutCancel(b.ctx))) }()
	stop, err := m.startNATS()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()

	alone, err := m.transferLarge(large, 0)
	if err != nil {
		return err
	}
	moved, err := m.transferLarge(large, 1)
	if err != nil {
		return err
	}
	rate, cpu := rateOf(large.size), cpuOf(large.size)
	b.movers.addRow(fmt.Sprintf("a recording of %d MB to S3", large.size/1e6), "MB/s", median(moved, rate), median(alone, rate))
	b.movers.addRow("  CPU of all processes", "s/GB", median(moved, cpu), median(alone, cpu))
	var none []float64
	for _, count := range []int{0, 1, 2, 4} {
		hourly, err := m.transferMany(small, count)
		if err != nil {
			return err
		}
		if count == 0 {
			none = []float64{hourly}
			continue
		}
		b.movers.addRow(fmt.Sprintf("recordings of %d MB with %d movers", small.size/1e6, count), "an hour", []float64{hourly}, none)
	}
	return nil
}

// startNATS starts a nats-server.
func (m *movers) startNATS() (stop func() error, err error) {
	ports, err := testport.Reserve(1)
	if err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(ports.Address())
	if err != nil {
		return nil, err
	}
	server := exec.CommandContext(m.ctx, "nats-server", "-a", host, "-p", port)
	if err := server.Start(); err != nil {
		return nil, fmt.Errorf("start nats-server (make setup installs it): %w", err)
	}
	m.nats = "nats://" + ports.Address()
	return func() error {
		err := server.Process.Kill()
		_ = server.Wait() // returns that it was killed
		return errors.Join(err, ports.Release())
	}, nil
}

// withMovers calls a function with an account at a new server and as many movers.
func (m *movers) withMovers(count int, use func(*account) error) error {
	settings := m.bucket.Settings()
	if count > 0 {
		settings = append(settings, "CLUSTER_URL="+m.nats)
	}
	return m.withMeetings(append(settings, "WORKER_CONCURRENCY=16"), func(a *account) (err error) {
		defer func() {
			for _, carrier := range m.carriers {
				err = errors.Join(err, carrier.end())
			}
			m.carriers = nil
		}()
		for i := range count {
			if err := m.startMover(i); err != nil {
				return err
			}
		}
		return errors.Join(m.awaitMovers(a, count), use(a))
	})
}

func (m *movers) startMover(number int) error {
	dir := filepath.Join(m.dir, fmt.Sprintf("mover-%d", number))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	p := &process{Cmd: exec.Command(os.Args[0], "mover")}
	p.Dir, p.Stderr = dir, os.Stderr
	p.Env = append(os.Environ(), serverVariable+"=1", "CLUSTER_URL="+m.nats, "S3_ENDPOINT="+m.bucket.URL, "FATHOM_API_URL="+m.fathom.FathomURL())
	m.carriers = append(m.carriers, p)
	return p.Start()
}

// awaitMovers waits until the server knows as many movers.
func (m *movers) awaitMovers(a *account, count int) error {
	for count > 0 {
		known, err := a.server.run(m.ctx, "cluster", "list")
		if err != nil {
			return err
		}
		if bytes.Count(known, []byte{'\n'}) == count+1 { // a heading
			return nil
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-m.ctx.Done():
			return m.ctx.Err()
		}
	}
	return nil
}

// transferLarge measures transfers one after the other. The CPU time is that of the server and the movers.
func (m *movers) transferLarge(t *trial, count int) (costs []cost, err error) {
	err = m.withMovers(count, func(a *account) error {
		for round := range t.rounds + 1 {
			before, err := m.cpuTime(a)
			if err != nil {
				return err
			}
			c, err := m.transfer(a, t.firstID+int64(round))
			if err != nil {
				return err
			}
			after, err := m.cpuTime(a)
			if err != nil {
				return err
			}
			c.cpu = after - before
			if round > 0 {
				costs = append(costs, c)
			}
		}
		return nil
	})
	return costs, err
}

func (m *movers) cpuTime(a *account) (total time.Duration, err error) {
	for _, p := range append([]*process{a.server}, m.carriers...) {
		used, err := p.cpuTime()
		if err != nil {
			return 0, err
		}
		total += used
	}
	return total, nil
}

// transferMany transfers recordings at the same time, and returns how many that would be in an hour.
func (m *movers) transferMany(t *trial, count int) (hourly float64, err error) {
	err = m.withMovers(count, func(a *account) error {
		took, err := measure(func() error {
			for round := range t.rounds {
				job := map[string]any{"kind": "recording.transfer", "payload": map[string]any{"recording_id": t.firstID + int64(round)}}
				if err := a.call(m.ctx, a.server.url+jobsPath, a.token, job, nil); err != nil {
					return err
				}
			}
			return a.awaitTransfers(m.ctx, t.rounds)
		})
		hourly = float64(t.rounds) / took.Hours()
		return err
	})
	return hourly, err
}

const jobsPath = "/api/collections/global_queue/records"

// awaitTransfers waits until as many transfers are completed.
func (a *account) awaitTransfers(ctx context.Context, count int) error {
	query := url.Values{"perPage": {"1"}, "filter": {"kind='recording.transfer' && status='completed'"}}
	for {
		raw, err := send(ctx, http.MethodGet, a.server.url+jobsPath+"?"+query.Encode(), a.token, nil)
		if err != nil {
			return err
		}
		var page struct{ TotalItems int }
		if err := json.Unmarshal(raw, &page); err != nil {
			return err
		}
		if page.TotalItems >= count {
			return nil
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
