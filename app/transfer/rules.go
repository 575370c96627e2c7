package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/preferences"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// rulesBatch is how many meetings get their jobs in one transaction.
const rulesBatch = 100

// ruleColumns are the fields of a ruleMeeting.
var ruleColumns = []string{
	"id", "recording_id", "title", "recorded_at", "meeting_type", "invitees_type", "duration", "invitees", "recorded_by",
}

// rule transfers the meetings that match it.
type rule struct {
	RuleConditions
	id      string
	deliver bool
	options loom.Options
}

// applyRules creates transfers of the new meetings that match a rule: of the oldest one that is enabled. A meeting that
// has a transfer already keeps it. If the user has too many jobs, the rest waits for the next call.
func (s *Service) applyRules(ctx context.Context, db *userdb.Database) error {
	var mine []string
	var rules []rule
	for {
		due, err := dueForRules(ctx, db.App)
		if err != nil || len(due) == 0 {
			return err
		}
		if rules == nil {
			if rules, err = s.enabledRules(ctx, db); err != nil {
				return err
			}
			mine = preferences.MyEmails(db.App)
		}
		if len(rules) == 0 {
			return s.recordApplied(ctx, db, nil, dbx.NewExp("rules_due = TRUE"))
		}
		done, err := s.applyTo(ctx, db, due, rules, mine)
		if err != nil {
			return fmt.Errorf("apply rules: %w", err)
		}
		if done < len(due) {
			return nil
		}
	}
}

// dueForRules returns new meetings to which the rules have not been applied, oldest first.
func dueForRules(ctx context.Context, app core.App) (due []ruleMeeting, err error) {
	err = app.ConcurrentDB().Select(ruleColumns...).From(schema.Meetings).Where(dbx.NewExp("rules_due = TRUE")).
		OrderBy("recorded_at").Limit(rulesBatch).WithContext(ctx).All(&due)
	if err != nil {
		return nil, fmt.Errorf("list new meetings: %w", err)
	}
	return due, nil
}

// enabledRules returns a user's rules, oldest first. One that this version can't read is left out.
func (s *Service) enabledRules(ctx context.Context, db *userdb.Database) ([]rule, error) {
	records := []*core.Record{}
	err := db.App.RecordQuery(schema.Rules).AndWhere(dbx.HashExp{"enabled": true}).OrderBy("created", "rowid").
		Limit(int64(maxRules)).WithContext(ctx).All(&records)
	if err != nil {
		return nil, fmt.Errorf("list rules: %w", err)
	}
	rules := make([]rule, 0, len(records))
	for _, record := range records {
		conditions, err := DecodeRuleConditions(json.RawMessage(record.GetString("conditions")))
		options, optionsErr := decodeRuleOptions(record)
		if err := errors.Join(err, optionsErr); err != nil {
			s.logger.WarnContext(ctx, "failed to read a rule", "database", db.Name, "rule", record.Id, "error", err)
			continue
		}
		rules = append(rules, rule{conditions, record.Id, record.GetBool("deliver"), options})
	}
	return rules, nil
}

