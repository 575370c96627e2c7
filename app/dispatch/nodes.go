package dispatch

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

const (
	maxNodes   = 1000   // movers that are remembered
	maxSlots   = 10_000 // of a mover
	maxVersion = 64     // bytes
)

// nodes are the movers that were heard of lately.
type nodes struct {
	timeout time.Duration

	mu    sync.Mutex
	heard map[string]heard
}

type heard struct {
	Node
	at time.Time
}

// hear handles the message of a mover about itself. One without slots is leaving.
func (n *nodes) hear(message bus.Message) {
	var node Node
	if len(message.Body) > maxReport || json.Unmarshal(message.Body, &node) != nil {
		return
	}
	if !isToken(node.ID) || !strings.HasSuffix(message.Subject, "."+node.ID) || node.Slots < 0 || node.Slots > maxSlots {
		return
	}
	node.Version = sanitize.SingleLine(sanitize.TruncateBytes(node.Version, maxVersion))
	node.Busy = min(max(node.Busy, 0), node.Slots)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.forget()
	if node.Slots == 0 {
		delete(n.heard, node.ID)
		return
	}
	if _, known := n.heard[node.ID]; known || len(n.heard) < maxNodes {
		n.heard[node.ID] = heard{node, time.Now()}
	}
}

// forget removes the movers that have been silent for too long. n.mu must be locked.
func (n *nodes) forget() {
	maps.DeleteFunc(n.heard, func(_ string, node heard) bool { return time.Since(node.at) > n.timeout })
}

func (n *nodes) list() []Node {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.forget()
	list := make([]Node, 0, len(n.heard))
	for _, id := range slices.Sorted(maps.Keys(n.heard)) {
		list = append(list, n.heard[id].Node)
	}
	return list
}

// any reports whether a mover is there.
func (n *nodes) any() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.forget()
	return len(n.heard) > 0
}
