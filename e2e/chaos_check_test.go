package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func (p *chaosPerson) requireEverything(sim *simulator.Server) {
	t := p.in.t
	t.Helper()
	assert.Empty(t, p.wrong, p.email)
	p.requirePreferences(t)
	again, err := p.in.signIn(p.email)
	require.NoError(t, err)
	require.Equal(t, p.name, again.name)
	p.account = again
	for recording, id := range p.jobs {
		p.in.requireCompleted(p.account, id)
		p.in.requireRecording(p.account, recording)
		truth, ok := sim.Meeting(int64(recording))
		require.True(t, ok)
		stored := p.in.records(p.account, "recordings", fmt.Sprintf("recording_id=%d", recording))[0].(object)
		assert.Equal(t, truth.SHA256, stored["sha256"])
		assert.Equal(t, "awaiting_share_url", p.in.transferOf(p.account, recording)["status"])
	}
	assert.Zero(t, p.in.countJobs(p.account, "kind='recording.transfer' && status!='completed'"))
}

// storedPreferences returns the numbers that the server has.
func (p *chaosPerson) storedPreferences() map[string]int {
	p.in.t.Helper()
	found := map[string]int{}
	for _, item := range p.in.records(p.account, "preferences", "") {
		record := item.(object)
		if key := record["key"].(string); strings.HasPrefix(key, "note_") {
			found[key] = int(record["value"].(float64))
		}
	}
	return found
}

// requireBeginning requires that the server has everything up to some acknowledged write, and nothing after it. It returns how many
// writes are lost.
func (p *chaosPerson) requireBeginning() (lost int) {
	p.in.t.Helper()
	found, newest := p.storedPreferences(), 0
	for _, number := range found {
		newest = max(newest, number)
	}
	want := map[string]int{}
	for _, write := range p.history {
		if write.number > newest {
			lost++
			continue
		}
		want[write.key] = write.number
	}
	for key, number := range want {
		assert.GreaterOrEqual(p.in.t, found[key], number, "%s of %s, of which the newest write is %d", key, p.email, newest)
	}
	return lost
}

// requireWorking requires that the person can use the product as before.
func (p *chaosPerson) requireWorking() {
	p.in.t.Helper()
	who, err := p.in.signIn(p.email)
	require.NoError(p.in.t, err)
	require.Equal(p.in.t, p.name, who.name)
	p.account = who
	p.in.mustCall(http.MethodPost, p.recordsURL("preferences"), p.session, object{"key": "time_zone", "value": "Europe/Paris"})
}

// requirePreferences requires that each value is at least the one that was acknowledged, and one that was sent.
func (p *chaosPerson) requirePreferences(t *testing.T) {
	t.Helper()
	found := p.storedPreferences()
	for key, value := range p.preferences {
		assert.GreaterOrEqual(t, found[key], value.acknowledged, "%s of %s", key, p.email)
		assert.LessOrEqual(t, found[key], value.attempted, "%s of %s", key, p.email)
	}
	for key := range found {
		assert.Contains(t, p.preferences, key, "%s of %s was never sent", key, p.email)
	}
}
