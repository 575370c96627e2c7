package hooks

import (
	"maps"
	"slices"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// ownerFields are the collections whose API rules let only the owner of a record and superusers see it, with the field
// that contains the owner's id. Package jobfeed sends the changes of jobs.
var ownerFields = map[string]string{migrations.Users: "id", migrations.UserDatabases: "user", migrations.JobSchedules: "user", migrations.AuditEvents: "owner", migrations.APITokens: "user", migrations.Shares: "owner"}

// bindRealtimeOwners keeps PocketBase from evaluating everybody's subscriptions, with a query for each, whenever a record
// of one user changes.
func (h handlers) bindRealtimeOwners() {
	collections := slices.Collect(maps.Keys(ownerFields))
	// PocketBase sends creations and updates at priority -99, and evaluates deletions at 99.
	for event, priority := range map[event[*core.ModelEvent]]int{
		h.OnModelAfterCreateSuccess(collections...): -99, h.OnModelAfterUpdateSuccess(collections...): -99, h.OnModelDelete(collections...): 99,
	} {
		bindWithPriority(event, "narrowSubscribers", priority-1, narrowSubscribers)
		bindWithPriority(event, "widenSubscribers", priority+1, widenSubscribers)
	}
}

// ownerApp is an App that knows no other realtime clients than those of one user and of superusers.
type ownerApp struct {
	core.App
	broker *subscriptions.Broker
}

// SubscriptionsBroker implements core.App.
func (a ownerApp) SubscriptionsBroker() *subscriptions.Broker { return a.broker }

func narrowSubscribers(e *core.ModelEvent) error {
	record, ok := e.Model.(*core.Record)
	if !ok {
		return e.Next()
	}
	owner, broker := record.GetString(ownerFields[record.Collection().Name]), subscriptions.NewBroker()
	for _, client := range e.App.SubscriptionsBroker().Clients() {
		auth, _ := client.Get(apis.RealtimeClientAuthKey).(*core.Record)
		if auth != nil && (auth.IsSuperuser() || auth.Collection().Name == migrations.Users && auth.Id == owner) {
			broker.Register(client)
		}
	}
	outer := e.App
	defer func() { e.App = outer }()
	e.App = ownerApp{outer, broker}
	return e.Next()
}

// widenSubscribers returns the App to all other handlers.
func widenSubscribers(e *core.ModelEvent) error {
	if app, ok := e.App.(ownerApp); ok {
		e.App = app.App
	}
	return e.Next()
}
