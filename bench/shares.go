package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// A page is requested as seldom as the limits for one network allow.
const (
	sharePageRounds = 30
	sharePagePause  = 250 * time.Millisecond
	shareSkipped    = 1e6 // bytes at the beginning of a video that players skip
	shareRounds     = 7
)

// measureShares compares the page and the video of a shared recording with the same bytes from a plain file server, which
// runs in this process.
func (b *bench) measureShares() (err error) {
	size := int64(b.recordingMB) * 1e6
	r := &recordings{bench: b, trials: []*trial{{size: size, firstID: 1000}}}
	if err := r.startFathom(simulator.Config{Meetings: -1}); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.fathom.Stop(context.WithoutCancel(b.ctx))) }()
	folder := filepath.Join(b.dir, "files")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	files := httptest.NewServer(http.FileServer(http.Dir(folder)))
	defer files.Close()
	return r.withMeetings(nil, func(a *account) error {
		if err := a.transfer(b.ctx, 1000); err != nil {
			return err
		}
		var link struct{ URL string }
		if err := a.call(b.ctx, a.server.url+"/api/shares", a.token, map[string]any{"recording_id": 1000}, &link); err != nil {
			return err
		}
		for name, source := range map[string]string{"page.html": link.URL, "video.mp4": link.URL + "/video"} {
			if _, err := runTogether(exec.CommandContext(b.ctx, "curl", "-sSf", "-o", filepath.Join(folder, name), source)); err != nil {
				return err
			}
		}
		if err := r.compareFirstBytes(link.URL, files.URL+"/page.html"); err != nil {
			return err
		}
		return r.compareRanges(a.server, link.URL+"/video", files.URL+"/video.mp4")
	})
}

// compareFirstBytes measures the time until the first byte of a page arrives, over a connection that is open already.
func (r *recordings) compareFirstBytes(ours, theirs string) error {
	times := map[string][]time.Duration{}
	for range sharePageRounds + 1 {
		for _, link := range []string{ours, theirs} {
			took, err := timeToFirstByte(r.ctx, link)
			if err != nil {
				return err
			}
			times[link] = append(times[link], took)
		}
		select {
		case <-time.After(sharePagePause):
		case <-r.ctx.Done():
			return r.ctx.Err()
		}
	}
	r.files.addRow("first byte of a share page, p50 / p99", "ms", medianAndP99(times[ours][1:]), medianAndP99(times[theirs][1:]))
	return nil
}

func timeToFirstByte(ctx context.Context, link string) (took time.Duration, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return 0, err
	}
	start := time.Now()
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	if _, err := io.ReadFull(response.Body, make([]byte, 1)); err != nil {
		return 0, err
	}
	took = time.Since(start)
	if response.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("GET %s: status %d", link, response.StatusCode)
	}
	_, err = io.Copy(io.Discard, response.Body)
	return took, err
}

// compareRanges measures requests for the rest of a video, which players send after a seek, and the CPU time of the server.
func (r *recordings) compareRanges(server *process, ours, theirs string) error {
	costs := map[string][]cost{}
	for round := range shareRounds + 1 {
		for _, link := range []string{ours, theirs} {
			before, err := server.cpuTime()
			if err != nil {
				return err
			}
			c, err := runTogether(exec.CommandContext(r.ctx, "curl", "-sSf", "-o", "/dev/null", "-r", fmt.Sprintf("%d-", int64(shareSkipped)), link))
			if err != nil {
				return err
			}
			after, err := server.cpuTime()
			if err != nil {
				return err
			}
			c.cpu = after - before
			if round > 0 { // the first one is a rehearsal
				costs[link] = append(costs[link], c)
			}
		}
	}
	size := r.trials[0].size - shareSkipped
	rate, cpu := rateOf(size), cpuOf(size)
	r.files.addRow(fmt.Sprintf("range of %d MB of a shared video", size/1e6), "MB/s", median(costs[ours], rate), median(costs[theirs], rate))
	r.files.addRow("  CPU", "s/GB", median(costs[ours], cpu), nil)
	return nil
}
