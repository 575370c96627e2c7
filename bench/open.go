package main

import (
	"time"
)

// coldOpens: a closed database up to the first list, with another one closed to
// make room; against a process on a folder that is there, up to the first list.
func (b *bench) coldOpens() error {
	for _, t := range b.tenants[:400] { // from now on every opening closes another
		if err := b.listOf(t); err != nil {
			return err
		}
	}
	before, err := b.ours.cpu()
	if err != nil {
		return err
	}
	var took []time.Duration
	for _, t := range b.tenants[400:] {
		d, err := timed(func() error { return b.listOf(t) })
		if err != nil {
			return err
		}
		took = append(took, d)
	}
	after, err := b.ours.cpu()
	if err != nil {
		return err
	}
	var theirs []time.Duration
	var theirCPU time.Duration
	for i := range stockRuns {
		n := i % len(b.stocks)
		var p *process
		d, err := timed(func() (err error) { p, err = startStock(b.stock, b.stocks[n], list, b.tenants[n].Direct); return err })
		if err != nil {
			return err
		}
		theirs = append(theirs, d)
		if err := p.end(); err != nil {
			return err
		}
		theirCPU += p.usedCPU()
	}
	b.row("cold open to first list, p50 / p99", "ms", spread(took), spread(theirs))
	ms := func(d time.Duration, n int) []float64 {
		return []float64{float64(d.Microseconds()) / 1000 / float64(n)}
	}
	b.row("CPU of an open, a list and a close", "ms", ms(after-before, len(took)), ms(theirCPU, stockRuns))
	return nil
}

// warmRequests: a list in an open database through the gateway, against the same
// data served by a stock PocketBase, in turns.
func (b *bench) warmRequests() error {
	const rounds = 4000
	people := b.tenants[:stockMany*3] // a user has 100 requests a second
	for _, t := range people {
		if err := b.listOf(t); err != nil {
			return err
		}
	}
	direct, err := startStock(b.stock, b.stocks[0], list, b.tenants[0].Direct)
	if err != nil {
		return err
	}
	defer func() { _ = direct.end() }()
	var took, theirs []time.Duration
	for i := range rounds {
		if b.ctx.Err() != nil {
			return b.ctx.Err()
		}
		d, err := timed(func() error { return b.listOf(people[i%len(people)]) })
		if err != nil {
			return err
		}
		took = append(took, d)
		if d, err = timed(func() error { return get(direct.url+list, b.tenants[0].Direct) }); err != nil {
			return err
		}
		theirs = append(theirs, d)
	}
	b.row("warm list, p50 / p99", "ms", spread(took), spread(theirs))
	return nil
}

// memory: what each open database adds to the process, after one list and a
// moment of quiet; against twenty processes after one list.
func (b *bench) memory() error {
	if err := b.restart("USER_DB_MAX_OPEN=400", "USER_DB_IDLE_TIMEOUT=1h"); err != nil {
		return err
	}
	kb, err := b.ours.memoryKB()
	if err != nil {
		return err
	}
	files, err := b.ours.files()
	if err != nil {
		return err
	}
	const many = 300
	for _, t := range b.tenants[:many] {
		if err := b.listOf(t); err != nil {
			return err
		}
	}
	time.Sleep(3 * time.Second) // PocketBase's and Go's own habits come to rest
	kbAfter, err := b.ours.memoryKB()
	if err != nil {
		return err
	}
	filesAfter, err := b.ours.files()
	if err != nil {
		return err
	}

	var theirKB, theirFiles int
	var running []*process
	for i, folder := range b.stocks {
		p, err := startStock(b.stock, folder, list, b.tenants[i].Direct)
		if err != nil {
			return err
		}
		defer func() { _ = p.end() }() // they have nothing to lose
		running = append(running, p)
	}
	time.Sleep(time.Second)
	for _, p := range running {
		kb, err := p.memoryKB()
		if err != nil {
			return err
		}
		files, err := p.files()
		if err != nil {
			return err
		}
		theirKB += kb
		theirFiles += files
	}
	b.row("memory of an open database", "kB", []float64{float64(kbAfter-kb) / many}, []float64{float64(theirKB) / stockMany})
	b.row("open files of it", "", []float64{float64(filesAfter-files) / many}, []float64{float64(theirFiles) / stockMany})
	return nil
}
