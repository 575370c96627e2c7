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

// handles reports whether a topic is about jobs.
func (t topics) handles(topic string) bool { return t.jobID(topic) != "" }

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

	// Topics with options are in these instead.
	filtered     map[string]subscriptions.SubscriptionOptions // by topic
	filteredAll  []string
	filteredByID map[string][]string
}

// filteredTopicsOf returns the topics with options that concern a job.
func (s subscriber) filteredTopicsOf(jobID string) []string {
	return slices.Concat(s.filteredAll, s.filteredByID[jobID])
}

func (s subscriber) topicsOf(jobID string) []string { return slices.Concat(s.all, s.byID[jobID]) }

func (s subscriber) wants(jobID string) bool {
	return len(s.all) > 0 || len(s.byID[jobID]) > 0 || len(s.filteredAll) > 0 || len(s.filteredByID[jobID]) > 0
}

// subscribers lists all subscribers at one moment.
type subscribers struct {
	byUser     map[string][]subscriber // by user id
	superusers []subscriber
}

// subscribers reads the subscriptions of all clients.
func (f *Feed) subscribers() *subscribers {
	all := &subscribers{byUser: map[string][]subscriber{}}
	for _, client := range f.app.SubscriptionsBroker().Clients() {
		s := f.subscriberOf(client)
		if len(s.all) == 0 && len(s.byID) == 0 && len(s.filtered) == 0 {
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

// subscriberOf reads the subscriptions of a client. It creates no map that stays empty, because it is called for
// every client whenever jobs have changed.
func (f *Feed) subscriberOf(client subscriptions.Client) subscriber {
	s := subscriber{client: client}
	for topic, options := range client.Subscriptions() {
		id := f.topics.jobID(topic)
		if id == "" {
			continue
		}
		all, byID := &s.all, &s.byID
		if hasOptions(topic) {
			if s.filtered == nil {
				s.filtered = map[string]subscriptions.SubscriptionOptions{}
			}
			s.filtered[topic] = options
			all, byID = &s.filteredAll, &s.filteredByID
		}
		if id == allJobs {
			*all = append(*all, topic)
			continue
		}
		if *byID == nil {
			*byID = map[string][]string{}
		}
		(*byID)[id] = append((*byID)[id], topic)
	}
	return s
}

func (s *subscribers) isEmpty() bool { return len(s.byUser) == 0 && len(s.superusers) == 0 }

// want reports whether any subscriber may have to be notified of a change.
func (s *subscribers) want(change queue.Change) bool {
	wantsJob := func(candidate subscriber) bool { return candidate.wants(change.ID) }
	return slices.ContainsFunc(s.byUser[change.UserID], wantsJob) || slices.ContainsFunc(s.superusers, wantsJob)
}
