package jobfeed

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/picker"
	"github.com/pocketbase/pocketbase/tools/search"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"github.com/fathom-to-loom/fathom-to-loom/app/background"
)

// Topics with options, such as a filter, need a query for each change of a job. They are evaluated only for the
// jobs that a client may see, and by one goroutine of their own, user by user in turn. So a user with expensive
// filters delays neither the queue nor other subscriptions, and delays other users' filters by one turn.

const (
	// turnTimeout limits the evaluation of all topics of one user for one change.
	turnTimeout = time.Second
	// maxTurns is how many changes may wait for one user.
	maxTurns = 1000
)

// turn is a change to be sent to the streams of one signed-in record that have topics with options.
type turn struct {
	action     string
	job        *core.Record
	recipients []subscriber
}

// turns holds the turns that wait. It must be created with newTurns.
type turns struct {
	mu     sync.Mutex
	order  []string // ids of users and superusers with turns, the next one first
	byUser map[string][]turn
	wake   background.Wake
}

func newTurns() *turns { return &turns{byUser: map[string][]turn{}, wake: background.NewWake()} }

// add adds a turn. It returns false, and drops all turns of the user, if too many wait.
func (t *turns) add(userID string, next turn) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	waiting := t.byUser[userID]
	if len(waiting) == maxTurns {
		delete(t.byUser, userID)
		t.order = slices.DeleteFunc(t.order, func(id string) bool { return id == userID })
		return false
	}
	if len(waiting) == 0 {
		t.order = append(t.order, userID)
	}
	t.byUser[userID] = append(waiting, next)
	t.wake.Signal()
	return true
}

// next returns the next turn.
func (t *turns) next() (turn, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.order) == 0 {
		return turn{}, false
	}
	userID := t.order[0]
	t.order = t.order[1:]
	waiting := t.byUser[userID]
	if len(waiting) > 1 {
		t.byUser[userID] = waiting[1:]
		t.order = append(t.order, userID)
	} else {
		delete(t.byUser, userID)
	}
	return waiting[0], true
}

// addTurn makes a change wait for its turn, if any of the recipients has topics with options for the job.
func (f *Feed) addTurn(userID string, recipients []subscriber, action string, job *core.Record) {
	concerned := func(s subscriber) bool { return len(s.filteredTopicsOf(job.Id)) > 0 }
	if slices.ContainsFunc(recipients, concerned) && !f.turns.add(userID, turn{action, job, recipients}) {
		f.disconnectFiltered(recipients)
	}
}

// disconnectFiltered ends the streams that missed a change. Their clients connect again and read the current
// state.
func (f *Feed) disconnectFiltered(recipients []subscriber) {
	for _, s := range recipients {
		if len(s.filtered) > 0 {
			f.app.SubscriptionsBroker().Unregister(s.client.Id())
		}
	}
}

// sendFiltered takes turns until ctx ends.
func (f *Feed) sendFiltered(ctx context.Context) {
	for {
		select {
		case <-f.turns.wake.C():
		case <-ctx.Done():
			return
		}
		for next, ok := f.turns.next(); ok && ctx.Err() == nil; next, ok = f.turns.next() {
			f.takeTurn(ctx, next)
		}
	}
}

// takeTurn evaluates the topics of all recipients. The same options are evaluated once, however many streams
// have them.
func (f *Feed) takeTurn(ctx context.Context, t turn) {
	limited, cancel := context.WithTimeout(ctx, turnTimeout)
	defer cancel()
	messages := map[string][]byte{} // by options; nil if the filter doesn't match
	for _, s := range t.recipients {
		if s.client.IsDiscarded() || authOf(s.client) == nil { // signed out in the meantime
			continue
		}
		for _, topic := range s.filteredTopicsOf(t.job.Id) {
			_, rawOptions, _ := strings.Cut(topic, "?")
			data, known := messages[rawOptions]
			if !known {
				var err error
				data, err = f.evaluate(limited, t, s.auth, s.filtered[topic])
				if limited.Err() != nil {
					if ctx.Err() == nil {
						f.logger.WarnContext(ctx, "disconnected realtime clients whose filters take too long", "user", s.auth.Id)
						f.disconnectFiltered(t.recipients)
					}
					return
				}
				if err != nil { // PocketBase ignores invalid options, too
					f.logger.DebugContext(ctx, "failed to evaluate the options of a subscription", "user", s.auth.Id, "error", err)
				}
				messages[rawOptions] = data
			}
			if data != nil {
				f.outbox.send(s.client, subscriptions.Message{Name: topic, Data: data})
			}
		}
	}
}

