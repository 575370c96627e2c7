package queue

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

const (
	defaultAttempts = 5
	defaultTimeout  = time.Hour
	defaultMaxWait  = 24 * time.Hour
	unlimited       = 1 << 30
)

// Kind describes a kind of job that users may create.
type Kind struct {
	Name        string        // such as recording.transfer
	Lane        Lane          // whose slots its jobs use; the default is LaneLong
	MaxAttempts int           // 0 means 5
	Timeout     time.Duration // of one run; 0 means 1h
	MaxWait     time.Duration // how long a job may keep snoozing before it is dead; 0 means 24h
	Limit       int           // jobs of this kind that may run at once, across all workers; 0 means no limit
	KeepLast    bool          // whether retention keeps each user's last ended job of this kind

	// Check validates a payload, which is a JSON object, and returns a key that identifies the work.
	// While a user has an active job with this key, a second one is refused. The text of an error is
	// shown to the owner.
	Check func(payload json.RawMessage) (dedupe string, err error)
}

// kinds holds the job kinds that the queue accepts. They do not change once the queue is in use.
type kinds struct {
	byName     map[string]Kind
	byLane     [laneCount][]string // names
	shortKinds string              // names in LaneShort, as claimSQL needs them
	limits     map[string]int      // by name, from the settings; they replace Kind.Limit
}

func newKinds(limits map[string]int) *kinds {
	return &kinds{byName: map[string]Kind{}, shortKinds: "|", limits: limits}
}

// Define adds a kind, or replaces the kind of that name. It must not be called once the queue is in use.
func (k *kinds) Define(kind Kind) {
	kind.MaxAttempts = cmp.Or(kind.MaxAttempts, defaultAttempts)
	kind.Timeout = cmp.Or(kind.Timeout, defaultTimeout)
	kind.MaxWait = cmp.Or(kind.MaxWait, defaultMaxWait)
	if limit, ok := k.limits[kind.Name]; ok {
		kind.Limit = limit
	}
	k.byName[kind.Name] = kind
	k.byLane = [laneCount][]string{}
	for _, name := range k.Kinds() {
		lane := k.byName[name].Lane
		k.byLane[lane] = append(k.byLane[lane], name)
	}
	k.shortKinds = "|" + strings.Join(append(k.byLane[LaneShort], ""), "|")
}

// Kinds returns the names of all kinds, sorted.
func (k *kinds) Kinds() []string { return slices.Sorted(maps.Keys(k.byName)) }

// Timeout returns how long one run of a job of the named kind may take.
func (k *kinds) Timeout(name string) time.Duration {
	if kind, ok := k.byName[name]; ok {
		return kind.Timeout
	}
	return defaultTimeout
}

// unknownKindMessage returns a message for a client that names a kind that is not defined.
func (k *kinds) unknownKindMessage(name string) string {
	return fmt.Sprintf("Unknown job kind %q. Use one of %s.", name, strings.Join(k.Kinds(), ", "))
}

// has reports whether a kind is defined. Jobs that an earlier version created may have a kind that is
// not.
func (k *kinds) has(name string) bool {
	_, ok := k.byName[name]
	return ok
}

// limit returns how many jobs of a kind may run at once.
func (k *kinds) limit(name string) int {
	if limit := k.byName[name].Limit; limit > 0 {
		return limit
	}
	return unlimited
}

// maxWait returns how long a job of a kind may keep snoozing.
func (k *kinds) maxWait(name string) time.Duration {
	return cmp.Or(k.byName[name].MaxWait, defaultMaxWait)
}

// maxAttempts returns how many attempts a new job of a kind gets.
func (k *kinds) maxAttempts(name string) int {
	if kind, ok := k.byName[name]; ok {
		return kind.MaxAttempts
	}
	return defaultAttempts
}
