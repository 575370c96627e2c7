package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// ruleTestTimeout limits how long a test of a rule may read meetings.
const ruleTestTimeout = 3 * time.Second

func (d databaseHandlers) bindRules() {
	bind(d.db.App.OnRecordCreateRequest(schema.Rules), "checkRule", checkRule)
	bind(d.db.App.OnRecordUpdateRequest(schema.Rules), "checkRule", checkRule)
}

// checkRule refuses rules that can't be applied, and keeps what only the server sets.
func checkRule(e *core.RecordRequestEvent) error {
	before := e.Record.Original()
	for _, name := range []string{"matched", "last_matched_at"} {
		e.Record.Set(name, before.Get(name))
	}
	return inTransaction(&e.App, func() error { // so that two requests don't exceed the maximum
		if err := transfer.CheckRule(e.App, e.Record); err != nil {
			return ruleError(e.RequestEvent, err)
		}
		return e.Next()
	})
}

func ruleError(e *core.RequestEvent, err error) error {
	refused, ok := errors.AsType[*transfer.RuleError](err)
	if !ok {
		return e.InternalServerError("", err)
	}
	return e.BadRequestError(refused.Message, validation.Errors{refused.Field: validation.NewError("validation_rule", refused.Message)})
}

// testRule responds with the stored meetings that conditions match.
func (h handlers) testRule(e *core.RequestEvent) error {
	var body struct {
		Conditions json.RawMessage `json:"conditions"`
	}
	if err := bindJSON(e, &body, "conditions"); err != nil {
		return err
	}
	conditions, err := transfer.DecodeRuleConditions(body.Conditions)
	if err != nil {
		return ruleError(e, err)
	}
	ctx, cancel := context.WithTimeout(e.Request.Context(), ruleTestTimeout)
	defer cancel()
	test, err := h.Transfers.TestRule(ctx, gateway.DatabaseOf(e), conditions, maxListedMeetings)
	if errors.Is(err, context.DeadlineExceeded) {
		return e.BadRequestError("The test took too long.", err)
	}
	if err != nil {
		return e.InternalServerError("", err)
	}
	meetings, err := listMeetings(ctx, e.App, test.RecordingIDs)
	if err != nil {
		return e.InternalServerError("", err)
	}
	return e.JSON(http.StatusOK, map[string]any{"matched": test.Matched, "meetings": meetings})
}
