// Package library lists the meetings of a user database for people who look through them: filtered, sorted, counted by
// state and by month, and a window at a time.
//
// Everything is read from data.db, with indexes that contain all that is filtered and sorted by, because the rows of
// meetings are long. All functions are safe for concurrent use. The package must not decide who may read what.
package library

import (
	"fmt"

	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// State groups the states of transfers as people see them.
type State string

// All states. A meeting has exactly one.
const (
	AtFathom State = "at_fathom" // not transferred
	Copying  State = "copying"   // being transferred, or waiting for that
	YourTurn State = "your_turn" // its owner uploads it to Loom
	OnLoom   State = "on_loom"
	KeptHere State = "kept_here" // stored, and not meant for Loom
	Problem  State = "problem"
)

// States are all states, in the order in which meetings go through them.
var States = []State{AtFathom, Copying, YourTurn, OnLoom, KeptHere, Problem}

// stateSQL is the position in States of a meeting m with its transfer t.
const stateSQL = `(CASE WHEN t.status IS NULL OR t.status = 'cancelled' THEN 0
	WHEN t.status IN ('queued', 'fetching', 'downloading', 'uploading') THEN 1
	WHEN t.status = 'awaiting_share_url' THEN 2 WHEN t.status = 'delivered' THEN 3
	WHEN t.status <> 'stored' THEN 5 WHEN t.deliver THEN 1 ELSE 4 END)`

// sizeSQL is the size in bytes of the stored file of a meeting, or of the one at Fathom if that is known.
const sizeSQL = "CAST(COALESCE(NULLIF(r.size, 0), t.bytes_total, 0) AS INTEGER)"

const (
	meetingsSQL  = " FROM " + schema.Meetings + " m"
	transfersSQL = " LEFT JOIN " + schema.Transfers + " t ON t.recording_id = m.recording_id"
	filesSQL     = " LEFT JOIN " + schema.Recordings + " r ON r.recording_id = m.recording_id AND r.file <> ''"
)

// Sort is an order of meetings.
type Sort string

// All orders. Within each, the newest come first.
const (
	Newest  Sort = "newest"
	Oldest  Sort = "oldest"
	ByTitle Sort = "title"
	Longest Sort = "longest"
	Largest Sort = "largest"
)

// orders are the SQL of each order. A plus keeps SQLite from reading the rows themselves by an index of that column.
var orders = map[Sort]string{
	Newest:  "m.recorded_at DESC, m.recording_id DESC",
	Oldest:  "m.recorded_at, m.recording_id",
	ByTitle: "m.title COLLATE NOCASE, +m.recorded_at DESC, +m.recording_id DESC",
	Longest: "m.duration DESC, +m.recorded_at DESC, +m.recording_id DESC",
	Largest: sizeSQL + " DESC, +m.recorded_at DESC, +m.recording_id DESC",
}

// IsValid reports whether s is one of the orders.
func (s Sort) IsValid() bool { return orders[s] != "" }

// isByDate reports whether meetings of the same month follow one another.
func (s Sort) isByDate() bool { return s == Newest || s == Oldest }

// from returns the tables of a query in this order.
func (s Sort) from() string {
	if s == Largest {
		return meetingsSQL + transfersSQL + filesSQL
	}
	return meetingsSQL + transfersSQL
}

// FilterError means that a filter can't be used. Param is its name in requests, and Message is for the user.
type FilterError struct{ Param, Message string }

// Error returns the message.
func (e *FilterError) Error() string { return e.Message }

func refuse(param, format string, args ...any) error {
	return &FilterError{param, fmt.Sprintf(format, args...)}
}
