package userdb

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

// Tables of package app/search. They aren't collections: only the server uses them.
const (
	// SearchPending has the recording ids of the meetings whose index is out of date.
	SearchPending = "search_pending"

	// SearchState has one row, with the name of the latest change of the index. The index knows it, too, unless one of
	// the two files was replaced.
	SearchState = "search_state"
)

func init() {
	register("1796500010_search.go", func(app core.App) error {
		for _, statement := range []string{
			// Rows are numbered in the order in which they are added, and no number is used twice.
			"CREATE TABLE " + SearchPending + " (seq INTEGER PRIMARY KEY AUTOINCREMENT, recording_id INTEGER NOT NULL UNIQUE)",
			"CREATE TABLE " + SearchState + " (id INTEGER PRIMARY KEY CHECK (id = 1), token TEXT NOT NULL)",
			"INSERT INTO " + SearchState + " (id, token) VALUES (1, '')",
			searchTrigger(Meetings, "INSERT", "", "NEW"),
			searchTrigger(Meetings, "UPDATE", searchChange("recording_id", "title", "meeting_title", "recorded_at", "invitees", "recorded_by", "summary",
				"action_items", "highlights"), "OLD", "NEW"),
			searchTrigger(Meetings, "DELETE", "", "OLD"),
			searchTrigger(Transcripts, "INSERT", "", "NEW"),
			searchTrigger(Transcripts, "UPDATE", searchChange("recording_id", "items"), "OLD", "NEW"),
			searchTrigger(Transcripts, "DELETE", "", "OLD"),
		} {
			if _, err := app.DB().NewQuery(statement).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}

// searchChange is a condition that is true if one of the columns changes. Most updates change others.
func searchChange(columns ...string) string {
	conditions := make([]string, len(columns))
	for i, column := range columns {
		conditions[i] = "OLD." + column + " IS NOT NEW." + column
	}
	return " WHEN " + strings.Join(conditions, " OR ")
}

// searchTrigger adds the recording ids of rows to SearchPending. An earlier entry is replaced, so that a change during
// the processing of that entry isn't lost. Conflict clauses would not do: that of the statement that fires a trigger
// takes their place.
func searchTrigger(table, event, condition string, rows ...string) string {
	var body strings.Builder
	for _, row := range rows {
		body.WriteString("DELETE FROM " + SearchPending + " WHERE recording_id = " + row + ".recording_id; " +
			"INSERT INTO " + SearchPending + " (recording_id) VALUES (" + row + ".recording_id); ")
	}
	name := "search_" + table + "_" + strings.ToLower(event)
	return "CREATE TRIGGER " + name + " AFTER " + event + " ON " + table + condition + " BEGIN " + body.String() + "END"
}
