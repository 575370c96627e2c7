package transfer

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestConditionsOfARule(t *testing.T) {
	meeting := ruleMeeting{
		Title: "Quarterly Überblick: ACME", MeetingType: "Customer call", InviteesType: "one_or_more_external", Duration: 1800,
		RecordedBy: `{"name":"Ada Lovelace","email":"Ada@Example.com"}`,
		Invitees:   `[{"name":"Bob","email":"bob@eu.acme.com","is_external":true},{"name":"Cy Nguyen","email":"cy@example.com"}]`,
	}
	internal := meeting
	internal.InviteesType, internal.Invitees = "only_internal", "null"
	unreadable := ruleMeeting{Title: "Call", RecordedBy: "[]", Invitees: "{"}
	for _, test := range []struct {
		conditions string
		meeting    ruleMeeting
		want       bool
	}{
		{`{"recorded_by_me":true}`, meeting, true},
		{`{"recorded_by_me":true}`, ruleMeeting{RecordedBy: `{"email":"bob@acme.com"}`}, false},
		{`{"recorded_by_me":true}`, unreadable, false},
		{`{"types":["1:1","CUSTOMER CALL"]}`, meeting, true},
		{`{"types":["Customer"]}`, meeting, false},
		{`{"people":["bob@EU.acme.com"]}`, meeting, true},
		{`{"people":["cy nguyen"]}`, meeting, true},
		{`{"people":["ada lovelace"]}`, meeting, true},
		{`{"people":["cy"]}`, meeting, false},
		{`{"domains":["acme.com"]}`, meeting, true},
		{`{"domains":["@eu.acme.com"]}`, meeting, true},
		{`{"domains":["cme.com"]}`, meeting, false},
		{`{"domains":["example.com"]}`, internal, true},
		{`{"domains":["acme.com"]}`, unreadable, false},
		{`{"external":"only"}`, meeting, true},
		{`{"external":"none"}`, meeting, false},
		{`{"external":"only"}`, internal, false},
		{`{"external":"none"}`, internal, true},
		{`{"external":"any","min_minutes":30}`, meeting, true},
		{`{"min_minutes":30.5}`, meeting, false},
		{`{"title_words":["roadmap","überblick"]}`, meeting, true},
		{`{"title_words":["roadmap"]}`, meeting, false},
		{`{"title_not":["acme"]}`, meeting, false},
		{`{"title_not":["roadmap"," "]}`, meeting, true},
		{`{"recorded_by_me":true,"types":["customer call"],"domains":["acme.com"],"min_minutes":20,"title_not":["private"]}`, meeting, true},
		{`{"recorded_by_me":true,"types":["customer call"],"domains":["other.com"],"min_minutes":20}`, meeting, false},
	} {
		conditions, err := DecodeRuleConditions(json.RawMessage(test.conditions))
		require.NoError(t, err, test.conditions)
		assert.Equal(t, test.want, conditions.matches(test.meeting, []string{"ada@example.com"}), "%s: %s", test.conditions, test.meeting.Title)
	}
}

func TestInvalidConditionsAreRefused(t *testing.T) {
	long, many := strings.Repeat("a", maxRuleText+1), strings.Repeat(`"a",`, maxRuleEntries)+`"a"`
	for conditions, message := range map[string]string{
		``: "must be an object", `null`: "at least one condition", `[]`: "must be an object", `{"title":["a"]}`: "must be an object",
		`{}`: "at least one condition", `{"types":[" "]}`: "at least one condition", `{"external":"any"}`: "at least one condition",
		`{"recorded_by_me":false}`: "at least one condition", `{"external":"some"}`: "any, only or none",
		`{"min_minutes":-1}`: "minimum length", `{"min_minutes":100000}`: "minimum length",
		`{"people":["` + long + `"]}`: "at most 200 bytes", `{"people":[` + many + `]}`: "at most 50 entries",
	} {
		_, err := DecodeRuleConditions(json.RawMessage(conditions))
		require.Error(t, err, conditions)
		assert.Contains(t, err.Error(), message, conditions)
	}
}
