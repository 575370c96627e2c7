package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/control"
)

// measureListing lists all users as `userdb list --json` does.
func (b *bench) measureListing() error {
	if err := b.createTenants(len(b.tenants), b.users, false); err != nil {
		return err
	}
	operator := control.Dial(filepath.Join(b.dir, "pb_data"))
	defer operator.Close()
	var durations []time.Duration
	for range 10 {
		listed := 0
		d, err := measure(func() error {
			return operator.Call(b.ctx, "userdb/list", map[string]any{}, func(json.RawMessage) error { listed++; return nil })
		})
		if err != nil {
			return err
		}
		if listed != len(b.tenants) {
			return fmt.Errorf("list users: got %d, want %d", listed, len(b.tenants))
		}
		durations = append(durations, d)
	}
	b.databases.addRow(fmt.Sprintf("list %d users, p50 / p99", len(b.tenants)), "ms", medianAndP99(durations), nil)
	return nil
}

// measureLoad sends requests of random users at a steady rate to a server that keeps only a fraction of
// their databases open.
func (b *bench) measureLoad() error {
	if err := b.restart("USER_DB_MAX_OPEN=500"); err != nil {
		return err
	}
	cpuBefore, err := b.server.cpuTime()
	if err != nil {
		return err
	}
	start := time.Now()
	durations, failed, err := b.sendRandomRequests(b.rate, b.duringLoad())
	if err != nil {
		return err
	}
	elapsed := time.Since(start)
	cpuAfter, err := b.server.cpuTime()
	if err != nil {
		return err
	}
	memory, err := b.server.memoryKB()
	if err != nil {
		return err
	}
	b.databases.addRow(fmt.Sprintf("%d of %d random users a second for %d s, p50 / p99", b.rate, len(b.tenants), b.seconds), "ms", medianAndP99(durations), nil)
	b.databases.addRow("  failed requests", fmt.Sprintf("of %d", len(durations)), []float64{float64(failed)}, nil)
	b.databases.addRow("  CPU", "% of a core", []float64{100 * float64(cpuAfter-cpuBefore) / float64(elapsed)}, nil)
	b.databases.addRow("  memory of the whole process, 500 open", "MB", []float64{float64(memory) / 1000}, nil)
	return nil
}

// duringLoad returns a channel that receives nil when the load has lasted long enough, or the error of the context.
func (b *bench) duringLoad() <-chan error {
	done := make(chan error, 1)
	go func() {
		select {
		case <-time.After(time.Duration(b.seconds) * time.Second):
		case <-b.ctx.Done():
		}
		done <- b.ctx.Err()
	}()
	return done
}

// sendRandomRequests sends requests of random users at a steady rate a second until done receives, and returns how long they took
// and how many failed. It returns the error that done received.
func (b *bench) sendRandomRequests(rate int, done <-chan error) (took []time.Duration, failed int, err error) {
	var mu sync.Mutex // protects took and failed
	var requests sync.WaitGroup
	random := rand.New(rand.NewPCG(1, 2))
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case err := <-done:
			requests.Wait()
			return took, failed, err
		}
		t := b.tenants[random.IntN(len(b.tenants))]
		requests.Go(func() {
			d, err := measure(func() error { return b.listMeetings(t) })
			mu.Lock()
			defer mu.Unlock()
			took = append(took, d)
			if err != nil {
				failed++
			}
		})
	}
}
