package queue

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/list"
)

// Selection selects the jobs that match all of its fields. A field that is empty matches every job.
type Selection struct {
	IDs    []string `json:"ids,omitempty"`
	UserID string   `json:"user,omitempty"`
	Kind   string   `json:"kind,omitempty"`
	Status Status   `json:"status,omitempty"`
}

// checkSelection returns an *InvalidJob for an unknown status or kind, which is probably misspelled.
func (q *Queue) checkSelection(selection Selection) error {
	if selection.Status != "" && !slices.Contains(Statuses(), selection.Status) {
		var names []string
		for _, status := range Statuses() {
			names = append(names, string(status))
		}
		return &InvalidJob{Field: "status", Message: fmt.Sprintf("Unknown status %q. Use one of %s.", selection.Status, strings.Join(names, ", "))}
	}
	if selection.Kind != "" && !q.has(selection.Kind) {
		return &InvalidJob{Field: "kind", Message: unknownKindMessage(selection.Kind, q.Kinds())}
	}
	return nil
}

// restrict adds the conditions of the selection to a query. The status, which checkSelection must have
// validated, becomes part of the text, because SQLite uses a partial index only if the value is known at
// compile time. Pending jobs have no index of their own; the second condition lets SQLite use the index
// of active jobs.
func (s Selection) restrict(query *dbx.SelectQuery) *dbx.SelectQuery {
	if s.Status != "" {
		query.AndWhere(dbx.NewExp("status = '" + string(s.Status) + "'"))
		if s.Status == StatusPending {
			query.AndWhere(dbx.NewExp("finished_at = ''"))
		}
	}
	if len(s.IDs) > 0 {
		query.AndWhere(dbx.In("id", list.ToInterfaceSlice(s.IDs)...))
	}
	if s.UserID != "" {
		query.AndWhere(dbx.HashExp{"user": s.UserID})
	}
	if s.Kind != "" {
		query.AndWhere(dbx.HashExp{"kind": s.Kind})
	}
	return query
}
