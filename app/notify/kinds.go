package notify

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/notice"
	"github.com/fathom-to-loom/fathom-to-loom/app/preferences"
)

// kind says how notices of one kind are sent.
type kind struct {
	notice  notice.Kind
	event   string // the type of the messages to webhooks
	group   string // of the preference for mail
	subject string // of a mail about one notice
	titled  bool   // whether the meeting's title follows the subject
	page    string // where the owner acts on the notice; blank means the meeting's page
}

// Pages of the web app.
const (
	fathomPage     = "/settings/fathom"
	automationPage = "/settings/automation"
	loomPage       = "/settings/loom"
)

// kinds contains all kinds of notices.
var kinds = []kind{
	{notice.TransferFailed, "transfer.failed", preferences.GroupFailed, "Problem: ", true, ""},
	{notice.RefetchFailed, "transfer.refetch_failed", preferences.GroupFailed, "File not fetched again: ", true, ""},
	{notice.YourTurn, "transfer.your_turn", preferences.GroupYourTurn, "Your turn: ", true, ""},
	{notice.LinkMismatch, "link.mismatch", preferences.GroupFailed, "Check the Loom link: ", true, ""},
	{notice.SyncFailed, "sync.failed", preferences.GroupFailed, "Your meetings could not be synced", false, fathomPage},
	{notice.KeyRefused, "key.refused", preferences.GroupFailed, "Fathom refused your API key", false, fathomPage},
	{notice.ScheduleStopped, "schedule.stopped", preferences.GroupFailed, "An automatic sync has stopped", false, automationPage},
	{notice.WebhookLost, "webhook.lost", preferences.GroupFailed, "A problem in Fathom-to-Loom", false, automationPage},
	{notice.ConnectionFailed, "connection.failed", preferences.GroupFailed, "A connection has stopped working", false, loomPage},
	{notice.Digest, "digest", preferences.GroupDigest, "Your week in Fathom-to-Loom", false, ""},
}

// kindOf returns the kind of a notice. A kind of a later version is sent like a failure.
func kindOf(n *core.Record) kind {
	name := notice.Kind(n.GetString("kind"))
	for _, k := range kinds {
		if k.notice == name {
			return k
		}
	}
	return kind{notice: name, event: string(name), group: preferences.GroupFailed, subject: "A problem in Fathom-to-Loom"}
}

// eventNames returns the types of the messages to webhooks.
func eventNames() (names []string) {
	for _, k := range kinds {
		names = append(names, k.event)
	}
	return names
}
