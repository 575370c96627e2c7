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

	// The calls that Fathom accepts in a minute.
	pagesPerMinute = 60
	textsPerMinute = 30
)

// measureSync measures the first sync of a user who has many meetings. The simulated Fathom has no rate limits, and the
// server doesn't keep to any, so that the time is what the server itself needs: a ratio below 1 means that Fathom's
// limits determine how long a sync takes.
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
	if err := a.saveKey(b.ctx); err != nil {
		return err
	}
	start := time.Now()
	var times []time.Duration // until the first meeting, all meetings and all texts
	for _, want := range []struct {
		collection string
		records    int
	}{{"meetings", 1}, {"meetings", syncedMeetings}, {"transcripts", syncedMeetings}} {
		if err := a.awaitRecords(b.ctx, want.collection, want.records); err != nil {
			return err
		}
		times = append(times, time.Since(start))
	}
	after, err := a.server.cpuTime()
	if err != nil {
		return err
	}
	peak, err := a.server.peakMemoryKB()
	if err != nil {
		return err
	}
	b.syncs.addRow("from the accepted key to the first meeting", "ms", []float64{milliseconds(times[0])}, nil)
	b.addSyncRows(fmt.Sprintf("list of %d meetings", syncedMeetings), times[1], countCalls(fathom, false), pagesPerMinute)
	b.addSyncRows("  their texts", times[2], countCalls(fathom, true), textsPerMinute)
	b.syncs.addRow("  CPU", "s", []float64{(after - before).Seconds()}, nil)
	b.syncs.addRow("  peak memory", "MB", []float64{float64(peak) / 1000}, nil)
	return nil
}

// addSyncRows adds the time and the calls that reading all meetings took, beside the least that Fathom's limits allow.
func (b *bench) addSyncRows(name string, took time.Duration, calls, perMinute int) {
	const least = syncedMeetings / meetingsOnAPage
	b.syncs.addRow(name, "s", []float64{took.Seconds()}, []float64{least * 60 / float64(perMinute)})
	b.syncs.addRow("  calls", "", []float64{float64(calls)}, []float64{least})
}

// countCalls returns how often meetings were listed, with or without texts.
func countCalls(fathom *simulator.Server, texts bool) (n int) {
	for _, request := range fathom.Requests() {
		if request.Path == "/external/v1/meetings" && request.Query.Has("include_transcript") == texts {
			n++
		}
	}
	return n
}

// awaitRecords waits until a collection of the database has at least a number of records.
func (a *account) awaitRecords(ctx context.Context, collection string, want int) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		raw, err := send(ctx, http.MethodGet, a.database.URL+"/api/collections/"+collection+"/records?perPage=1&fields=id", a.database.Token, nil)
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
