package preferences

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

// maxOthers limits how many people and teams can be chosen. Each sync asks for the calls of all of them.
const maxOthers = 200

// Others tells which calls are synced that Fathom lists only when it is asked for the people or teams that recorded
// them. The zero value syncs none.
type Others struct {
	Enabled bool     `json:"enabled"`
	People  []string `json:"people"` // e-mail addresses
	Teams   []string `json:"teams"`  // names; without people and teams, the calls of all teams are synced
}

// SyncOthers returns which calls recorded by others are synced; the default is none.
func SyncOthers(app core.App) Others {
	others, err := decodeOthers(read(app, KeySyncOthers))
	if err != nil || len(others.People)+len(others.Teams) > maxOthers {
		return Others{}
	}
	return others
}

func decodeOthers(value json.RawMessage) (others Others, err error) {
	err = decodeStrict(value, &others)
	others.People, others.Teams = clean(others.People), clean(others.Teams)
	return others, err
}

// clean removes spaces around texts, blank texts and duplicates, and sorts the rest.
func clean(texts []string) []string {
	for i := range texts {
		texts[i] = strings.TrimSpace(texts[i])
	}
	slices.Sort(texts)
	return slices.DeleteFunc(slices.Compact(texts), func(text string) bool { return text == "" })
}
