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
	unlimited       = 1 << 30
)

// Kind describes a kind of job that users may create.
type Kind struct {
	Name        string        // such as recording.transfer
	MaxAttempts int           // 0 means 5
	Timeout     time.Duration // of one attempt; 0 means 1h
	Limit       int           // jobs of this kind that may run at once, across all workers; 0 means no limit

	// Check validates a payload, which is a JSON object, and returns a key that identifies the work.
	// While a user has an active job with this key, a second one is refused. The text of an error is
	// shown to the owner.
	Check func(payload json.RawMessage) (dedupe string, err error)
}

// kinds holds the job kinds that the queue accepts. They do not change once the queue is in use.
type kinds struct {
	byName map[string]Kind
	limits map[string]int // by name, from the settings; they replace Kind.Limit
}

func newKinds(limits map[string]int) *kinds {
	return &kinds{byName: map[string]Kind{}, limits: limits}
}

// Define adds a kind, or replaces the kind of that name. It must not be called once the queue is in use.
func (k *kinds) Define(kind Kind) {
	kind.MaxAttempts = cmp.Or(kind.MaxAttempts, defaultAttempts)
	kind.Timeout = cmp.Or(kind.Timeout, defaultTimeout)
	if limit, ok := k.limits[kind.Name]; ok {
		kind.Limit = limit
	}
	k.byName[kind.Name] = kind
}

// Kinds returns the names of all kinds, sorted.
func (k *kinds) Kinds() []string { return slices.Sorted(maps.Keys(k.byName)) }

// Timeout returns how long one attempt at a job of the named kind may take.
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

// maxAttempts returns how many attempts a new job of a kind gets.
func (k *kinds) maxAttempts(name string) int {
	if kind, ok := k.byName[name]; ok {
		return kind.MaxAttempts
	}
	return defaultAttempts
}
