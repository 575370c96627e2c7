package queue

import (
	"encoding/json"
	"strings"
	"time"
)

// maxHistory is how many attempts a job remembers.
const maxHistory = 20

// Outcomes of an attempt that are no status: the job is pending again.
const (
	OutcomeSnoozed     = "snoozed"
	OutcomeReleased    = "released"    // the server stopped
	OutcomeInterrupted = "interrupted" // the process crashed or hung
)

// Attempt is one run of a job, as its history keeps it.
type Attempt struct {
	Attempt int    `json:"attempt"`
	Worker  string `json:"worker,omitempty"` // for superusers only
	Started string `json:"started"`          // as PocketBase writes dates
	Ended   string `json:"ended"`
	Outcome string `json:"outcome"` // the status it led to, or one of the outcomes above
	Error   string `json:"error,omitempty"`
}

// ParseHistory reads the history of a job, oldest attempt first. What can't be
// read is no history.
func ParseHistory(raw string) []Attempt {
	var attempts []Attempt
	if json.Unmarshal([]byte(raw), &attempts) != nil {
		return nil
	}
	return attempts
}

// appended is a history with one more attempt.
func appended(history string, attempt Attempt) (string, error) {
	entry, err := json.Marshal(attempt)
	if err != nil {
		return "", err
	}
	if strings.Count(history, `"attempt":`) < maxHistory { // mostly: nothing has to be read
		if inner, ok := strings.CutSuffix(history, "]"); ok && inner != "[" {
			return inner + "," + string(entry) + "]", nil
		}
		return "[" + string(entry) + "]", nil
	}
	all := append(ParseHistory(history), attempt)
	whole, err := json.Marshal(all[max(0, len(all)-maxHistory):])
	return string(whole), err
}

// attempt is what a job's history says of the run that has just ended.
func (j Job) attempt(ended time.Time, outcome, message string) Attempt {
	return Attempt{
		Attempt: j.Attempt, Worker: j.WorkerID, Started: formatTime(j.Started), Ended: formatTime(ended), Outcome: outcome, Error: message,
	}
}
