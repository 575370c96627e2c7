package transfer

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

// The limits of a rule's conditions.
const (
	maxRuleEntries = 50  // in each list
	maxRuleText    = 200 // bytes
	maxRuleMinutes = 24 * 60
)

// RuleConditions select meetings. A meeting matches if it meets all conditions that are set; of a list, it must meet one
// entry. Case is ignored. The zero value has no conditions.
type RuleConditions struct {
	RecordedByMe bool     `json:"recorded_by_me,omitempty"`
	Types        []string `json:"types,omitempty"`
	People       []string `json:"people,omitempty"`   // addresses or names of the host and the invitees
	Domains      []string `json:"domains,omitempty"`  // of their addresses, including subdomains
	External     string   `json:"external,omitempty"` // only, none; blank or any means no condition
	MinMinutes   float64  `json:"min_minutes,omitempty"`
	TitleWords   []string `json:"title_words,omitempty"` // texts that the title contains
	TitleNot     []string `json:"title_not,omitempty"`   // texts that the title doesn't contain
}

// RuleError means that a rule can't be saved. Message is for the user.
type RuleError struct{ Field, Message string }

// Error returns the message.
func (e *RuleError) Error() string { return e.Message }

func refuseRule(format string, args ...any) error {
	return &RuleError{Field: "conditions", Message: fmt.Sprintf(format, args...)}
}

// DecodeRuleConditions returns the conditions in a JSON object, or a *RuleError.
func DecodeRuleConditions(raw json.RawMessage) (c RuleConditions, err error) {
	if err := queue.DecodeStrict(raw, &c); err != nil {
		return c, refuseRule("The conditions must be an object with recorded_by_me, types, people, domains, external, min_minutes, title_words or title_not.")
	}
	for _, list := range c.lists() {
		if err := cleanRuleList(list); err != nil {
			return c, err
		}
	}
	for i, domain := range c.Domains {
		c.Domains[i] = strings.TrimPrefix(domain, "@")
	}
	if c.External == "any" {
		c.External = ""
	}
	switch {
	case c.External != "" && c.External != "only" && c.External != "none":
		return c, refuseRule("External must be any, only or none.")
	case c.MinMinutes < 0 || c.MinMinutes > maxRuleMinutes:
		return c, refuseRule("The minimum length must be between 0 and %d minutes.", maxRuleMinutes)
	case c.isEmpty():
		return c, refuseRule("A rule needs at least one condition.")
	}
	return c, nil
}

func (c *RuleConditions) lists() []*[]string {
	return []*[]string{&c.Types, &c.People, &c.Domains, &c.TitleWords, &c.TitleNot}
}

func (c *RuleConditions) isEmpty() bool {
	hasList := slices.ContainsFunc(c.lists(), func(list *[]string) bool { return len(*list) > 0 })
	return !hasList && !c.RecordedByMe && c.External == "" && c.MinMinutes == 0
}

// cleanRuleList removes blank entries and converts the others to lower case.
func cleanRuleList(list *[]string) error {
	cleaned := make([]string, 0, len(*list))
	for _, entry := range *list {
		if entry = strings.ToLower(strings.TrimSpace(entry)); entry != "" {
			cleaned = append(cleaned, entry)
		}
		if len(entry) > maxRuleText {
			return refuseRule("An entry of a rule can have at most %d bytes.", maxRuleText)
		}
	}
	if len(cleaned) > maxRuleEntries {
		return refuseRule("A condition can have at most %d entries.", maxRuleEntries)
	}
	*list = cleaned
	return nil
}

// ruleMeeting is what rules compare of a meeting.
type ruleMeeting struct {
	ID           string  `db:"id"`
	RecordingID  int64   `db:"recording_id"`
	Title        string  `db:"title"`
	RecordedAt   string  `db:"recorded_at"`
	MeetingType  string  `db:"meeting_type"`
	InviteesType string  `db:"invitees_type"`
	Duration     float64 `db:"duration"` // seconds
	Invitees     string  `db:"invitees"`
	RecordedBy   string  `db:"recorded_by"`
}

// matches reports whether a meeting meets the conditions. mine are the owner's addresses in lower case.
func (c RuleConditions) matches(m ruleMeeting, mine []string) bool {
	var host fathom.Invitee
	var invitees []fathom.Invitee
	_ = json.Unmarshal([]byte(m.RecordedBy), &host) // nobody, if Fathom's data can't be read
	_ = json.Unmarshal([]byte(m.Invitees), &invitees)
	isExternal := m.InviteesType == "one_or_more_external" ||
		slices.ContainsFunc(invitees, func(p fathom.Invitee) bool { return p.IsExternal })
	people, title := append(invitees, host), strings.ToLower(m.Title)
	containsTitle := func(text string) bool { return strings.Contains(title, text) }
	return (!c.RecordedByMe || slices.Contains(mine, strings.ToLower(host.Email))) &&
		meetsOne(c.Types, func(name string) bool { return strings.ToLower(m.MeetingType) == name }) &&
		meetsOne(c.People, func(who string) bool { return containsPerson(people, who) }) &&
		meetsOne(c.Domains, func(domain string) bool { return containsDomain(people, domain) }) &&
		(c.External == "" || isExternal == (c.External == "only")) &&
		m.Duration >= c.MinMinutes*60 &&
		meetsOne(c.TitleWords, containsTitle) &&
		!slices.ContainsFunc(c.TitleNot, containsTitle)
}

// meetsOne reports whether a list is empty or one of its entries is met.
func meetsOne(list []string, isMet func(entry string) bool) bool {
	return len(list) == 0 || slices.ContainsFunc(list, isMet)
}

func containsPerson(people []fathom.Invitee, who string) bool {
	return slices.ContainsFunc(people, func(p fathom.Invitee) bool {
		return strings.ToLower(p.Email) == who || strings.ToLower(p.Name) == who
	})
}

func containsDomain(people []fathom.Invitee, domain string) bool {
	return slices.ContainsFunc(people, func(p fathom.Invitee) bool {
		_, of, _ := strings.Cut(strings.ToLower(p.Email), "@")
		return of == domain || strings.HasSuffix(of, "."+domain)
	})
}
