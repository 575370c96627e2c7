package atlassian

import (
	"net/http"
	"regexp"
	"strings"
)

// pattern is a text that only a certain kind of failure has.
type pattern struct {
	kind   Kind
	reason Reason
	text   *regexp.Regexp
}

// patterns are tried in order; the more specific ones are first. The texts of Loom's refusals are unknown, so that
// their patterns are guesses.
var patterns = []pattern{
	{KindBlocked, "", regexp.MustCompile(`(?i)permission to connect via api token|api tokens? (?:authentication |access )?(?:is|are|has been|have been) (?:not (?:enabled|allowed|permitted)|disabled|switched off|turned off|blocked)|\badmin(?:istrator)?s?\b.{0,60}\b(?:block|disabl|restrict|turned off|not (?:allow|enabl|permit|approv))|\b(?:block|disabl|restrict)ed by (?:your |the |an? )?(?:org|admin|policy|company)|\b(?:not (?:allowed|enabled|permitted)) (?:by|for|in) your (?:org|admin|company)|ip (?:address )?(?:is )?(?:not )?(?:allow|block)|ip allow-?\s?list|(?:tool|permission) group.{0,40}(?:not|block|disabl)`)},
	{KindWrongToken, "", regexp.MustCompile(`(?i)insufficient[_ -]?scopes?|scopes? (?:does|do) not match|(?:missing|required|requires?|lacks?|without|additional)(?: the)?(?: following)?(?: oauth)? scopes?|scopes? .{0,40}(?:missing|required|not granted)`)},
	{KindWrongToken, ReasonSignIn, regexp.MustCompile(`(?i)requires? (?:.{0,30}(?:with|via|using|through) )?oauth|(?:must|have to|needs? to) .{0,40}\boauth|\bonly (?:available|supported|possible|accepts?|accepted|works?|supports?)\b.{0,40}\boauth|\boauth(?: ?2(?:\.\d)?)? (?:is )?(?:required|only)\b|oauth(?: ?2(?:\.\d)?)? instead|(?:not|isn't|aren't) (?:available|supported|accepted) (?:with|for|by|using|when using|through|via) (?:an? )?(?:api|personal) (?:access )?(?:token|key)|(?:api|personal) (?:access )?(?:tokens?|keys?) (?:is|are) not (?:supported|accepted)`)},
	{KindWrongToken, "", regexp.MustCompile(`(?i)unsupported (?:api )?token|token (?:type|of this type|kind).{0,30}(?:not|unsupported|invalid)|invalid context provided|invalid audience`)},
	{KindNoWorkspace, "", regexp.MustCompile(`(?i)no loom workspaces?|loom workspaces? .{0,40}(?:not (?:found|exist|linked|available)|does(?:n't| not) exist|missing|could not be found)|loom (?:is|has) not (?:been )?(?:installed|available|enabled|provisioned|linked|set up)|(?:no|not) .{0,20}loom.{0,20}(?:for|on|in) (?:this|the|your) site|workspace.{0,30}not (?:found|linked)`)},
	{KindRateLimited, "", regexp.MustCompile(`(?i)rate[- ]?limit|too many requests|throttl`)},
	{KindRefused, ReasonExpired, regexp.MustCompile(`(?i)\bupload.{0,20}(?:url|link|address|token|session|ticket|id)?.{0,20}(?:expired|no longer valid|not found|invalid id)`)},
	{KindUnauthorized, "", regexp.MustCompile(`(?i)authentication (?:failed|required)|not (?:authenticated|logged in|signed in)|invalid[_ ](?:access[_ ])?token|token (?:is |has |was )?(?:been )?(?:expired|revoked|invalid)|expired token|unauthori[sz]ed|re-?authenticate|log ?in again|sign in again`)},
	{KindRefused, ReasonQuota, regexp.MustCompile(`(?i)quota|storage (?:limit|full|space)|(?:video|upload|recording)s? limit|limit (?:of|on) .{0,30}videos|(?:limit|maximum number) .{0,20}(?:reached|exceeded)|reached .{0,30}(?:limit|maximum)`)},
	{KindRefused, ReasonPlan, regexp.MustCompile(`(?i)\bupgrade\b|\b(?:your|current|free|starter|paid|business|this) plan\b|\bplan (?:does|doesn)|creator lite|subscription|paid (?:seat|role|account|feature)|not (?:included|available) (?:in|on) your`)},
	{KindRefused, ReasonLength, regexp.MustCompile(`(?i)(?:video|recording|duration|length).{0,40}(?:too long|longer than|exceeds?|maximum|max\b)|maximum (?:video |recording )?(?:duration|length)|too long`)},
	{KindRefused, ReasonSize, regexp.MustCompile(`(?i)(?:file|video|upload|content).{0,30}too (?:large|big)|(?:file ?size|content.?length|size).{0,40}(?:exceeds?|too|maximum|larger|limit)|maximum (?:file |upload )?size|entity too large`)},
	{KindRefused, ReasonType, regexp.MustCompile(`(?i)(?:unsupported|invalid|not (?:a )?supported|unknown) (?:file|media|video|content|mime)[ -]?(?:type|format)?|(?:file|media|video|content|mime)[ -]?(?:type|format).{0,30}(?:not supported|unsupported|not allowed|invalid)`)},
	{KindUnavailable, "", regexp.MustCompile(`(?i)internal (?:server )?error|try again|temporar|(?:service|server|upstream).{0,20}unavailable|timed? ?out|bad gateway|session.{0,20}(?:expired|not found|terminated|lost)`)},
	{KindNotFound, "", regexp.MustCompile(`(?i)not found|does(?:n't| not) exist|no such`)},
	{KindForbidden, "", regexp.MustCompile(`(?i)forbidden|permission|access denied|not allowed|not authori[sz]ed|not permitted`)},
	{KindRefused, ReasonInput, regexp.MustCompile(`(?i)validation|invalid (?:input|argument|param|request|value)|(?:is|are) required|missing required|required (?:propert|field|argument|param)|must (?:be|have|match)`)},
}

