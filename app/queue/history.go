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
	OutcomeHeld        Outcome = "held"        // the handler met the cause of a pause
	OutcomeReleased    Outcome = "released"    // the server stopped
	OutcomeInterrupted Outcome = "interrupted" // the process crashed or hung
)

// Attempt is one run of a job in its history, or several consecutive ones that snoozed or were held.
type Attempt struct {
	Attempt int     `json:"attempt"`          // counts from 1; the next run has the same number unless this one Counts
	Worker  string  `json:"worker,omitempty"` // shown to superusers only
	Started string  `json:"started"`          // in PocketBase's date format
	Ended   string  `json:"ended"`
	Outcome Outcome `json:"outcome"`
	Error   string  `json:"error,omitempty"`
	Waited  float64 `json:"waited,omitempty"` // seconds for which the job had only waited by then; see Job.Waited
}

// Counts reports whether a run counts as an attempt. Jobs don't lose attempts by waiting or when the server
// stops.
func (a Attempt) Counts() bool {
	return a.Outcome != OutcomeSnoozed && a.Outcome != OutcomeHeld && a.Outcome != OutcomeReleased
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

// appendWait is appendHistory for a run that snoozed or was held. Consecutive ones are one entry, which lasts from
// the start of the first to the end of the last, so that a long wait doesn't replace the attempts before it.
func appendWait(history string, wait Attempt) (string, error) {
	attempts := ParseHistory(history)
	last := len(attempts) - 1
	if last < 0 || attempts[last].Outcome != wait.Outcome {
		return appendHistory(history, wait)
	}
	wait.Started = attempts[last].Started
	attempts[last] = wait
	raw, err := json.Marshal(attempts)
	return string(raw), err
}

// IsSnoozed reports whether the last run of a job, given its history, ended with a snooze.
func IsSnoozed(history string) bool {
	attempts := ParseHistory(history)
	return len(attempts) > 0 && attempts[len(attempts)-1].Outcome == OutcomeSnoozed
}

// HasSnoozed reports whether the run before this one ended with a snooze.
func (j Job) HasSnoozed() bool { return IsSnoozed(j.history) }

// Waited returns for how long a job has done nothing but wait by now, which is during its run: since the first of the
// consecutive runs, up to this one, that snoozed. The time for which it was held, or the server was stopped, does not
// count, but doesn't end the wait either. A run counts for at most maxSnooze, because the clock may have jumped during it.
func (j Job) Waited(now time.Time) time.Duration {
	return j.waitedBefore() + min(max(now.Sub(j.Started), 0), maxSnooze)
}

// waitedBefore is Waited at the start of the run.
func (j Job) waitedBefore() time.Duration {
	attempts := ParseHistory(j.history)
	if len(attempts) == 0 || attempts[len(attempts)-1].Counts() {
		return 0
	}
	last := attempts[len(attempts)-1]
	waited := time.Duration(last.Waited * float64(time.Second))
	ended, err := parseTime(last.Ended)
	if err != nil || last.Outcome != OutcomeSnoozed {
		return waited
	}
	// The snooze was not longer than maxSnooze. After that, the job was paused or waited for a slot.
	return waited + min(max(j.Started.Sub(ended), 0), maxSnooze)
}

// historyEntry returns the history entry of a run that has just ended.
func (j Job) historyEntry(ended time.Time, outcome Outcome, message string) Attempt {
	entry := Attempt{
		Attempt: j.Attempt, Worker: j.WorkerID, Started: formatTime(j.Started), Ended: formatTime(ended),
		Outcome: outcome, Error: message,
	}
	switch outcome {
	case OutcomeSnoozed:
		entry.Waited = j.Waited(ended).Truncate(time.Millisecond).Seconds()
	case OutcomeHeld, OutcomeReleased:
		entry.Waited = j.waitedBefore().Truncate(time.Millisecond).Seconds()
	}
	return entry
}
