package doctor

import (
	"slices"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

// Status is how serious a finding is.
type Status string

// The statuses, the most serious last.
const (
	OK   Status = "ok"
	Warn Status = "warn" // works, but may not for long, or not for everything
	Fail Status = "fail" // the server can't start, or loses data
)

// Finding is a result of a check.
type Finding struct {
	Check   string `json:"check"`
	Status  Status `json:"status"`
	Message string `json:"message"`          // a sentence without a full stop
	Advice  string `json:"advice,omitempty"` // what to do, also without a full stop; blank for OK
}

// Report is the result of Run.
type Report struct {
	Version  string    `json:"version"` // of the program
	OK       int       `json:"ok"`
	Warnings int       `json:"warnings"`
	Failures int       `json:"failures"`
	Findings []Finding `json:"findings"` // in the order of the checks
}

func newReport(version string, findings []Finding) Report {
	report := Report{Version: version, Findings: findings}
	for _, finding := range findings {
		switch finding.Status {
		case OK:
			report.OK++
		case Warn:
			report.Warnings++
		case Fail:
			report.Failures++
		}
	}
	return report
}

// BySeverity returns the findings with the most serious last, where a reader of a terminal sees them first.
func (r Report) BySeverity() []Finding {
	order := []Status{OK, Warn, Fail}
	sorted := slices.Clone(r.Findings)
	slices.SortStableFunc(sorted, func(a, b Finding) int {
		return slices.Index(order, a.Status) - slices.Index(order, b.Status)
	})
	return sorted
}

func ok(message string) Finding           { return Finding{Status: OK, Message: clean(message)} }
func warn(message, advice string) Finding { return problem(Warn, message, advice) }
func fail(message, advice string) Finding { return problem(Fail, message, advice) }

func problem(status Status, message, advice string) Finding {
	return Finding{Status: status, Message: clean(message), Advice: clean(advice)}
}

func one(finding Finding) []Finding { return []Finding{finding} }

// orOK returns the findings or, if there are none, one that says that all is well.
func orOK(findings []Finding, message string) []Finding {
	if len(findings) == 0 {
		return one(ok(message))
	}
	return findings
}

// adviceVerbs are the words with which errors of this program that say what to do begin to do so.
var adviceVerbs = []string{"restore", "run", "set", "start", "stop", "mount", "change", "free", "leave"}

// failed turns an error for operators into a finding. Some say themselves what to do, after a colon; the others need
// advice.
func failed(status Status, err error, advice string) Finding {
	message := err.Error()
	for at := len(message); at >= 0; at = strings.LastIndex(message[:at], ": ") {
		verb, _, _ := strings.Cut(strings.TrimPrefix(message[at:], ": "), " ")
		if slices.Contains(adviceVerbs, verb) {
			message, advice = message[:at], upperFirst(message[at+2:])
			break
		}
	}
	return problem(status, message, advice)
}

// notChecked is the finding of a check that needs something which is broken, and reported by another check.
func notChecked(what string) []Finding {
	return one(warn("not checked, because "+what, "Correct that first"))
}

const maxText = 600 // characters

func clean(text string) string {
	return strings.TrimSuffix(sanitize.Truncate(sanitize.SingleLine(strings.TrimSpace(text)), maxText), ".")
}

func upperFirst(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
