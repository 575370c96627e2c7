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

// Kind describes a kind of job.
type Kind struct {
	Name        string        // such as recording.transfer
	Lane        Lane          // whose slots its jobs use; the default is LaneLong
	MaxAttempts int           // 0 means 5
	Timeout     time.Duration // of one run; 0 means 1h
	MaxWait     time.Duration // how long a job may do nothing but wait before it is dead; 0 means 24h
	Needs       string        // the service that its jobs call, such as fathom, which can be paused as needs:fathom; may be empty
	Limit       int           // jobs of this kind that may run at once, across all workers; 0 means no limit
	KeepLast    bool          // whether retention keeps each user's last ended job of this kind
	Internal    bool          // only the server creates its jobs, which don't count towards a user's active jobs

	// Check validates a payload, which is a JSON object, and returns a key that identifies the work.
	// While a user has an active job with this key, creating a second one returns the first. The text of
	// an error is shown to the owner.
	Check func(payload json.RawMessage) (dedupe string, err error)

	// OwnerCheck refuses payloads that only the server may use. The text of an error is shown to the owner.
	// Jobs with such a payload are created even if the user has the maximum number of active jobs. nil
	// refuses nothing.
	OwnerCheck func(payload json.RawMessage) error

	// Merge is called when a job is created whose work an active one does already. It returns the payload that
	// the active job gets, for which Check must return the same key. again reports whether a run that has
	// begun with the active payload must be followed by another one. nil keeps the active payload.
	Merge func(active, requested json.RawMessage) (merged json.RawMessage, again bool)
}

// isServers reports whether only the server may create a job of the kind with this payload.
func (k Kind) isServers(payload json.RawMessage) bool {
	return k.Internal || k.OwnerCheck != nil && k.OwnerCheck(payload) != nil
}

// kinds holds the job kinds that the queue accepts. They do not change once the queue is in use.
type kinds struct {
	byName     map[string]Kind
	byLane     [laneCount][]string // names
	shortKinds string              // names in LaneShort, as claimSQL needs them
	internal   string              // names of the internal kinds, as countActiveSQL needs them
	limits     map[string]int      // by name, from the settings; they replace Kind.Limit
}

func newKinds(limits map[string]int) *kinds {
	return &kinds{byName: map[string]Kind{}, shortKinds: "|", internal: "|", limits: limits}
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
	k.byLane, k.internal = [laneCount][]string{}, "|"
	for _, name := range k.Kinds() {
		lane := k.byName[name].Lane
		k.byLane[lane] = append(k.byLane[lane], name)
		if k.byName[name].Internal {
			k.internal += name + "|"
		}
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

// needing returns the names of the kinds that need a service, sorted.
func (k *kinds) needing(service string) []string {
	return slices.DeleteFunc(k.Kinds(), func(name string) bool { return k.byName[name].Needs != service })
}

// needs returns the kinds of pauses of a service, sorted.
func (k *kinds) needs() []string {
	all := map[string]bool{}
	for _, kind := range k.byName {
		if kind.Needs != "" {
			all[Needing(kind.Needs)] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// ownerKinds returns the names of the kinds that users may create, sorted.
func (k *kinds) ownerKinds() []string {
	return slices.DeleteFunc(k.Kinds(), func(name string) bool { return k.byName[name].Internal })
}

// unknownKindMessage returns a message for a client that names a kind that is not among the given ones.
func unknownKindMessage(name string, known []string) string {
	return fmt.Sprintf("Unknown job kind %q. Use one of %s.", name, strings.Join(known, ", "))
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
