package transfer

import (
	"context"
	"encoding/json"
	"log/slog"
	"strconv"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/logging"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// The kinds of jobs.
const (
	KindSync     = "fathom.sync"
	KindParts    = "fathom.parts" // summaries, transcripts, action items and highlights
	KindTransfer = "recording.transfer"
)

// needsFathom is the Kind.Needs of jobs that call Fathom.
const needsFathom = "fathom"

// The time limits of one run, which continues where the last one ended, and of the time that a job may spend
// on nothing but waiting.
const (
	syncTimeout     = 15 * time.Minute
	syncMaxWait     = 72 * time.Hour // an outage of Fathom over a weekend
	transferTimeout = 12 * time.Hour // a large file at the least rate that package fathom accepts
	transferMaxWait = 72 * time.Hour // longer than maxPreparation times maxDownloadRequests, too
)

// Kinds returns the kinds of jobs that Handlers handles, for queue.Define.
func (s *Service) Kinds() []queue.Kind {
	return []queue.Kind{
		{
			Name: KindSync, Needs: needsFathom, Lane: queue.LaneShort, Timeout: syncTimeout, MaxWait: syncMaxWait, KeepLast: true, Merge: mergeSync,
			Check: func(payload json.RawMessage) (string, error) {
				_, err := decodeSync(payload)
				return "", err
			},
		},
		{
			Name: KindParts, Needs: needsFathom, Lane: queue.LaneShort, Timeout: syncTimeout,
			OwnerCheck: checkOwnersParts,
			Check: func(payload json.RawMessage) (string, error) {
				p, err := decodeParts(payload)
				if err != nil || p.RecordingID == nil {
					return "", err
				}
				return strconv.FormatInt(*p.RecordingID, 10), nil
			},
		},
		{
			Name: KindTransfer, Needs: needsFathom, MaxAttempts: 8, Timeout: transferTimeout, MaxWait: transferMaxWait, Merge: mergeTransfer,
			Check: func(payload json.RawMessage) (string, error) {
				p, err := decodeTransfer(payload)
				return strconv.FormatInt(p.RecordingID, 10), err
			},
		},
		{Name: KindWebhook, Needs: needsFathom, Lane: queue.LaneShort, Internal: true, MaxWait: webhookMaxWait, Check: checkNone},
		{Name: KindExpire, Lane: queue.LaneShort, Internal: true, Check: checkNone},
		{Name: KindFindVideos, Lane: queue.LaneShort, Internal: true, Check: checkNone},
	}
}

// Handlers returns the handlers by kind.
func (s *Service) Handlers() map[string]queue.Handler {
	return map[string]queue.Handler{
		KindParts:    withUserDB(s, decodeParts, s.requestParts),
		KindSync:     withUserDB(s, decodeSync, s.syncMeetings),
		KindTransfer: withUserDB(s, decodeTransfer, s.transferRecording),
		KindWebhook:  withUserDB(s, decodeNone, s.ensureWebhook),
		KindExpire:   withUserDB(s, decodeNone, s.expireRecordings),

		KindFindVideos: withUserDB(s, decodeNone, s.findVideos),
	}
}

// userDBHandler is a job handler with a decoded payload and its user's database.
type userDBHandler[P any] func(
	ctx context.Context, db *userdb.Database, job queue.Job, payload P, report queue.Report,
) (any, error)

// withUserDB decodes the payload, keeps the user's database open during the job and explains errors to
// the user. Failures of the storage for recordings are explained to the operator, too.
func withUserDB[P any](s *Service, decode func(json.RawMessage) (P, error), handle userDBHandler[P]) queue.Handler {
	return func(ctx context.Context, job queue.Job, report queue.Report) (any, error) {
		payload, err := decode(job.Payload)
		if err != nil {
			return nil, err
		}
		db, err := s.databases.AcquireForJob(ctx, job.UserID)
		if err != nil {
			return nil, explain(err)
		}
		defer db.Release()
		ctx = logging.With(ctx, slog.String(logging.DatabaseKey, db.Name))
		result, err := handle(ctx, db.Database, job, payload, report)
		if err != nil {
			s.ReportStorageFailure(ctx, db.Name, err)
			return nil, s.holdDuringOutage(ctx, job, explain(err))
		}
		return result, nil
	}
}
