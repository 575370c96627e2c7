package transfer

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/preferences"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// webhooks are the webhooks of a user, compared with what is wanted.
type webhooks struct {
	wanted      bool
	spec        wantedWebhook
	current     *core.Record   // the one that is wanted; nil if there is none
	earlier     []*core.Record // those that work with other triggers, kept until there is a current one
	outdated    []*core.Record // to be removed
	unconfirmed []*core.Record // whose creation was interrupted
	failed      []*core.Record // those with the wanted key and target that Fathom has refused or not confirmed, the oldest first
}

func (w *webhooks) addFailed(endpoint *core.Record) {
	if w.spec.hasKeyAndTargetOf(endpoint) { // another key may belong to an account with another plan
		w.failed = append(w.failed, endpoint)
	}
}

// giveUpEarlier marks the earlier webhooks as outdated unless they stand in for one that is missing.
func (w *webhooks) giveUpEarlier() {
	if !w.wanted || w.current != nil {
		w.outdated, w.earlier = append(w.outdated, w.earlier...), nil
	}
}

// areReached reports whether nothing is to be done.
func (w webhooks) areReached() bool {
	return len(w.outdated) == 0 && len(w.unconfirmed) == 0 && (!w.wanted || w.current != nil || len(w.failed) >= maxFailed)
}

// webhooksOf compares the webhooks of a user with what is wanted. connection is the user's connection to Fathom.
func (s *Service) webhooksOf(db *userdb.Database, connection *core.Record) (w webhooks, err error) {
	endpoints, err := s.endpointsOf(s.global, db.UserID)
	if err != nil {
		return w, err
	}
	w.wanted = s.isWebhookWanted(db.App)
	w.spec = s.wantedWebhook(db.App, connection)
	for _, endpoint := range endpoints {
		switch endpoint.GetString("status") {
		case endpointCreating: // only one job of a user runs, so its run has ended
			w.unconfirmed = append(w.unconfirmed, endpoint)
		case endpointLost, endpointRefused:
			w.addFailed(endpoint)
		case endpointActive:
			switch {
			case w.wanted && w.current == nil && w.spec.matches(endpoint):
				w.current = endpoint
			case w.spec.hasKeyAndTargetOf(endpoint):
				w.earlier = append(w.earlier, endpoint)
			default:
				w.outdated = append(w.outdated, endpoint)
			}
		}
	}
	w.giveUpEarlier()
	return w, nil
}

// isWebhookWanted reports whether Fathom can reach the server and the user has not turned calls from Fathom off.
func (s *Service) isWebhookWanted(app core.App) bool {
	return s.webhookBase != "" && preferences.Webhook(app)
}

// wantedWebhook holds the fields of an endpoint that say what its webhook was created for.
type wantedWebhook struct{ target, keyHash, triggers string }

func (s *Service) wantedWebhook(app core.App, connection *core.Record) wantedWebhook {
	return wantedWebhook{
		target: s.webhookBase, keyHash: hashOfKey(connection.GetString("secret")), triggers: strings.Join(wantedTriggers(app)[0], ","),
	}
}

func (w wantedWebhook) matches(endpoint *core.Record) bool {
	return w.hasKeyAndTargetOf(endpoint) && endpoint.GetString("triggers") == w.triggers
}

func (w wantedWebhook) hasKeyAndTargetOf(endpoint *core.Record) bool {
	return endpoint.GetString("target") == w.target && endpoint.GetString("key_hash") == w.keyHash
}

// wantedTriggers returns which meetings a webhook reports, and what to ask for instead if Fathom refuses that, because it
// may refuse the triggers of team plans.
func wantedTriggers(app core.App) [][]string {
	const mine, team = fathom.TriggerMyRecordings, fathom.TriggerMySharedWithTeam
	if !preferences.SyncOthers(app).Enabled {
		return [][]string{{mine, team}, {mine}}
	}
	const external = fathom.TriggerSharedExternalRecordings
	return [][]string{{mine, team, external, fathom.TriggerSharedTeamRecordings}, {mine, external}, {mine}}
}
