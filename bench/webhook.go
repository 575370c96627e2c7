package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const webhookRounds = 5 // meetings that the simulated Fathom reports

// measureWebhook measures how long it takes from a webhook about a new meeting until a rule has stored its recording.
func (b *bench) measureWebhook() (err error) {
	fathom, err := simulator.New(simulator.Config{RecordingSize: smallRecording})
	if err != nil {
		return err
	}
	if err := fathom.Start(context.WithoutCancel(b.ctx)); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fathom.Stop(context.WithoutCancel(b.ctx))) }()
	var times []time.Duration
	err = b.withServer(fathom, []string{"WEBHOOKS=on", "FATHOM_LIMITS=1000,1000,1000"}, func(a *account) error {
		hook, err := a.awaitWebhook(b.ctx, fathom)
		if err != nil {
			return err
		}
		rule := map[string]any{"name": "All", "enabled": true, "conditions": map[string]any{"title_not": []string{"private"}}}
		if err := a.call(b.ctx, a.database.URL+"/api/collections/rules/records", a.database.Token, rule, nil); err != nil {
			return err
		}
		for round := range webhookRounds {
			meeting, err := fathom.AddMeeting()
			if err != nil {
				return err
			}
			took, err := measure(func() error {
				status, err := fathom.DeliverWebhook(b.ctx, hook.ID, meeting.RecordingID)
				if err == nil && status != http.StatusOK {
					err = fmt.Errorf("deliver webhook: status %d", status)
				}
				if err != nil {
					return err
				}
				return a.awaitRecords(b.ctx, "recordings", round+1)
			})
			if err != nil {
				return err
			}
			times = append(times, took)
		}
		return nil
	})
	if err != nil {
		return err
	}
	b.syncs.addRow("from a webhook to the stored file (10 MB), p50 / p99", "ms", medianAndP99(times), nil)
	return nil
}

// awaitWebhook saves the key and waits until the server has created a webhook.
func (a *account) awaitWebhook(ctx context.Context, fathom *simulator.Server) (simulator.Webhook, error) {
	if err := a.saveKey(ctx); err != nil {
		return simulator.Webhook{}, err
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for len(fathom.Webhooks()) == 0 {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return simulator.Webhook{}, ctx.Err()
		}
	}
	return fathom.Webhooks()[0], a.awaitRecords(ctx, "meetings", simulator.DefaultMeetings)
}
