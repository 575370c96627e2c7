package loomupload

import (
	"errors"
	"fmt"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
)

// explain turns the error of a call to Atlassian into a *[Problem] with advice for an account's owner. It returns other
// errors, such as that of a context, unchanged.
func explain(err error, access Access) error {
	failure, ok := errors.AsType[*atlassian.Error](err)
	if !ok {
		return err
	}
	p := problemOf(failure, access)
	p.err, p.Quote = err, failure.Message
	if p.Temporary() {
		p.RetryAfter = min(failure.RetryAfter, maxPostponed)
	}
	return p
}

func problemOf(failure *atlassian.Error, access Access) *Problem {
	quote := quoted(failure.Message)
	switch failure.Kind {
	case atlassian.KindUnauthorized:
		return access.refused(quote)
	case atlassian.KindWrongToken:
		return access.wrong(failure.Reason == atlassian.ReasonSignIn, quote)
	case atlassian.KindBlocked:
		return &Problem{Kind: KindBlocked, Message: "An administrator of your organization doesn't allow this." + quote, Advice: switchAdvice(failure.Message), Link: adminPage}
	case atlassian.KindNoWorkspace:
		return &Problem{
			Kind: KindNoWorkspace, Message: "This Atlassian site has no Loom workspace.",
			Advice: "Choose another site, or ask an administrator to link your Loom workspace to Atlassian. Workspaces that still belong to loom.com can't be reached.",
			Link:   adminPage,
		}
	case atlassian.KindForbidden:
		return &Problem{Kind: KindForbidden, Message: "Loom doesn't allow this for your account." + quote, Advice: "Ask an administrator of your Loom workspace for a role that may upload videos.", Link: adminPage}
	case atlassian.KindNotFound:
		return &Problem{Kind: KindNotFound, Message: "Loom has no such video, or your account can't see it."}
	case atlassian.KindRateLimited:
		return &Problem{Kind: KindBusy, Message: "Atlassian limits the number of requests."}
	case atlassian.KindRefused:
		return refusalOf(failure)
	case atlassian.KindUnavailable:
		return &Problem{Kind: KindUnavailable, Message: "Atlassian can't be reached or has failed."}
	default:
		return &Problem{Kind: KindContract, Message: "Atlassian's server sent an answer that this version doesn't understand.", Advice: handOverAdvice, Link: loomPage}
	}
}

// refusalOf has one sentence for each reason.
func refusalOf(failure *atlassian.Error) *Problem {
	p := &Problem{Kind: KindRefused, Advice: handOverAdvice, Link: loomPage}
	switch failure.Reason {
	case atlassian.ReasonPlan:
		p.Reason, p.Link, p.Message = ReasonPlan, planPage, "Your Loom plan or role doesn't include uploads."
	case atlassian.ReasonQuota:
		p.Reason, p.Link, p.Message = ReasonQuota, planPage, "Your Loom account has reached its limit of videos or storage."
	case atlassian.ReasonSize:
		p.Reason, p.Message = ReasonSize, "The file is larger than Loom accepts."
	case atlassian.ReasonLength:
		p.Reason, p.Link, p.Message = ReasonLength, planPage, "The recording is longer than your Loom plan allows."
	case atlassian.ReasonType:
		p.Reason, p.Message = ReasonType, "Loom doesn't accept files of this type."
	case atlassian.ReasonExpired:
		p.Kind, p.Message = KindNotFound, "Loom no longer knows the upload that was begun."
	case atlassian.ReasonInput:
		p.Kind, p.Message = KindContract, "Loom's upload wants something that this version doesn't send."
	default:
		p.Reason, p.Message = ReasonOther, "Loom refused the request."
	}
	p.Message += quoted(failure.Message)
	return p
}

// quoted returns a sentence that quotes the server, or nothing.
func quoted(message string) string {
	if message == "" {
		return ""
	}
	return fmt.Sprintf(" Atlassian says: “%s”", message)
}

// switchAdvice names the switch that an administrator has to use.
func switchAdvice(message string) string {
	const where = "Ask an organization administrator to open Atlassian Administration, Rovo, Rovo MCP server, and to "
	switch lower := strings.ToLower(message); {
	case strings.Contains(lower, "api token"), strings.Contains(lower, "api key"):
		return where + "allow API tokens under Authentication."
	case strings.Contains(lower, "domain"):
		return where + "add the address of this server under Domains. An API token works without that."
	case strings.Contains(lower, "ip "), strings.Contains(lower, "allowlist"), strings.Contains(lower, "allow list"):
		return "Ask an organization administrator to add this server to the IP allowlist."
	default:
		return where + "allow the tool groups read_loom and write_loom under Tools."
	}
}