// classify interprets a failure: its text first, which says more than a status, then the status. challenge is the
// WWW-Authenticate header. The kind is blank if neither says anything.
func classify(text string, status int, challenge string) (Kind, Reason) {
	if strings.Contains(challenge, "insufficient_scope") {
		return KindWrongToken, ""
	}
	if status == http.StatusTooManyRequests {
		return KindRateLimited, ""
	}
	for _, p := range patterns {
		if p.text.MatchString(text) && isPlausible(p, status) {
			return p.kind, p.reason
		}
	}
	switch {
	case status == http.StatusUnauthorized:
		return KindUnauthorized, ""
	case status == http.StatusPaymentRequired:
		return KindRefused, ReasonPlan
	case status == http.StatusForbidden:
		return KindForbidden, ""
	case status == http.StatusNotFound, status == http.StatusGone:
		return KindNotFound, ""
	case status == http.StatusRequestEntityTooLarge:
		return KindRefused, ReasonSize
	case status == http.StatusUnsupportedMediaType:
		return KindRefused, ReasonType
	case status == http.StatusRequestTimeout, status >= 500:
		return KindUnavailable, ""
	case status == http.StatusBadRequest, status == http.StatusUnprocessableEntity:
		return KindRefused, ReasonInput
	}
	return "", ""
}

// isPlausible keeps a word such as "permission" in the page of a broken server from being an explanation, and
// "try again" from making a refused credential temporary.
func isPlausible(p pattern, status int) bool {
	switch {
	case status >= 500:
		return p.kind == KindUnavailable || p.kind == KindRateLimited
	case status == http.StatusUnauthorized:
		return p.kind == KindBlocked || p.kind == KindWrongToken || p.kind == KindUnauthorized
	case status == http.StatusForbidden:
		return p.kind != KindUnavailable && p.kind != KindNotFound
	}
	return true
}
