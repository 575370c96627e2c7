package audit

import (
	"crypto/sha256"
	"encoding/base64"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// Kind says what happened. Kinds are stored and sent to clients, so that their texts must not change.
type Kind string

// The kinds of events. Detail is blank unless it is described here.
const (
	SignIn       Kind = "sign_in"        // Detail: password, otp or the name of an OAuth2 provider
	SignInFailed Kind = "sign_in_failed" // a wrong password or code; Detail: password or otp

	PasswordChanged Kind = "password_changed"
	EmailChanged    Kind = "email_changed"
	SessionsEnded   Kind = "sessions_ended" // all sessions, for another reason than a change of the password or address
	TwoStepOn       Kind = "two_step_on"    // sign-in takes an e-mailed code
	TwoStepOff      Kind = "two_step_off"
	OAuth2Linked    Kind = "oauth2_linked"   // Detail: name of the provider
	OAuth2Unlinked  Kind = "oauth2_unlinked" // Detail: name of the provider

	TokenCreated  Kind = "token_created"  // an API token; Detail: its name
	TokenRevoked  Kind = "token_revoked"  // Detail: its name
	TokensRevoked Kind = "tokens_revoked" // all of them, together with all sessions; Detail: how many

	ShareCreated Kind = "share_created" // a link to a recording; Detail: id of the recording
	ShareChanged Kind = "share_changed" // another expiry, password or selection of what is shown; Detail: id of the recording
	ShareRevoked Kind = "share_revoked" // also because the recording was deleted; Detail: id of the recording

	AssistantConnected    Kind = "assistant_connected"    // the user gave an assistant access; Detail: its name and host
	AssistantDisconnected Kind = "assistant_disconnected" // Detail: its name and host
	AssistantReused       Kind = "assistant_reused"       // disconnected because a code or token was used twice; Detail: its name and host

	ConnectionAdded    Kind = "connection_added"    // Detail: provider, such as fathom
	ConnectionReplaced Kind = "connection_replaced" // a new secret; Detail: provider
	ConnectionChanged  Kind = "connection_changed"  // other settings; Detail: provider
	ConnectionRemoved  Kind = "connection_removed"  // Detail: provider

	DatabaseOpened   Kind = "database_opened" // by a superuser
	TitlesShown      Kind = "titles_shown"    // titles of meetings, to a superuser who looks at jobs
	DatabaseExported Kind = "database_exported"
	MeetingsExported Kind = "meetings_exported" // files of some meetings
	DatabaseImported Kind = "database_imported"
	DatabaseArchived Kind = "database_archived"
	DatabaseRestored Kind = "database_restored" // Detail: backup, or blank if it was archived

	DeletionScheduled Kind = "deletion_scheduled"
	DeletionUndone    Kind = "deletion_undone"
	DatabaseDeleted   Kind = "database_deleted" // while its owner's account exists

	SuperuserAdded   Kind = "superuser_added"
	SuperuserRemoved Kind = "superuser_removed"
)

// Event is something that happened to an account. It must not contain secrets.
type Event struct {
	Owner    string // id of the user or superuser whose account it is
	Kind     Kind
	Detail   string // described with the kinds
	Database string // name of the user database that it concerns, if any
	Actor    Actor  // zero means the actor of the context
}

// period is the time in which equal events are one row.
const period = time.Hour

// bucket identifies the row of an event. Failed sign-ins of an account share one whatever their origin, so that an
// attacker can't fill the table, and so do a superuser's requests to a database.
func (e Event) bucket(at time.Time) string {
	parts := []string{e.Owner, string(e.Kind), strconv.FormatInt(at.Unix()/int64(period/time.Second), 10)}
	switch e.Kind {
	case SignInFailed:
	case DatabaseOpened, TitlesShown:
		parts = append(parts, e.Database, e.Actor.ID)
	default:
		parts = append(parts, e.Database, e.Detail, string(e.Actor.Kind), e.Actor.ID, network(e.Actor.Address))
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return base64.RawURLEncoding.EncodeToString(sum[:18])
}

// network returns an IPv4 address, or the /64 of an IPv6 address, in which one client can use any address. With addresses
// or user agents of their choice, an intruder could push out the rows that give them away.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Unmap().Is4() {
		return address
	}
	prefix, err := ip.Prefix(64)
	if err != nil { // an address with a zone, which is local
		return address
	}
	return prefix.String()
}
