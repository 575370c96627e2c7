package jobfeed

import (
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// topics are those of jobs. The collection goes by its name or its id.
type topics struct{ prefixes [2]string }

func topicsOf(app core.App) (topics, error) {
	collection, err := app.FindCachedCollectionByNameOrId(migrations.GlobalQueue)
	if err != nil {
		return topics{}, err
	}
	return topics{prefixes: [2]string{collection.Name, collection.Id}}, nil
}

func (t topics) withhold(topic string) bool {
	return t.job(topic) != "" && !strings.Contains(topic, "?")
}

// job is the id that a topic is about, * for every job, "" for something else.
func (t topics) job(topic string) string {
	path, _, _ := strings.Cut(topic, "?")
	for _, prefix := range t.prefixes {
		rest, ok := strings.CutPrefix(path, prefix)
		if !ok || prefix == "" {
			continue
		}
		if rest == "" { // as older clients say it
			return "*"
		}
		if id, ok := strings.CutPrefix(rest, "/"); ok {
			return id
		}
	}
	return ""
}

// listener is a client that follows jobs.
type listener struct {
	client subscriptions.Client
	auth   *core.Record
	all    []string            // topics of every job
	byID   map[string][]string // topics of one
}

func (l listener) topicsOf(id string) []string { return slices.Concat(l.all, l.byID[id]) }

// audience is who follows jobs at a moment.
type audience struct {
	byUser     map[string][]listener
	superusers []listener
	others     bool // PocketBase has to serve some itself
}

func (a *audience) isEmpty() bool { return len(a.byUser) == 0 && len(a.superusers) == 0 && !a.others }

// wants says whether somebody may be told of a change.
func (a *audience) wants(change queue.Change) bool {
	wants := func(l listener) bool { return len(l.all) > 0 || len(l.byID[change.ID]) > 0 }
	return a.others || slices.ContainsFunc(a.byUser[change.UserID], wants) || slices.ContainsFunc(a.superusers, wants)
}

// audience looks at every stream, once for all that has changed.
func (s *Service) audience() *audience {
	a := &audience{byUser: map[string][]listener{}}
	for _, client := range s.app.SubscriptionsBroker().Clients() {
		l := listener{client: client, byID: map[string][]string{}}
		for topic := range client.Subscriptions() {
			switch id := s.topics.job(topic); {
			case id == "":
			case strings.Contains(topic, "?"):
				a.others = true
			case id == "*":
				l.all = append(l.all, topic)
			default:
				l.byID[id] = append(l.byID[id], topic)
			}
		}
		if len(l.all) == 0 && len(l.byID) == 0 {
			continue
		}
		if l.auth = authOf(client); l.auth == nil {
			continue
		}
		switch {
		case l.auth.IsSuperuser():
			a.superusers = append(a.superusers, l)
		case l.auth.Collection().Name == migrations.Users:
			a.byUser[l.auth.Id] = append(a.byUser[l.auth.Id], l)
		}
	}
	return a
}
