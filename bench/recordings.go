package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const (
	smallRecording = 10e6 // bytes
	largeRecording = 4e9  // bytes, which is almost the most that Loom accepts
)

// trial is a number of transfers of recordings of one size, by the server and by curl in turn.
type trial struct {
	size    int64 // bytes
	rounds  int   // without the first one, which is a rehearsal
	firstID int64 // the recording of each round has an id of its own at the simulated Fathom
	link    string
}

// cost is what one transfer took.
type cost struct{ took, cpu time.Duration }

func (c *cost) add(other cost) {
	c.took += other.took
	c.cpu += other.cpu
}

// recordings measures transfers of recordings. The simulated Fathom, which is also the host of the files, and the S3
// service run in this process, so that only the costs of the server and of curl are counted.
type recordings struct {
	*bench
	fathom *simulator.Server
	bucket *s3test.Server // it discards the content of objects
	trials []*trial
}

// measureRecordings measures how fast the server transfers recordings from Fathom to its storage, and its memory
// meanwhile. Times are those of whole jobs: from the request that creates the job until its status is completed.
func (b *bench) measureRecordings() (err error) {
	r := &recordings{bench: b, trials: []*trial{
		{size: smallRecording, rounds: 21, firstID: 1000},
		{size: int64(b.recordingMB) * 1e6, rounds: 5, firstID: 2000},
		{size: largeRecording, rounds: 2, firstID: 3000},
	}}
	r.bucket = s3test.New(s3test.Options{Discard: true}, b.dir)
	defer r.bucket.Close()
	if err := r.startFathom(simulator.Config{Meetings: -1}); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.fathom.Stop(context.WithoutCancel(b.ctx))) }()
	file := filepath.Join(b.dir, "curl")
	toDisk := func(link string) (cost, error) { return curlToDisk(b.ctx, link, file) }
	toDiskSafely := func(link string) (cost, error) { return curlToDiskSafely(b.ctx, link, file) }
	for _, t := range r.trials {
		if err := r.compare(t, "disk", nil, toDisk, toDiskSafely); err != nil {
			return err
		}
	}
	for _, t := range r.trials {
		toS3 := func(link string) (cost, error) { return curlToS3(b.ctx, link, t.size, r.bucket) }
		if err := r.compare(t, "S3", r.bucket.Settings(), toS3, toS3); err != nil {
			return err
		}
	}
	return nil
}

// startFathom starts the simulator and asks for the links that curl uses.
func (r *recordings) startFathom(cfg simulator.Config) (err error) {
	if r.fathom, err = simulator.New(cfg); err != nil {
		return err
	}
	for _, t := range r.trials {
		for round := range int64(t.rounds + 1) {
			_, err := r.fathom.AddMeeting(simulator.WithRecordingID(t.firstID+round), simulator.WithSize(t.size), simulator.ProcessingPolls(0))
			if err != nil {
				return err
			}
		}
	}
	if err := r.fathom.Start(context.WithoutCancel(r.ctx)); err != nil {
		return err
	}
	for _, t := range r.trials {
		if t.link, _, err = requestWithCurl(r.ctx, r.fathom.FathomURL(), t.firstID); err != nil {
			return err
		}
	}
	return nil
}

// compare measures transfers to one storage, and in turn those with curl: the plain one knows the link to the file, the
// full one asks Fathom for it and does everything else that the server does.
func (r *recordings) compare(t *trial, storage string, settings []string, plain, full func(link string) (cost, error)) error {
	var ours []cost
	var peak int
	ways := []func() (cost, error){
		func() (cost, error) { return plain(t.link) },
		func() (cost, error) { return curlLikeTheServer(r.ctx, r.fathom.FathomURL(), t.firstID, full) },
	}
	theirs := make([][]cost, len(ways))
	err := r.withMeetings(settings, func(a *account) (err error) {
		for round := range t.rounds + 1 {
			own, err := r.transfer(a, t.firstID+int64(round))
			if err != nil {
				return err
			}
			if round == 0 {
				err = a.server.resetPeakMemory()
			} else {
				ours = append(ours, own)
			}
			if err != nil {
				return err
			}
			for i, curl := range ways {
				other, err := curl()
				if err != nil {
					return err
				}
				if round > 0 {
					theirs[i] = append(theirs[i], other)
				}
			}
		}
		peak, err = a.server.peakMemoryKB()
		return err
	})
	if err != nil {
		return err
	}
	name := fmt.Sprintf("recordings of %d MB to %s", t.size/1e6, storage)
	for _, costs := range theirs {
		r.addTransferRows(name, t.size, ours, costs)
		name = "  against curl that does the same"
	}
	r.transfers.addRow("  peak memory", "MB", []float64{float64(peak) / 1000}, nil)
	return nil
}

// withServer calls a function with an account at a new server, whose data it removes afterwards.
func (b *bench) withServer(fathom *simulator.Server, settings []string, use func(*account) error) (err error) {
	dir := filepath.Join(b.dir, "account")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	server, err := startServer(dir, b.keys, append(slices.Clone(settings),
		"FATHOM_API_URL="+fathom.FathomURL(), "LOOM_URL="+fathom.LoomURL(), "FATHOM_POLL_INTERVAL=10ms")...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.end()) }()
	a, err := signUp(b.ctx, server)
	if err != nil {
		return err
	}
	return use(a)
}

// withMeetings is withServer with the meetings of the simulated Fathom.
func (r *recordings) withMeetings(settings []string, use func(*account) error) error {
	settings = append(slices.Clone(settings), "FATHOM_LIMITS=100000,100000,100000")
	return r.withServer(r.fathom, settings, func(a *account) error {
		if err := a.saveKey(r.ctx); err != nil {
			return err
		}
		if err := a.runJob(r.ctx, "fathom.sync", map[string]any{}); err != nil {
			return err
		}
		return use(a)
	})
}

// transfer transfers a recording with the server, and then deletes it, as curlToDisk does: writing to memory that the
// kernel has just been given back is faster.
func (r *recordings) transfer(a *account, id int64) (c cost, err error) {
	before, err := a.server.cpuTime()
	if err != nil {
		return c, err
	}
	if c.took, err = measure(func() error { return a.transfer(r.ctx, id) }); err != nil {
		return c, err
	}
	after, err := a.server.cpuTime()
	if err != nil {
		return c, err
	}
	c.cpu = after - before
	return c, a.deleteRecordings(r.ctx)
}

// addTransferRows adds the medians of transfers by the server and by curl.
func (r *recordings) addTransferRows(name string, size int64, ours, theirs []cost) {
	rate, cpu := rateOf(size), cpuOf(size)
	r.transfers.addRow(name, "MB/s", median(ours, rate), median(theirs, rate))
	r.transfers.addRow("  CPU", "s/GB", median(ours, cpu), median(theirs, cpu))
}

// rateOf returns how many MB/s of a file were moved.
func rateOf(size int64) func(cost) float64 {
	return func(c cost) float64 { return float64(size) / 1e6 / c.took.Seconds() }
}

// cpuOf returns how many seconds of CPU time moving a GB took.
func cpuOf(size int64) func(cost) float64 {
	return func(c cost) float64 { return c.cpu.Seconds() / (float64(size) / 1e9) }
}

func median(costs []cost, of func(cost) float64) []float64 {
	values := make([]float64, len(costs))
	for i, c := range costs {
		values[i] = of(c)
	}
	slices.Sort(values)
	return []float64{values[len(values)/2]}
}
