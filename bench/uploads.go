package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// uploads measures uploads of recordings that the server has stored. Fathom and Loom are both simulated in this process.
type uploads struct {
	*recordings
	file string // the recording that curl sends
}

// measureUploads measures how fast the server uploads recordings to Loom through Atlassian, and its memory meanwhile.
// Times are those of whole jobs: from the request that creates the job until the video is published and verified. Curl
// only sends a file of the same size to the same simulator.
func (b *bench) measureUploads() (err error) {
	u := &uploads{file: filepath.Join(b.dir, "recording.mp4")}
	u.recordings = &recordings{bench: b, trials: []*trial{
		{size: smallRecording, rounds: 11, firstID: 1000},
		{size: int64(b.recordingMB) * 1e6, rounds: 5, firstID: 2000},
		{size: largeRecording, rounds: 2, firstID: 3000},
	}}
	if err := u.startFathom(simulator.Config{Meetings: -1, Atlassian: &simulator.AtlassianConfig{}}); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, u.fathom.Stop(context.WithoutCancel(b.ctx))) }()
	for _, t := range u.trials {
		if err := u.compareUploads(t); err != nil {
			return err
		}
	}
	return nil
}

func (u *uploads) compareUploads(t *trial) error {
	if _, err := runTogether(exec.CommandContext(u.ctx, "curl", "-sSf", "-o", u.file, t.link)); err != nil {
		return err
	}
	var ours, theirs []cost
	var peak int
	err := u.withMeetings([]string{"ATLASSIAN_MCP_URL=" + u.fathom.AtlassianURL()}, func(a *account) (err error) {
		if err := a.connectLoom(u.ctx); err != nil {
			return err
		}
		for round := range t.rounds + 1 {
			own, err := u.upload(a, t.firstID+int64(round))
			if err != nil {
				return err
			}
			other, err := runTogether(exec.CommandContext(u.ctx, "curl", "-sSf", "-o", filepath.Join(u.dir, "answer"), "-H", "Expect:",
				"-X", "POST", "-T", u.file, u.fathom.URL()+"/_simulator/loom/upload?filename=recording.mp4"))
			if err != nil {
				return err
			}
			if round > 0 { // the first one is a rehearsal
				ours, theirs = append(ours, own), append(theirs, other)
			}
		}
		peak, err = a.server.peakMemoryKB()
		return err
	})
	if err != nil {
		return err
	}
	u.addTransferRows(fmt.Sprintf("uploads of %d MB to Loom", t.size/1e6), t.size, ours, theirs)
	u.transfers.addRow("  peak memory", "MB", []float64{float64(peak) / 1000}, nil)
	return nil
}

// upload stores a recording and then measures its upload.
func (u *uploads) upload(a *account, id int64) (c cost, err error) {
	if err := a.runJob(u.ctx, "recording.transfer", map[string]any{"recording_id": id, "deliver": false}); err != nil {
		return c, err
	}
	if err := a.server.resetPeakMemory(); err != nil {
		return c, err
	}
	return u.transfer(a, id)
}
