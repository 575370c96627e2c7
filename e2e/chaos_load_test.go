package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/polltest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const (
	chaosKeys      = 100 // preferences of each person
	chaosMeetings  = 6   // recordings of each person
	chaosInterval  = 15 * time.Millisecond
	stepsPerUpload = 8
)

// load is people who save preferences and request transfers until it stops, whatever happens to the server. They
// remember what the server has acknowledged.
type load struct {
	in     *installation
	people []*chaosPerson
	cancel context.CancelFunc
	busy   sync.WaitGroup
}

// startLoad creates accounts and starts their requests. The simulator must have chaosMeetings meetings.
func startLoad(in *installation, people int) *load {
	in.t.Helper()
	return startLoadOf(in, "user", people)
}

// startLoadOf is startLoad for accounts whose e-mail addresses have a prefix.
func startLoadOf(in *installation, prefix string, people int) *load {
	in.t.Helper()
	ctx, cancel := context.WithCancel(in.t.Context())
	l := &load{in: in, cancel: cancel}
	in.t.Cleanup(func() { l.stop() })
	for i := range people {
		email := fmt.Sprintf("%s%d@example.com", prefix, i)
		p := &chaosPerson{in: in, email: email, preferences: map[string]*chaosValue{}, refused: map[int]int{}}
		p.account = in.newSyncedAccount(email, simulator.DemoAPIKey)
		l.people = append(l.people, p)
	}
	for _, p := range l.people {
		l.busy.Go(func() { p.run(ctx) })
	}
	return l
}

// stop ends the requests. It may be called more than once.
func (l *load) stop() {
	l.cancel()
	l.busy.Wait()
}

// await waits until every person has had so many more writes acknowledged.
func (l *load) await(writes int) {
	l.in.t.Helper()
	for _, p := range l.people {
		target := p.count() + writes
		polltest.Until(l.in.t, 5*time.Millisecond, func() bool { return p.count() >= target }, "the writes of %s stopped: %v", p.email, p)
	}
}

// requireEverything stops the load and requires that the server has everything that it has acknowledged, that all jobs end, and
// that each recording is complete and delivered once. It returns a summary.
func (l *load) requireEverything(sim *simulator.Server) string {
	l.in.t.Helper()
	l.stop()
	summary := make([]string, len(l.people))
	for i, p := range l.people {
		p.requireEverything(sim)
		summary[i] = p.String()
	}
	return strings.Join(summary, "; ")
}

// chaosPerson is one person under load.
type chaosPerson struct {
	account
	in    *installation
	email string

	preferences map[string]*chaosValue // used by run only, until it has ended

	mu           sync.Mutex
	history      []acknowledgedWrite // of preferences
	jobs         map[int]string      // ids by recording
	acknowledged int
	refused      map[int]int // by status; 0 is a lost connection
	wrong        []string    // responses that no disturbance excuses
}

// acknowledgedWrite is a preference that the server has saved.
type acknowledgedWrite struct {
	key    string
	number int
}

// chaosValue is a preference that counts upwards.
type chaosValue struct {
	id                      string // of the record
	attempted, acknowledged int    // 0: never
}

func (p *chaosPerson) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.acknowledged
}

// failures returns how many requests had a status.
func (p *chaosPerson) failures(status int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.refused[status]
}

// saves returns how many preferences the server has saved.
func (p *chaosPerson) saves() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.history)
}

func (p *chaosPerson) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Sprintf("%s: %d writes and %d jobs acknowledged, refused by status %v", p.email, p.acknowledged, len(p.jobs), p.refused)
}

func (p *chaosPerson) run(ctx context.Context) {
	p.jobs = map[int]string{}
	tick := time.NewTicker(chaosInterval)
	defer tick.Stop()
	for i := 0; ctx.Err() == nil; i++ {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if recording := 1001 + len(p.jobs); i%stepsPerUpload == stepsPerUpload-1 && len(p.jobs) < chaosMeetings {
			p.request(recording)
		} else {
			p.save(fmt.Sprintf("note_%d", i%chaosKeys), 1+i)
		}
	}
}

// save sets a preference to a number.
func (p *chaosPerson) save(key string, number int) {
	value := p.preferences[key]
	if value == nil {
		value = &chaosValue{}
		p.preferences[key] = value
	}
	if value.id == "" && value.attempted > 0 && !p.find(key, value) { // an earlier attempt may have succeeded
		return
	}
	method, link := http.MethodPost, p.recordsURL("preferences")
	if value.id != "" {
		method, link = http.MethodPatch, link+"/"+value.id
	}
	value.attempted = number
	if answer, ok := p.send(method, link, p.session, object{"key": key, "value": number}); ok {
		value.id, value.acknowledged = answer["id"].(string), number
		p.mu.Lock()
		p.history = append(p.history, acknowledgedWrite{key, number})
		p.mu.Unlock()
	}
}

// find looks for a record whose creation the server hasn't acknowledged. It returns false if the server can't say.
func (p *chaosPerson) find(key string, value *chaosValue) bool {
	link := p.recordsURL("preferences") + "?filter=" + url.QueryEscape("key='"+key+"'")
	var answer object
	status, err := call(http.MethodGet, link, p.session, nil, &answer)
	if err != nil || status != http.StatusOK {
		p.note(status, answer, err)
		return false
	}
	for _, item := range answer["items"].([]any) {
		value.id = item.(object)["id"].(string)
	}
	return true
}

// request creates a transfer.
func (p *chaosPerson) request(recording int) {
	payload := object{"recording_id": recording}
	if answer, ok := p.send(http.MethodPost, p.in.url+jobsPath, p.token, object{"kind": "recording.transfer", "payload": payload}); ok {
		p.mu.Lock()
		p.jobs[recording] = answer["id"].(string)
		p.mu.Unlock()
	}
}

func (p *chaosPerson) send(method, link, token string, body object) (object, bool) {
	var answer object
	status, err := call(method, link, token, body, &answer)
	if err != nil || status != http.StatusOK {
		p.note(status, answer, err)
		return nil, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.acknowledged++
	return answer, true
}

// note counts a request that failed. A server that can't save anything at the moment must say so.
func (p *chaosPerson) note(status int, answer object, err error) {
	if err != nil {
		status = 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refused[status]++
	message, _ := answer["message"].(string)
	switch {
	case status == 0, status == http.StatusTooManyRequests:
	case (status == http.StatusServiceUnavailable || status == http.StatusInsufficientStorage) && message != "":
	default:
		p.wrong = append(p.wrong, fmt.Sprintf("%d %v", status, answer["message"]))
	}
}

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
