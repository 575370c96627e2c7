package queue

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// Info describes a job for an operator. Payload and Result are JSON; unset times are nil.
type Info struct {
	ID              string     `json:"id"`
	User            string     `json:"user"`
	Email           string     `json:"email"`
	Kind            string     `json:"kind"`
	Payload         string     `json:"payload"`
	Status          Status     `json:"status"`
	Priority        int        `json:"priority"`
	Position        int        `json:"position,omitempty"`
	Paused          bool       `json:"paused,omitempty"` // whether its kind is paused, for everybody or for its user
	Stage           string     `json:"stage,omitempty"`
	Progress        float64    `json:"progress"` // from 0 to 1
	Attempts        int        `json:"attempts"`
	MaxAttempts     int        `json:"max_attempts"`
	Worker          string     `json:"worker,omitempty"`
	CancelRequested bool       `json:"cancel_requested,omitempty"`
	Error           string     `json:"error,omitempty"`
	Result          string     `json:"result,omitempty"`
	RunAt           *time.Time `json:"run_at"`
	Started         *time.Time `json:"started"`
	LeaseExpires    *time.Time `json:"lease_expires,omitempty"`
	Finished        *time.Time `json:"finished"`
	Created         *time.Time `json:"created"`
	History         []Attempt  `json:"history,omitempty"`
}

// List returns up to limit of the selected jobs, newest first; 0 means no limit. It returns an
// *InvalidJob if the status or the kind of the selection is unknown.
func (q *Queue) List(ctx context.Context, selection Selection, limit int) ([]Info, error) {
	if err := q.checkSelection(selection); err != nil {
		return nil, err
	}
	query := selectedRecords(q.app, selection).WithContext(ctx)
	if limit > 0 {
		query.Limit(int64(limit))
	}
	var records []*core.Record
	if err := query.All(&records); err != nil {
		return nil, fmt.Errorf("list jobs: %w", err)
	}
	infos, emails := make([]Info, 0, len(records)), map[string]string{}
	for _, record := range records {
		info := q.info(ctx, record)
		if _, ok := emails[info.User]; !ok {
			if user, err := q.app.FindRecordById(migrations.Users, info.User); err == nil {
				emails[info.User] = user.Email()
			}
		}
		info.Email = emails[info.User]
		infos = append(infos, info)
	}
	return infos, nil
}

func (q *Queue) info(ctx context.Context, record *core.Record) Info {
	q.ShowProgress(record)
	timeOf := func(field string) *time.Time {
		date := record.GetDateTime(field)
		if date.IsZero() {
			return nil
		}
		t := date.Time()
		return &t
	}
	result := record.GetString("result")
	if result == "null" {
		result = ""
	}
	return Info{
		ID:              record.Id,
		User:            record.GetString("user"),
		Kind:            record.GetString("kind"),
		Payload:         record.GetString("payload"),
		Status:          Status(record.GetString("status")),
		Priority:        record.GetInt("priority"),
		Position:        q.Position(ctx, record),
		Paused:          q.PausedFor(record.GetString("user")).Has(record.GetString("kind")),
		Stage:           record.GetString("stage"),
		Progress:        record.GetFloat("progress"),
		Attempts:        record.GetInt("attempts"),
		MaxAttempts:     record.GetInt("max_attempts"),
		Worker:          record.GetString("worker_id"),
		CancelRequested: record.GetBool("cancel_requested"),
		Error:           record.GetString("error"),
		Result:          result,
		RunAt:           timeOf("run_at"),
		Started:         timeOf("started_at"),
		LeaseExpires:    timeOf("lease_expires_at"),
		Finished:        timeOf("finished_at"),
		Created:         timeOf("created"),
		History:         ParseHistory(record.GetString("history")),
	}
}
