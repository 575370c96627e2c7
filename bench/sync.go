package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const (
	syncedMeetings  = 5000
	meetingsOnAPage = 10 // at Fathom
	callsPerMinute  = 60 // that Fathom accepts
)

// measureSync measures the first sync of a user who has many meetings. The simulated Fathom has no rate limits, and the
// server doesn't keep to any, so that the time is what the server itself needs. Fathom's limits allow a page per second.
func (b *bench) measureSync() (err error) {
	fathom, err := simulator.New(simulator.Config{Meetings: syncedMeetings})
	if err != nil {
		return err
	}
	if err := fathom.Start(context.WithoutCancel(b.ctx)); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fathom.Stop(context.WithoutCancel(b.ctx))) }()
	return b.withServer(fathom, []string{"FATHOM_LIMITS=100000,100000,100000"}, func(a *account) error {
		return b.measureFirstSync(a, fathom)
	})
}

func (b *bench) measureFirstSync(a *account, fathom *simulator.Server) error {
	if err := a.server.resetPeakMemory(); err != nil {
		return err
	}
	before, err := a.server.cpuTime()
	if err != nil {
		return err
	}
	var first time.Duration
	all, err := measure(func() (err error) {
		if err := a.saveKey(b.ctx); err != nil {
			return err
		}
		if first, err = measure(func() error { return a.awaitMeetings(b.ctx, 1) }); err != nil {
			return err
		}
		return a.awaitMeetings(b.ctx, syncedMeetings)
	})
	if err != nil {
		return err
	}
	after, err := a.server.cpuTime()
	if err != nil {
		return err
	}
	peak, err := a.server.peakMemoryKB()
	if err != nil {
		return err
	}
	pages := 0
	for _, request := range fathom.Requests() {
		if request.Path == "/external/v1/meetings" && !request.Query.Has("include_summary") {
			pages++
		}
	}
	const least = syncedMeetings / meetingsOnAPage
	b.syncs.addRow("from the accepted key to the first meeting", "ms", []float64{milliseconds(first)}, nil)
	b.syncs.addRow(fmt.Sprintf("sync of %d meetings", syncedMeetings), "s",
		[]float64{all.Seconds()}, []float64{least * time.Minute.Seconds() / callsPerMinute})
	b.syncs.addRow("  requests", "", []float64{float64(pages)}, []float64{least})
	b.syncs.addRow("  CPU", "s", []float64{(after - before).Seconds()}, nil)
	b.syncs.addRow("  peak memory", "MB", []float64{float64(peak) / 1000}, nil)
	return nil
}

// awaitMeetings waits until the database has at least a number of meetings.
func (a *account) awaitMeetings(ctx context.Context, want int) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		raw, err := send(ctx, http.MethodGet, a.database.URL+"/api/collections/meetings/records?perPage=1&fields=id", a.database.Token, nil)
		if err != nil {
			return err
		}
		var page struct{ TotalItems int }
		if err := json.Unmarshal(raw, &page); err != nil {
			return err
		}
		if page.TotalItems >= want {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
