package jobfeed

import (
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// topics recognizes the topics of jobs, which start with the name or the id of the collection.
type topics struct{ prefixes [2]string }

func newTopics(app core.App) (topics, error) {
	collection, err := app.FindCachedCollectionByNameOrId(migrations.GlobalQueue)
	if err != nil {
		return topics{}, err
	}
	return topics{prefixes: [2]string{collection.Name, collection.Id}}, nil
}

// handles reports whether a topic is about jobs and has no options.
func (t topics) handles(topic string) bool {
	return t.jobID(topic) != "" && !hasOptions(topic)
}

func hasOptions(topic string) bool { return strings.Contains(topic, "?") }

// allJobs is the result of jobID for a topic of all jobs.
const allJobs = "*"

// jobID returns the id of the job that a topic is about. It returns allJobs for a topic of all jobs, and
// "" for a topic that is not about jobs.
func (t topics) jobID(topic string) string {
	path, _, _ := strings.Cut(topic, "?")
	for _, prefix := range t.prefixes {
		rest, ok := strings.CutPrefix(path, prefix)
		if !ok || prefix == "" {
			continue
		}
		if rest == "" { // the form that older clients use
			return allJobs
		}
		if id, ok := strings.CutPrefix(rest, "/"); ok {
			return id
		}
	}
	return ""
}

// subscriber is a client with subscriptions to jobs.
type subscriber struct {
	client subscriptions.Client
	auth   *core.Record
	all    []string            // subscribed topics of all jobs
	byID   map[string][]string // subscribed topics of single jobs, by job id
}

func (s subscriber) topicsOf(jobID string) []string { return slices.Concat(s.all, s.byID[jobID]) }

func (s subscriber) wants(jobID string) bool { return len(s.all) > 0 || len(s.byID[jobID]) > 0 }

// subscribers lists all subscribers at one moment.
type subscribers struct {
	byUser      map[string][]subscriber // by user id
	superusers  []subscriber
	hasFiltered bool // whether there are topics with options, which PocketBase serves
}

// subscribers reads the subscriptions of all clients.
func (f *Feed) subscribers() *subscribers {
	all := &subscribers{byUser: map[string][]subscriber{}}
	for _, client := range f.app.SubscriptionsBroker().Clients() {
		s := subscriber{client: client, byID: map[string][]string{}}
		for topic := range client.Subscriptions() {
			switch id := f.topics.jobID(topic); {
			case id == "":
			case hasOptions(topic):
				all.hasFiltered = true
			case id == allJobs:
				s.all = append(s.all, topic)
			default:
				s.byID[id] = append(s.byID[id], topic)
			}
		}
		if len(s.all) == 0 && len(s.byID) == 0 {
			continue
		}
		if s.auth = authOf(client); s.auth == nil {
			continue
		}
		switch {
		case s.auth.IsSuperuser():
			all.superusers = append(all.superusers, s)
		case s.auth.Collection().Name == migrations.Users:
			all.byUser[s.auth.Id] = append(all.byUser[s.auth.Id], s)
		}
	}
	return all
}

func (s *subscribers) isEmpty() bool {
	return len(s.byUser) == 0 && len(s.superusers) == 0 && !s.hasFiltered
}

// want reports whether any subscriber may have to be notified of a change.
func (s *subscribers) want(change queue.Change) bool {
	wantsJob := func(candidate subscriber) bool { return candidate.wants(change.ID) }
	return s.hasFiltered || slices.ContainsFunc(s.byUser[change.UserID], wantsJob) || slices.ContainsFunc(s.superusers, wantsJob)
}
