package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"
)

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
