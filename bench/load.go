package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/control"
)

// listing: every registered user as `userdb list --json` gets them.
func (b *bench) listing() error {
	if err := b.makeTenants(len(b.tenants), b.users, false); err != nil {
		return err
	}
	operator := control.Dial(filepath.Join(b.dir, "pb_data"))
	defer operator.Close()
	var took []time.Duration
	for range 10 {
		found := 0
		d, err := timed(func() error {
			return operator.Call(b.ctx, "userdb/list", map[string]any{}, func(json.RawMessage) error { found++; return nil })
		})
		if err != nil {
			return err
		}
		if found != b.users {
			return fmt.Errorf("%d of %d were listed", found, b.users)
		}
		took = append(took, d)
	}
	b.row(fmt.Sprintf("list %d users, p50 / p99", b.users), "ms", spread(took), nil)
	return nil
}

// load: random users at a steady rate, each of whom lists, with room for a
// fraction of them.
func (b *bench) load() error {
	if err := b.restart("USER_DB_MAX_OPEN=500"); err != nil {
		return err
	}
	before, err := b.ours.cpu()
	if err != nil {
		return err
	}
	var mu sync.Mutex
	var took []time.Duration
	var failures []error
	var wg sync.WaitGroup
	random := rand.New(rand.NewPCG(1, 2))
	tick := time.NewTicker(time.Second / time.Duration(b.rate))
	defer tick.Stop()
	began := time.Now()
	for range b.rate * b.seconds {
		select {
		case <-tick.C:
		case <-b.ctx.Done():
			return b.ctx.Err()
		}
		t := b.tenants[random.IntN(len(b.tenants))]
		wg.Go(func() {
			d, err := timed(func() error { return b.listOf(t) })
			mu.Lock()
			defer mu.Unlock()
			took = append(took, d)
			if err != nil {
				failures = append(failures, err)
			}
		})
	}
	wg.Wait()
	elapsed := time.Since(began)
	after, err := b.ours.cpu()
	if err != nil {
		return err
	}
	kb, err := b.ours.memoryKB()
	if err != nil {
		return err
	}
	b.row(fmt.Sprintf("%d of %d random users a second for %d s, p50 / p99", b.rate, b.users, b.seconds), "ms", spread(took), nil)
	b.row("  failed requests", fmt.Sprintf("of %d", len(took)), []float64{float64(len(failures))}, nil)
	b.row("  CPU", "% of a core", []float64{100 * float64(after-before) / float64(elapsed)}, nil)
	b.row("  memory of the whole process, 500 open", "MB", []float64{float64(kb) / 1000}, nil)
	return errors.Join(failures[:min(len(failures), 3)]...)
}