// applyTo applies rules to meetings, and returns to how many. The jobs are created before the meetings are marked as
// done: after a crash, they are active or have left a transfer.
func (s *Service) applyTo(ctx context.Context, db *userdb.Database, due []ruleMeeting, rules []rule, mine []string) (done int, err error) {
	chosen, err := chooseRules(ctx, db, due, rules, mine)
	if err != nil {
		return 0, err
	}
	matched := map[string]int{} // by id of the rule
	err = s.global.RunInTransaction(func(tx core.App) error {
		done = 0
		clear(matched)
		for i, rule := range chosen {
			if rule != nil {
				_, err := s.addTransfer(ctx, tx, db, due[i].RecordingID, TransferRequest{Deliver: rule.deliver, Options: rule.options}, false)
				if queue.IsFull(err) {
					return nil
				}
				if err != nil {
					return err
				}
				matched[rule.id]++
			}
			done++
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	ids := make([]any, done)
	for i := range ids {
		ids[i] = due[i].ID
	}
	return done, s.recordApplied(ctx, db, matched, dbx.In("id", ids...))
}

// chooseRules returns the first rule that matches each meeting, or nil for a meeting that has a transfer or that no rule
// matches. It is done before the transaction of the global database, in which everybody else would wait for it.
func chooseRules(ctx context.Context, db *userdb.Database, due []ruleMeeting, rules []rule, mine []string) ([]*rule, error) {
	chosen := make([]*rule, len(due))
	for i, meeting := range due {
		first := slices.IndexFunc(rules, func(rule rule) bool { return rule.matches(meeting, mine) })
		if first < 0 {
			continue
		}
		var transfers int
		err := db.App.DB().Select("COUNT(*)").From(schema.Transfers).Where(dbx.HashExp{"recording_id": meeting.RecordingID}).WithContext(ctx).Row(&transfers)
		if err != nil {
			return nil, fmt.Errorf("find the transfer of recording %d: %w", meeting.RecordingID, err)
		}
		if transfers == 0 {
			chosen[i] = &rules[first]
		}
	}
	return chosen, nil
}

// recordApplied marks the meetings that meet an SQL condition as done, and counts the matches of rules.
func (s *Service) recordApplied(ctx context.Context, db *userdb.Database, matched map[string]int, meetings dbx.Expression) error {
	return db.App.RunInTransaction(func(tx core.App) error {
		_, err := tx.NonconcurrentDB().Update(schema.Meetings, dbx.Params{"rules_due": false}, meetings).WithContext(ctx).Execute()
		if err != nil {
			return err
		}
		for id, count := range matched {
			record, err := tx.FindRecordById(schema.Rules, id)
			if err != nil {
				continue // deleted in the meantime
			}
			record.Set("matched", record.GetInt("matched")+count)
			record.Set("last_matched_at", s.now())
			if err := tx.SaveWithContext(ctx, record); err != nil {
				return err
			}
		}
		return nil
	})
}

// maxRules is how many rules of a user are applied.
const maxRules = 50

// CheckRule returns a *RuleError if a rule that is about to be saved is not valid. app may be a transaction.
func CheckRule(app core.App, record *core.Record) error {
	if _, err := DecodeRuleConditions(json.RawMessage(record.GetString("conditions"))); err != nil {
		return err
	}
	if _, err := decodeRuleOptions(record); err != nil {
		return err
	}
	if !record.IsNew() {
		return nil
	}
	count, err := app.CountRecords(schema.Rules)
	if err != nil {
		return fmt.Errorf("count rules: %w", err)
	}
	if count >= maxRules {
		return refuseRule("You have %d rules, the maximum.", maxRules)
	}
	return nil
}

// decodeRuleOptions returns the options of a rule's deliveries, or a *RuleError. Without any, what the owner prefers applies.
func decodeRuleOptions(record *core.Record) (options loom.Options, err error) {
	raw := record.GetString("options")
	if raw == "" || raw == "null" {
		return options, nil
	}
	if err := queue.DecodeStrict(json.RawMessage(raw), &options); err != nil {
		return options, &RuleError{Field: "options", Message: `The options must be an object with "visibility" and "folder".`}
	}
	if problem := options.Problem(); problem != "" {
		return options, &RuleError{Field: "options", Message: problem}
	}
	return options, nil
}

// RuleTest is what a rule matches among the stored meetings.
type RuleTest struct {
	Matched      int     // meetings
	RecordingIDs []int64 // of the newest ones, at most as many as asked for
}

// TestRule finds the stored meetings that match conditions. It ends with ctx.
func (s *Service) TestRule(ctx context.Context, db *userdb.Database, conditions RuleConditions, most int) (test RuleTest, err error) {
	mine := preferences.MyEmails(db.App)
	rows, err := db.App.ConcurrentDB().Select(ruleColumns...).From(schema.Meetings).
		OrderBy("recorded_at DESC", "recording_id DESC").WithContext(ctx).Rows()
	if err != nil {
		return test, fmt.Errorf("read meetings: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var meeting ruleMeeting
		if err := rows.ScanStruct(&meeting); err != nil {
			return test, fmt.Errorf("read a meeting: %w", err)
		}
		if !conditions.matches(meeting, mine) {
			continue
		}
		if test.Matched++; len(test.RecordingIDs) < most {
			test.RecordingIDs = append(test.RecordingIDs, meeting.RecordingID)
		}
	}
	return test, rows.Err()
}
