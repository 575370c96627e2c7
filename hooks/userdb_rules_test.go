package hooks_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

const rulesPath = "/api/collections/rules/records"

func TestRulesAreValidated(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUp("ada@example.com")
	rule := map[string]any{"name": "Customers", "enabled": true, "conditions": map[string]any{"domains": []string{"acme.com"}}, "matched": 7}
	created := p.Own("POST", rulesPath, rule)
	require.Equal(t, 200, created.Status, created.Raw)
	assert.EqualValues(t, 0, created.Get("matched"), "only the server counts")
	changed := p.Own("PATCH", rulesPath+"/"+created.Text("id"), map[string]any{"last_matched_at": "2026-01-01 00:00:00.000Z", "enabled": false})
	require.Equal(t, 200, changed.Status, changed.Raw)
	assert.Empty(t, changed.Get("last_matched_at"))
	assert.Equal(t, false, changed.Get("enabled"))

	for _, conditions := range []any{nil, map[string]any{}, map[string]any{"external": "some"}, []int{1}, map[string]any{"colour": "red"}} {
		rule["conditions"] = conditions
		refused := p.Own("POST", rulesPath, rule)
		assert.Equal(t, 400, refused.Status, "%v: %s", conditions, refused.Raw)
		if conditions != nil {
			refused = p.Own("PATCH", rulesPath+"/"+created.Text("id"), map[string]any{"conditions": conditions})
			assert.Equal(t, 400, refused.Status, "%v: %s", conditions, refused.Raw)
			assert.Equal(t, "validation_rule", refused.Text("data.conditions.code"))
		}
	}
	rule["conditions"] = map[string]any{"recorded_by_me": true}
	for i := 1; i < 50; i++ {
		rule["name"] = fmt.Sprintf("Rule %d", i)
		require.Equal(t, 200, p.Own("POST", rulesPath, rule).Status)
	}
	refused := p.Own("POST", rulesPath, rule)
	assert.Equal(t, 400, refused.Status)
	assert.Contains(t, refused.Raw, "50 rules, the maximum")
}

func TestTestOfARuleListsStoredMeetings(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	p := s.SignUpWithMeetings("ada@example.com")
	host := p.ListOwn("meetings", apptest.RecordingFilter(1001))[0]["recorded_by"].(map[string]any)
	byHost := p.ListOwn("meetings", fmt.Sprintf("recorded_by.email = '%s'", host["email"]))
	test := func(conditions map[string]any) apptest.Answer {
		t.Helper()
		answer := p.Own("POST", "/api/rules/test", map[string]any{"conditions": conditions})
		require.Equal(t, 200, answer.Status, answer.Raw)
		return answer
	}
	all := test(map[string]any{"title_not": []string{"no such title"}})
	assert.EqualValues(t, 24, all.Get("matched"))
	assert.Len(t, all.Get("meetings"), 24)
	assert.NotEmpty(t, all.Get("meetings").([]any)[0].(map[string]any)["title"])

	assert.EqualValues(t, 0, test(map[string]any{"recorded_by_me": true}).Get("matched"), "Fathom knows the account by another address")
	saved := p.Own("POST", "/api/collections/preferences/records", map[string]any{"key": "my_emails", "value": []any{host["email"]}})
	require.Equal(t, 200, saved.Status, saved.Raw)
	assert.EqualValues(t, len(byHost), test(map[string]any{"recorded_by_me": true}).Get("matched"))
	for _, invalid := range []any{[]string{}, []string{"ada"}, "ada@example.com", 5} {
		refused := p.Own("PATCH", "/api/collections/preferences/records/"+saved.Text("id"), map[string]any{"value": invalid})
		assert.Equal(t, 400, refused.Status, "%v: %s", invalid, refused.Raw)
	}
	assert.Equal(t, 400, p.Own("POST", "/api/rules/test", map[string]any{"conditions": map[string]any{}}).Status)
	assert.Empty(t, p.ListOwn("transfers", ""), "a test transfers nothing")
}
