package library

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"

	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

const maxTypes = 50 // of meetings, to choose from

// Month is how many meetings of a month there are. Its name is such as 2026-01, blank for meetings without a date.
type Month struct {
	Month string `json:"month"`
	Count int    `json:"count"`
}

// Overview counts the meetings that a filter selects.
type Overview struct {
	Total   int           `json:"total"`
	Seconds float64       `json:"seconds"` // of all of them together
	States  map[State]int `json:"states"`  // without regard to the state in the filter
	Months  []Month       `json:"months"`  // in the order of the meetings; empty if that isn't by date
	Types   []string      `json:"types"`   // of all meetings, whatever the filter
}

// Count counts the meetings that a filter selects. It returns a *FilterError if the filter can't be used.
func Count(ctx context.Context, db dbx.Builder, filter Filter, sort Sort) (o Overview, err error) {
	where, err := filter.where(true)
	if err != nil {
		return o, err
	}
	zone, err := filter.zone()
	if err != nil {
		return o, err
	}
	o = Overview{States: make(map[State]int, len(States)), Months: []Month{}, Types: []string{}}
	for _, state := range States {
		o.States[state] = 0
	}
	query := "SELECT m.recorded_at, m.duration, " + stateSQL + meetingsSQL + transfersSQL + where.sql()
	if sort.isByDate() {
		query += " ORDER BY " + orders[sort]
	}
	rows, err := db.NewQuery(query).Bind(where.params).WithContext(ctx).Rows()
	if err != nil {
		return o, fmt.Errorf("count meetings: %w", err)
	}
	defer func() { _ = rows.Close() }()
	months := monthCounter{zone: zone}
	for rows.Next() {
		var at string
		var seconds float64
		var position int
		if err := rows.Scan(&at, &seconds, &position); err != nil {
			return o, fmt.Errorf("count meetings: %w", err)
		}
		state := States[position]
		o.States[state]++
		if filter.State != "" && filter.State != state {
			continue
		}
		o.Total++
		o.Seconds += seconds
		if sort.isByDate() {
			months.add(at)
		}
	}
	if err := rows.Err(); err != nil {
		return o, fmt.Errorf("count meetings: %w", err)
	}
	o.Months = append(o.Months, months.counted...)
	err = db.Select("meeting_type").Distinct(true).From(schema.Meetings).Where(dbx.NewExp("meeting_type <> ''")).
		OrderBy("meeting_type").Limit(maxTypes).WithContext(ctx).Column(&o.Types)
	if err != nil {
		return o, fmt.Errorf("list types of meetings: %w", err)
	}
	return o, nil
}

// monthCounter counts times by month in a time zone. Successive times of one month cost a comparison of texts.
type monthCounter struct {
	zone        *time.Location
	counted     []Month
	first, next string // the current month is from first, and before next
}

// add counts a time as PocketBase stores it.
func (c *monthCounter) add(at string) {
	if len(c.counted) == 0 || at < c.first || at >= c.next {
		c.begin(at)
	}
	c.counted[len(c.counted)-1].Count++
}

func (c *monthCounter) begin(at string) {
	t, err := time.Parse("2006-01-02 15:04:05.999Z", at)
	if err != nil {
		c.counted, c.first, c.next = append(c.counted, Month{}), at, at+"\x00"
		return
	}
	t = t.In(c.zone)
	first := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, c.zone)
	c.first, c.next = stored(first), stored(first.AddDate(0, 1, 0))
	c.counted = append(c.counted, Month{Month: t.Format("2006-01")})
}
