package queue

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/list"
)

// Selection of jobs: those that are as every field says that isn't blank.
type Selection struct {
	IDs    []string `json:"ids,omitempty"`
	UserID string   `json:"user,omitempty"`
	Kind   string   `json:"kind,omitempty"`
	Status string   `json:"status,omitempty"`
}

// checkSelection catches what was misspelt, which would select nothing.
func (q *Queue) checkSelection(of Selection) error {
	if of.Status != "" && !slices.Contains(Statuses(), of.Status) {
		return &InvalidJob{Field: "status", Message: fmt.Sprintf("There is no status %q: say one of %s.", of.Status, strings.Join(Statuses(), ", "))}
	}
	if _, ok := q.kinds[of.Kind]; !ok && of.Kind != "" {
		return &InvalidJob{Field: "kind", Message: fmt.Sprintf("There is no kind of job %q: say one of %s.", of.Kind, strings.Join(q.Kinds(), ", "))}
	}
	return nil
}

// narrow has a query find the selected jobs only. The status is written out, because
// SQLite uses a partial index only for what it knows when it compiles;
// checkSelection knows it.
func (of Selection) narrow(query *dbx.SelectQuery) *dbx.SelectQuery {
	if of.Status != "" {
		query.AndWhere(dbx.NewExp("status = '" + of.Status + "'"))
	}
	if len(of.IDs) > 0 {
		query.AndWhere(dbx.In("id", list.ToInterfaceSlice(of.IDs)...))
	}
	if of.UserID != "" {
		query.AndWhere(dbx.HashExp{"user": of.UserID})
	}
	if of.Kind != "" {
		query.AndWhere(dbx.HashExp{"kind": of.Kind})
	}
	return query
}
