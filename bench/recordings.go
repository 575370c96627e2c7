package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const (
	recordingRounds = 5 // transfers of the server and of curl, in turn

	smallRecording = 10e6 // bytes
	largeRecording = 4e9  // bytes, which is almost the most that Loom accepts
)

// The recordings at the simulated Fathom. Those of the rounds have the ids from firstRound on.
const (
	smallID = 1 + iota
	largeID
	firstRound
)

// cost is what one transfer took.
type cost struct{ took, cpu time.Duration }

// recordings measures transfers of recordings. The simulated Fathom, which is also the host of the files, and the S3
// service run in this process, so that only the costs of the server and of curl are counted.
type recordings struct {
	*bench
	fathom *simulator.Server
	bucket *s3test.Server // it discards the content of objects
	link   string         // to the file of the first round
	size   int64          // bytes of the recordings of the rounds
}

// measureRecordings measures how fast the server transfers recordings from Fathom to its storage, and its memory
// meanwhile. Times are those of whole jobs: from the request that creates the job until its status is completed.
func (b *bench) measureRecordings() (err error) {
	r := &recordings{bench: b, size: int64(b.recordingMB) * 1e6}
	r.bucket = s3test.New(s3test.Options{Discard: true}, b.dir)
	defer r.bucket.Close()
	if err := r.startFathom(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.fathom.Stop(context.WithoutCancel(b.ctx))) }()
	file := filepath.Join(b.dir, "curl")
	err = r.compare("disk", nil,
		func() (cost, error) { return curlToDisk(b.ctx, r.link, file) },
		func() (cost, error) { return curlToDiskSafely(b.ctx, r.link, file) })
	if err != nil {
		return err
	}
	return r.compare("S3", r.bucket.Settings(), func() (cost, error) {
		return curlToS3(b.ctx, r.link, r.size, r.bucket)
	})
}

// startFathom starts the simulator and finds the link that curl uses.
func (r *recordings) startFathom() (err error) {
	if r.fathom, err = simulator.New(simulator.Config{Meetings: -1}); err != nil {
		return err
	}
	sizes := map[int64]int64{smallID: smallRecording, largeID: largeRecording}
	for i := range int64(recordingRounds + 1) { // the first one is a rehearsal
		sizes[firstRound+i] = r.size
	}
	for id, size := range sizes {
		_, err := r.fathom.AddMeeting(simulator.WithRecordingID(id), simulator.WithSize(size), simulator.ProcessingPolls(0))
		if err != nil {
			return err
		}
	}
	if err := r.fathom.Start(context.WithoutCancel(r.ctx)); err != nil {
		return err
	}
	client, err := fathom.New(fathom.Config{BaseURL: r.fathom.FathomURL()})
	if err != nil {
		return err
	}
	defer client.Close()
	fathomAccount := client.Account(simulator.DemoAPIKey)
	download, err := fathomAccount.RequestDownload(r.ctx, firstRound, "")
	if err != nil {
		return err
	}
	if download, err = fathomAccount.PollDownload(r.ctx, firstRound, download.DownloadID); err != nil {
		return err
	}
	file, ok := download.File()
	if !ok {
		return errors.New("simulated Fathom has prepared no file")
	}
	r.link = file.URL.Reveal()
	return nil
}

// compare measures transfers to one storage, and in turn those by the ways in which curl can do it. The second way is
// the one that does all that the server does.
func (r *recordings) compare(storage string, settings []string, ways ...func() (cost, error)) error {
	var ours []cost
	theirs := make([][]cost, len(ways))
	err := r.withMeetings(settings, func(a *account) error {
		for round := range int64(recordingRounds + 1) {
			own, err := r.transfer(a, firstRound+round)
			if err != nil {
				return err
			}
			if round > 0 {
				ours = append(ours, own)
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
		return nil
	})
	if err != nil {
		return err
	}
	name := fmt.Sprintf("recording of %d MB to %s", r.recordingMB, storage)
	for _, costs := range theirs {
		r.addTransferRows(name, ours, costs)
		name = "  against curl with checksum and sync"
	}

	var peaks []float64
	for _, id := range []int64{smallID, largeID} {
		err := r.withMeetings(settings, func(a *account) error {
			if err := a.server.resetPeakMemory(); err != nil {
				return err
			}
			if err := a.transfer(r.ctx, id); err != nil {
				return err
			}
			peak, err := a.server.peakMemoryKB()
			peaks = append(peaks, float64(peak)/1000)
			return err
		})
		if err != nil {
			return err
		}
	}
	r.transfers.addRow("  peak memory with 10 MB / with 4 GB", "MB", peaks, nil)
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
func (r *recordings) addTransferRows(name string, ours, theirs []cost) {
	median := func(costs []cost, of func(cost) float64) []float64 {
		values := make([]float64, len(costs))
		for i, c := range costs {
			values[i] = of(c)
		}
		slices.Sort(values)
		return []float64{values[len(values)/2]}
	}
	rate := func(c cost) float64 { return float64(r.size) / 1e6 / c.took.Seconds() }
	cpu := func(c cost) float64 { return c.cpu.Seconds() / (float64(r.size) / 1e9) }
	r.transfers.addRow(name, "MB/s", median(ours, rate), median(theirs, rate))
	r.transfers.addRow("  CPU", "s/GB", median(ours, cpu), median(theirs, cpu))
}
