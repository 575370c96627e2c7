package loomaccount

import (
	"errors"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

// State is what a connection can be used for, and otherwise what is wrong with it.
type State string

// The states of a connection.
const (
	StateReady       State = "ready"
	StateReadingOnly State = "reading_only"
	StateChooseSite  State = "choose_site"
	StateNoWorkspace State = "no_workspace"
	StateBlocked     State = "blocked"
	StateWrongToken  State = "wrong_token"
	StateReconnect   State = "reconnect"
	StateUnreachable State = "unreachable"
	StateFailed      State = "failed"
)

// states are the states that problems stand for. StateFailed stands for the others.
var states = map[loomupload.Kind]State{
	loomupload.KindSite: StateChooseSite, loomupload.KindNoWorkspace: StateNoWorkspace, loomupload.KindBlocked: StateBlocked,
	loomupload.KindWrongToken: StateWrongToken, loomupload.KindReconnect: StateReconnect,
	loomupload.KindBusy: StateUnreachable, loomupload.KindUnavailable: StateUnreachable,
}

// Details are what the owner of a connection sees of its last check. The texts are whole sentences.
type Details struct {
	State   State  `json:"state"`
	Message string `json:"message"` // what is wrong; blank if nothing is
	Advice  string `json:"advice"`  // what to do
	Link    string `json:"link"`    // a page where that can be done
	Site    *Site  `json:"site"`    // that is used
	Sites   []Site `json:"sites"`   // that can be chosen
	Refusal string `json:"refusal"` // why Atlassian refused the last upload; blank after one that succeeded
}

// Site is an Atlassian site.
type Site struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	URL  string `json:"url"`
}

// The limits of the sites in Details.
const (
	maxSites    = 50
	maxSiteText = 200 // characters
)

// Result is what a check or another use of a connection has shown. Err is nil if the connection can be used.
type Result struct {
	Abilities []loomupload.Ability // unchanged if Temporary is set
	Details   Details
	Temporary bool // nobody knows whether the connection works
	Err       error
}

// Reason describes the result in one text for the owner. It is blank if everything works.
func (r Result) Reason() string {
	return strings.TrimSpace(r.Details.Message + " " + r.Details.Advice)
}

// worksAs returns the result of a check that has succeeded. earlier are the details that are saved now: only an upload shows
// whether a refusal still holds.
func worksAs(check loomupload.Check, earlier Details) Result {
	result := Result{Abilities: []loomupload.Ability{loomupload.AbilityUpload, loomupload.AbilityRead}, Details: Details{State: StateReady}}
	result.Details.setSites(check)
	switch {
	case check.Ability != loomupload.AbilityUpload:
		result.readsOnly()
		if why := check.Limited; why != nil {
			result.Details.Message += " " + why.Message
			result.Details.Advice, result.Details.Link = why.Advice, why.Link
		}
	case earlier.Refusal != "" && result.Details.isForSiteOf(earlier):
		result.Details.Refusal, result.Details.Message = earlier.Refusal, earlier.Refusal
		result.Details.Advice = "The next upload shows whether that has changed."
	}
	return result
}

// refuseUploads adds that Atlassian has refused an upload to a result that knows of no reason.
func (r *Result) refuseUploads(problem *loomupload.Problem) {
	if r.Details.State == StateReadingOnly {
		return
	}
	r.readsOnly()
	r.Details.Refusal = "Atlassian refused the last upload. " + problem.Message
	if problem.Quote != "" {
		r.Details.Refusal = "Atlassian refused the last upload: “" + problem.Quote + "”"
	}
	r.Details.Message += " " + r.Details.Refusal
	r.Details.Advice, r.Details.Link = problem.Advice, problem.Link
	if problem.Kind == loomupload.KindBlocked {
		r.Details.Advice += " Then press “Check again” in Settings → Loom."
	}
}

func (r *Result) readsOnly() {
	r.Abilities = []loomupload.Ability{loomupload.AbilityRead}
	r.Details.State = StateReadingOnly
	r.Details.Message = "This connection can read your videos at Loom, but not upload."
}

// failsWith returns the result of a use that has failed. earlier are the details that are saved now. Sites are kept, so
// that one can be chosen while Atlassian is unreachable.
func failsWith(err error, earlier Details) Result {
	result := Result{Err: err, Details: Details{
		State: StateUnreachable, Message: "Atlassian couldn't be reached to check this connection.", Advice: "Check it again later.",
		Site: earlier.Site, Sites: earlier.Sites, Refusal: earlier.Refusal,
	}}
	problem, ok := errors.AsType[*loomupload.Problem](err)
	if !ok {
		result.Temporary = true
		return result
	}
	result.Temporary = problem.Temporary()
	result.Details.State = StateFailed
	if state, ok := states[problem.Kind]; ok {
		result.Details.State = state
	}
	result.Details.Message, result.Details.Advice, result.Details.Link = problem.Message, problem.Advice, problem.Link
	return result
}

func (d *Details) setSites(check loomupload.Check) {
	d.Sites, d.Site = nil, nil
	for _, site := range check.Sites[:min(len(check.Sites), maxSites)] {
		d.Sites = append(d.Sites, cleanSite(site))
	}
	for i := range d.Sites {
		if d.Sites[i].ID == check.Site {
			d.Site = &d.Sites[i]
		}
	}
	if d.Site == nil && check.Site != "" {
		site := cleanSite(atlassian.Site{ID: check.Site})
		d.Site = &site
	}
}

// isForSiteOf reports whether other details are of the same site.
func (d *Details) isForSiteOf(other Details) bool {
	return d.Site != nil && other.Site != nil && d.Site.ID == other.Site.ID
}

func cleanSite(site atlassian.Site) Site {
	clean := func(text string) string { return sanitize.Truncate(sanitize.SingleLine(text), maxSiteText) }
	return Site{ID: clean(site.ID), Name: clean(site.Name), URL: clean(site.URL)}
}

// detailsOf returns the details of the last check of a connection.
func detailsOf(connection *core.Record) (details Details) {
	_ = connection.UnmarshalJSONField("details", &details) // zero before the first check
	return details
}