// evaluate returns the message for a topic with options, or nil if its filter doesn't match the job.
func (f *Feed) evaluate(ctx context.Context, t turn, auth *core.Record, options subscriptions.SubscriptionOptions) ([]byte, error) {
	info := &core.RequestInfo{
		Context: core.RequestInfoContextRealtime, Method: http.MethodGet,
		Query: options.Query, Headers: options.Headers, Auth: auth,
	}
	if matches, err := f.matches(ctx, t.job, info); err != nil || !matches {
		return nil, err
	}
	record, err := f.expanded(ctx, t.job, auth, options)
	if err != nil {
		return nil, err
	}
	var visible any = record
	if fields := options.Query["fields"]; fields != "" {
		if visible, err = picker.Pick(record, fields); err != nil {
			return nil, err
		}
	}
	return json.Marshal(struct {
		Record any    `json:"record"`
		Action string `json:"action"`
	}{visible, t.action})
}

// expanded returns the job as the client may see it, with the relations that the options expand.
func (f *Feed) expanded(ctx context.Context, job, auth *core.Record, options subscriptions.SubscriptionOptions) (*core.Record, error) {
	query := url.Values{}
	for name, value := range options.Query {
		query.Set(name, value)
	}
	event := new(core.RequestEvent)
	event.App, event.Auth = f.app, auth
	event.Request = (&http.Request{Method: http.MethodGet, URL: &url.URL{RawQuery: query.Encode()}, Header: http.Header{}}).WithContext(ctx)
	for name, value := range options.Headers {
		event.Request.Header.Set(name, value)
	}
	event.Set(core.RequestEventKeyInfoContext, core.RequestInfoContextRealtime)
	record := job.Fresh()
	return record, apis.EnrichRecord(event, record)
}

// matches reports whether the filter of a subscription matches a job. It evaluates the given state of the job,
// which may have changed or been deleted in the meantime.
func (f *Feed) matches(ctx context.Context, job *core.Record, info *core.RequestInfo) (bool, error) {
	filter := info.Query[search.FilterQueryParam]
	if filter == "" {
		return true, nil
	}
	if !info.HasSuperuserAuth() && (strings.Contains(filter, "@collection.") || strings.Contains(filter, "@request.")) {
		return false, nil // as PocketBase
	}
	row, params, err := rowOf(f.app, job)
	if err != nil {
		return false, err
	}
	query := f.app.ConcurrentDB().Select("(1)").From(row + " AS " + job.Collection().Name).WithContext(ctx).AndBind(params)
	resolver := core.NewRecordFieldResolver(f.app, job.Collection(), info, false)
	expression, err := search.FilterData(filter).BuildExpr(resolver)
	if err != nil {
		return false, err
	}
	if err := resolver.UpdateQuery(query.AndWhere(expression)); err != nil {
		return false, err
	}
	var found []int
	err = query.Limit(1).Column(&found)
	return len(found) > 0, err
}

// rowOf returns a subquery with the columns of a record as its only row.
func rowOf(app core.App, record *core.Record) (string, dbx.Params, error) {
	values, err := record.DBExport(app)
	if err != nil {
		return "", nil, fmt.Errorf("read columns of record %s: %w", record.Id, err)
	}
	var columns []string
	params := dbx.Params{}
	for i, field := range record.Collection().Fields {
		value, ok := values[field.GetName()]
		if !ok {
			continue
		}
		param := fmt.Sprintf("column%d", i)
		params[param] = value
		expression := "{:" + param + "}"
		if field.Type() != core.FieldTypeJSON { // comparisons depend on the declared type of the column
			declared, _, _ := strings.Cut(field.ColumnType(app), " ")
			expression = "CAST(" + expression + " AS " + declared + ")"
		}
		columns = append(columns, expression+" AS [["+field.GetName()+"]]")
	}
	return "(SELECT " + strings.Join(columns, ", ") + ")", params, nil
}
