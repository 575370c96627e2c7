package transfer_test

import (
	"cmp"
	"context"
	"encoding/json"
	"sync"
	"testing"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// steppedUploader uploads in steps, each of which it saves. reached is called after each of them and before the first one.
type steppedUploader struct {
	sim     *simulator.Server
	reached func(ctx context.Context, step string) error
	outcome loom.Outcome // without ShareURL

	mu      sync.Mutex
	calls   []steppedState // the states with which Upload was called
	options []loom.Options
}

type steppedState struct {
	Step, Share string
	OtherFile   bool `json:",omitempty"` // as Upload was called
}

func (*steppedUploader) Name() string { return "stepped" }

func (u *steppedUploader) Upload(ctx context.Context, d loom.Delivery) (loom.Outcome, error) {
	var state steppedState
	if d.State != nil {
		if err := json.Unmarshal(d.State, &state); err != nil {
			return loom.Outcome{}, err
		}
	}
	state.OtherFile = d.OtherFile
	u.mu.Lock()
	u.calls, u.options = append(u.calls, state), append(u.options, d.Options)
	u.mu.Unlock()
	if d.OtherFile && state.Share == "" {
		state.Step = ""
	}
	state.OtherFile = false
	if err := u.reach(ctx, "called"); err != nil {
		return loom.Outcome{}, err
	}
	steps := map[string]string{"": "created", "created": "sent", "sent": "published"}
	for steps[state.Step] != "" {
		state.Step = steps[state.Step]
		if state.Step == "sent" {
			share, err := automaticUploader{u.sim}.Upload(ctx, d)
			if err != nil {
				return loom.Outcome{}, err
			}
			state.Share = share.ShareURL
			d.Sent(d.Recording.Size)
		}
		saved, err := json.Marshal(state)
		if err == nil {
			err = d.Save(saved)
		}
		if err == nil {
			err = u.reach(ctx, state.Step)
		}
		if err != nil {
			return loom.Outcome{}, err
		}
	}
	outcome := u.outcome
	outcome.ShareURL = state.Share
	outcome.Visibility = cmp.Or(outcome.Visibility, d.Options.Visibility)
	return outcome, nil
}

func (u *steppedUploader) reach(ctx context.Context, step string) error {
	if u.reached == nil {
		return nil
	}
	return u.reached(ctx, step)
}

// steps returns the steps with which Upload was called.
func (u *steppedUploader) steps() (steps []string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, call := range u.calls {
		steps = append(steps, call.Step)
	}
	return steps
}

func startStepped(t *testing.T, u *steppedUploader) (*apptest.Server, apptest.Person) {
	t.Helper()
	return startWithMeetings(t, apptest.Options{Prepare: func(s *apptest.Server) { u.sim, s.App.Uploader = s.Simulator, u }})
}
