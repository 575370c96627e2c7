package library

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

const (
	maxText    = 200     // characters of a text
	maxMinutes = 24 * 60 // of a length
	maxYear    = 9999    // of the times that can be compared as texts
)

// Filter selects meetings: those that meet all conditions that are set. The zero value selects all. Texts may occur
// anywhere, in any case of the letters A to Z.
type Filter struct {
	State      State   `json:"state,omitempty"`
	From       string  `json:"from,omitempty"`        // first day, such as 2026-01-31
	To         string  `json:"to,omitempty"`          // last day
	TimeZone   string  `json:"tz,omitempty"`          // of the days, such as Europe/Zurich; blank means UTC
	Person     string  `json:"person,omitempty"`      // part of a name or an address of the host or an invitee
	Type       string  `json:"type,omitempty"`        // Fathom's type of the meeting
	MinMinutes float64 `json:"min_minutes,omitempty"` // at least as long
	MaxMinutes float64 `json:"max_minutes,omitempty"` // shorter
	Title      string  `json:"title,omitempty"`       // part of the title
}

// Check returns a *FilterError if the filter can't be used.
func (f Filter) Check() error {
	_, err := f.where(false)
	return err
}

// where returns the SQL conditions of the filter on a meeting m with its transfer t. withoutState leaves the state out.
func (f Filter) where(withoutState bool) (condition, error) {
	c := condition{params: dbx.Params{}}
	position := slices.Index(States, f.State)
	switch {
	case f.State == "":
	case position < 0:
		return c, refuse("state", "The state must be one of %s.", joined(States))
	case !withoutState:
		c.add(stateSQL+" = {:state}", "state", position)
	}
	for _, text := range []struct{ param, value, sql string }{
		{"title", f.Title, `m.title LIKE {:title} ESCAPE '\'`},
		{"person", f.Person, personSQL},
		{"type", f.Type, "m.meeting_type = {:type}"},
	} {
		value := strings.TrimSpace(text.value)
		switch {
		case value == "":
			continue
		case !utf8.ValidString(value) || strings.ContainsRune(value, 0):
			return c, refuse(text.param, "The text contains characters that can't be searched for.")
		case utf8.RuneCountInString(value) > maxText:
			return c, refuse(text.param, "A text can have %d characters.", maxText)
		}
		if text.param != "type" {
			value = "%" + likeEscaper.Replace(value) + "%"
			if len(value) > sqlite.MaxPatternLength {
				return c, refuse(text.param, "The text is too long. Use a shorter part of it.")
			}
		}
		c.add(text.sql, text.param, value)
	}
	for _, length := range []struct {
		param, sql string
		minutes    float64
	}{{"min_minutes", "m.duration >= {:min_minutes}", f.MinMinutes}, {"max_minutes", "m.duration < {:max_minutes}", f.MaxMinutes}} {
		if !(length.minutes >= 0 && length.minutes <= maxMinutes) { // also if it isn't a number
			return c, refuse(length.param, "A length must be from 0 to %d minutes.", maxMinutes)
		}
		if length.minutes > 0 {
			c.add(length.sql, length.param, length.minutes*60)
		}
	}
	return c, f.addDays(&c)
}

// personSQL searches names and addresses, not the whole JSON, whose keys would be found, too.
const personSQL = `(m.recorded_by ->> '$.name' LIKE {:person} ESCAPE '\' OR m.recorded_by ->> '$.email' LIKE {:person} ESCAPE '\'
	OR EXISTS (SELECT 1 FROM json_each(CASE WHEN json_type(m.invitees) = 'array' THEN m.invitees ELSE '[]' END) p
	WHERE p.type = 'object' AND (p.value ->> '$.name' LIKE {:person} ESCAPE '\' OR p.value ->> '$.email' LIKE {:person} ESCAPE '\')))`

var likeEscaper = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)

func (f Filter) addDays(c *condition) error {
	zone, err := f.zone()
	if err != nil {
		return err
	}
	for _, day := range []struct {
		param, value, sql string
		next              int
	}{{"from", f.From, "m.recorded_at >= {:from}", 0}, {"to", f.To, "m.recorded_at < {:to}", 1}} {
		if day.value == "" {
			continue
		}
		date, err := time.ParseInLocation(time.DateOnly, day.value, zone)
		if err != nil {
			return refuse(day.param, "Write a day as YYYY-MM-DD, such as 2026-01-31.")
		}
		if bound := date.AddDate(0, 0, day.next).UTC(); bound.Year() <= maxYear {
			c.add(day.sql, day.param, stored(bound))
		}
		if day.param == "to" {
			c.add("m.recorded_at <> ''", "", nil)
		}
	}
	return nil
}

// zone returns the time zone of days and months.
func (f Filter) zone() (*time.Location, error) {
	if len(f.TimeZone) > maxText || f.TimeZone == "Local" {
		return nil, refuse("tz", "The time zone is unknown.")
	}
	zone, err := time.LoadLocation(f.TimeZone)
	if err != nil {
		return nil, refuse("tz", "The time zone is unknown.")
	}
	return zone, nil
}

// stored returns a time as PocketBase stores it.
func stored(t time.Time) string { return t.UTC().Format(types.DefaultDateLayout) }

func joined(states []State) string {
	names := make([]string, len(states))
	for i, state := range states {
		names[i] = string(state)
	}
	return strings.Join(names, ", ")
}

// condition is a condition of a query, with its parameters.
type condition struct {
	parts  []string
	params dbx.Params
}

func (c *condition) add(sql, param string, value any) {
	c.parts = append(c.parts, sql)
	if param != "" {
		c.params[param] = value
	}
}

// sql returns the WHERE clause.
func (c *condition) sql() string {
	if len(c.parts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(c.parts, " AND ")
}
