package queue

import (
	"encoding/json"
	"strings"
	"time"
)

// maxHistory is the number of attempts that the history of a job keeps.
const maxHistory = 20

// Outcome is how an attempt ended: either the status it led to or one of the constants below.
type Outcome string

// Outcomes other than a status. After each of them the job is usually pending again.
const (
	OutcomeSnoozed     Outcome = "snoozed"     // the handler asked to be run again later
	OutcomeReleased    Outcome = "released"    // the server stopped
	OutcomeInterrupted Outcome = "interrupted" // the process crashed or hung
)

// Attempt is one run of a job in its history.
type Attempt struct {
	Attempt int     `json:"attempt"`          // counts from 1
	Worker  string  `json:"worker,omitempty"` // shown to superusers only
	Started string  `json:"started"`          // in PocketBase's date format
	Ended   string  `json:"ended"`
	Outcome Outcome `json:"outcome"`
	Error   string  `json:"error,omitempty"`
}

// ParseHistory parses a job's history, oldest attempt first. It returns nil if raw is malformed.
func ParseHistory(raw string) []Attempt {
	var attempts []Attempt
	if json.Unmarshal([]byte(raw), &attempts) != nil {
		return nil
	}
	return attempts
}

// appendHistory adds an attempt to a history in JSON, which may be empty, and drops the oldest attempts
// beyond maxHistory.
func appendHistory(history string, attempt Attempt) (string, error) {
	entry, err := json.Marshal(attempt)
	if err != nil {
		return "", err
	}
	if strings.Count(history, `"attempt":`) < maxHistory { // nearly always; avoids parsing the history
		if inner, ok := strings.CutSuffix(history, "]"); ok && inner != "[" {
			return inner + "," + string(entry) + "]", nil
		}
		return "[" + string(entry) + "]", nil
	}
	attempts := append(ParseHistory(history), attempt)
	raw, err := json.Marshal(attempts[max(0, len(attempts)-maxHistory):])
	return string(raw), err
}

// historyEntry returns the history entry of a run that has just ended.
func (j Job) historyEntry(ended time.Time, outcome Outcome, message string) Attempt {
	return Attempt{
		Attempt: j.Attempt, Worker: j.WorkerID, Started: formatTime(j.Started), Ended: formatTime(ended),
		Outcome: outcome, Error: message,
	}
}
