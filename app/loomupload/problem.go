package loomupload

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
)

// Kind classifies a [Problem].
type Kind string

// The kinds of [Problem].
const (
	KindReconnect   Kind = "reconnect"    // the credential is wrong, expired or revoked
	KindWrongToken  Kind = "wrong_token"  // a token without the necessary scopes, or of an unsupported sort
	KindBlocked     Kind = "blocked"      // an administrator doesn't allow it; Advice names the switch
	KindNoWorkspace Kind = "no_workspace" // the site has no Loom workspace
	KindSite        Kind = "site"         // the person has to choose the site, or to enter its address
	KindForbidden   Kind = "forbidden"    // the account lacks a permission in Loom
	KindRefused     Kind = "refused"      // Loom doesn't accept this recording; see Reason
	KindNotFound    Kind = "not_found"    // no such video, or it is invisible to this account
	KindContract    Kind = "contract"     // Atlassian's server wants or answers something that this version doesn't know
	KindHost        Kind = "host"         // the file would have to go to a host that is not allowed, or which refused it
	KindUnclear     Kind = "unclear"      // Loom may have the video, but it can't be found
	KindBusy        Kind = "busy"         // too many requests
	KindUnavailable Kind = "unavailable"  // Atlassian or the upload host can't be reached, or failed
)

// Reason is why Loom doesn't accept a recording.
type Reason string

// The reasons of KindRefused.
const (
	ReasonPlan   Reason = "plan"
	ReasonQuota  Reason = "quota"
	ReasonSize   Reason = "size"
	ReasonLength Reason = "length"
	ReasonType   Reason = "type"
	ReasonOther  Reason = "other"
)

// Pages at Atlassian that a Problem may link to.
const (
	tokenPage = "https://id.atlassian.com/manage-profile/security/api-tokens?autofillToken&expiryDays=max&appId=mcp-v2&selectedScopes=all"
	adminPage = "https://admin.atlassian.com"
	loomPage  = "https://www.loom.com/looms/videos"
	planPage  = "https://www.loom.com/pricing"
)

// Problem is why a call can't do what it should. Message and Advice are for the person whose connection it is: the
// former says what is wrong, the latter what to do, each in whole sentences. Neither contains a credential or a signed
// address. That something temporary continues by itself is for the caller to say, who knows whether it does.
type Problem struct {
	Kind       Kind
	Reason     Reason // of KindRefused, otherwise blank
	Message    string
	Advice     string        // may be blank
	Quote      string        // what Atlassian said, which Message contains; blank if it said nothing
	Link       string        // a page that helps, or blank
	RetryAfter time.Duration // time until a retry makes sense; 0 if unknown or if Temporary is false

	err error // the cause, for the log; may be nil
}

// Error describes the problem for the log, without the texts of other systems.
func (p *Problem) Error() string {
	if p.err != nil {
		return fmt.Sprintf("upload to loom (%s): %v", p.Kind, p.err)
	}
	return fmt.Sprintf("upload to loom (%s): %s", p.Kind, p.Message)
}

// Unwrap returns the cause.
func (p *Problem) Unwrap() error { return p.err }

// Temporary reports whether the same call may succeed later, without anyone doing something about it.
func (p *Problem) Temporary() bool { return p.Kind == KindBusy || p.Kind == KindUnavailable }

// LogValue adds the text for the user, which may quote the server.
func (p *Problem) LogValue() slog.Value {
	return slog.GroupValue(slog.String("message", p.Error()), slog.String("kind", string(p.Kind)), slog.String("detail", p.Message))
}

// handOverAdvice is for problems that uploading the file by hand solves.
const handOverAdvice = "Upload the file at Loom yourself and paste the link here."

// contractProblem returns a *[Problem] of KindContract. Its message must name what is unknown.
func contractProblem(format string, args ...any) error {
	return &Problem{
		Kind: KindContract, Message: fmt.Sprintf(format, args...), Link: loomPage,
		Advice: handOverAdvice + " Please report this, so that the next version can do it.",
	}
}

// refuse returns a *[Problem] of KindRefused.
func refuse(reason Reason, message string) error {
	return &Problem{Kind: KindRefused, Reason: reason, Message: message, Advice: handOverAdvice, Link: loomPage}
}

// asRefusal returns the refusal of a recording in an error's chain.
func asRefusal(err error) (*Problem, bool) {
	p, ok := errors.AsType[*Problem](err)
	return p, ok && p.Kind == KindRefused
}

// isKind reports whether an error is a problem of one of the kinds.
func isKind(err error, kinds ...Kind) bool {
	p, ok := errors.AsType[*Problem](err)
	if !ok {
		return false
	}
	for _, kind := range kinds {
		if p.Kind == kind {
			return true
		}
	}
	return false
}

// isUnclear reports whether a failed call may have been executed.
func isUnclear(err error) bool {
	failure, ok := errors.AsType[*atlassian.Error](err)
	return ok && failure.Unclear
}
