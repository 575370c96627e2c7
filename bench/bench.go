package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
)

const (
	list      = "/api/collections/meetings/records?perPage=10"
	stockRuns = 60 // processes started one after the other
	stockMany = 20 // processes at once
)

// bench is one run.
type bench struct {
	ctx context.Context
	dir string
	options

	keys    config.Generated
	ours    *process
	tenants []tenant
	stock   string   // the binary of a stock PocketBase
	stocks  []string // folders for processes of it
	rows    [][4]string
}

func (b *bench) stop() {
	if err := b.ours.end(); err != nil {
		fmt.Println("bench: the server ended with", err)
	}
}

// row is a line of the result. A zero in place of theirs means that there is no
// such thing.
func (b *bench) row(what, unit string, ours, theirs []float64) {
	text := func(values []float64) string {
		out := ""
		for i, v := range values {
			if i > 0 {
				out += " / "
			}
			out += fmt.Sprintf("%.3g", v)
		}
		return out + " " + unit
	}
	row := [4]string{what, text(ours), "", ""}
	if len(theirs) > 0 {
		row[2], row[3] = text(theirs), fmt.Sprintf("%.2f", theirs[0]/ours[0])
	}
	b.rows = append(b.rows, row)
}

func (b *bench) print(to io.Writer) {
	table := tabwriter.NewWriter(to, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "\tone process\ta process per user\tratio")
	for _, row := range b.rows {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", row[0], row[1], row[2], row[3])
	}
	_ = table.Flush()
}

// spread is the median and the 99th percentile in milliseconds.
func spread(took []time.Duration) []float64 {
	sorted := slices.Sorted(slices.Values(took))
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return []float64{ms(sorted[len(sorted)/2]), ms(sorted[len(sorted)*99/100])}
}

func timed(fn func() error) (time.Duration, error) {
	began := time.Now()
	err := fn()
	return time.Since(began), err
}

func (b *bench) makeTenants(from, to int, passwords bool) error {
	for ; from < to && b.ctx.Err() == nil; from += 500 {
		body, err := json.Marshal(newTenants{From: from, To: min(from+500, to), Passwords: passwords})
		if err != nil {
			return err
		}
		raw, err := send(b.ctx, http.MethodPost, b.ours.url+"/bench/tenants", "", body)
		if err != nil {
			return err
		}
		var made []tenant
		if err := decode(raw, &made); err != nil {
			return err
		}
		b.tenants = append(b.tenants, made...)
	}
	return b.ctx.Err()
}

// provisioning: a database ready for its first request, on the disk for good, as
// somebody signs up, and many in a row; against a process on an empty folder up to
// its first answer, which is not synced.
func (b *bench) provisioning() (err error) {
	if b.ours, err = startOurs(b.dir, b.keys, "USER_DB_MAX_OPEN=400", "USER_DB_IDLE_TIMEOUT=1h"); err != nil {
		return err
	}
	const few, more = 200, 1000
	if err := b.makeTenants(0, few, true); err != nil {
		return err
	}
	if err := b.makeTenants(few, more, false); err != nil {
		return err
	}
	var took, rushed []time.Duration
	for i, t := range b.tenants {
		if i < few {
			took = append(took, t.Took)
		} else {
			rushed = append(rushed, t.Took)
		}
	}
	var theirs []time.Duration
	for i := range stockRuns {
		folder := filepath.Join(b.dir, "copies", fmt.Sprintf("fresh-%d", i))
		var p *process
		d, err := timed(func() (err error) { p, err = startStock(b.stock, folder, "/api/health", ""); return err })
		if err != nil {
			return err
		}
		theirs = append(theirs, d)
		if err := p.end(); err != nil {
			return err
		}
	}
	b.row("provision after a password was hashed, p50 / p99", "ms", spread(took), spread(theirs))
	b.row("  one after the other, without", "ms", spread(rushed), nil)

	for i := range stockMany {
		folder := filepath.Join(b.dir, "copies", fmt.Sprint(i))
		if err := copyFolder(filepath.Join(b.dir, "user_dbs", b.tenants[i].Name), folder); err != nil {
			return err
		}
		if b.tenants[i].Direct, err = directToken(folder); err != nil {
			return err
		}
		b.stocks = append(b.stocks, folder)
	}
	return nil
}

func (b *bench) listOf(t tenant) error { return get(b.ours.url+"/db/"+t.Name+list, t.Session) }

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

// restart starts the server anew on its data, with other settings.
func (b *bench) restart(settings ...string) (err error) {
	if err := b.ours.end(); err != nil {
		return err
	}
	client.CloseIdleConnections()
	b.ours, err = startOurs(b.dir, b.keys, settings...)
	return err
}

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

// load: random users at a steady rate, each of whom lists and writes, with room
// for a fraction of them.
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
