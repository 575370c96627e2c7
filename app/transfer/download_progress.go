package transfer

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// shownAfterEnd is how long the bytes of a download are kept after its end: longer than a request takes that has read the
// transfer before its last bytes were saved.
const shownAfterEnd = time.Minute

// downloads knows how many bytes the running downloads have received. Safe for concurrent use. It must be created
// with newDownloads.
type downloads struct {
	mu    sync.Mutex
	byKey map[transferKey]received
}

// received is how many bytes a download has received.
type received struct {
	bytes, total int64 // total is 0 while it is unknown
	at           time.Time
	ended        time.Time // zero while the download runs
}

func newDownloads() *downloads { return &downloads{byKey: map[transferKey]received{}} }

func (d *downloads) set(key transferKey, latest received) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.byKey[key] = latest
}

func (d *downloads) get(key transferKey) (latest received, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	latest, ok = d.byKey[key]
	return latest, ok
}

// end marks the bytes of a download as its last, and forgets downloads that ended earlier.
func (d *downloads) end(key transferKey, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if latest, ok := d.byKey[key]; ok {
		latest.ended = now
		d.byKey[key] = latest
	}
	maps.DeleteFunc(d.byKey, func(_ transferKey, latest received) bool {
		return !latest.ended.IsZero() && now.Sub(latest.ended).Abs() > shownAfterEnd
	})
}

// ShowProgress sets the bytes that a download has received in the record of its transfer, which may be 5 s or 1 % older,
// also if the record was read shortly before the download ended. It doesn't read the database.
func (s *Service) ShowProgress(db *userdb.Database, transfer *core.Record) {
	if statusOf(transfer) != StatusDownloading {
		return
	}
	latest, ok := s.downloads.get(transferKey{db.Name, int64(transfer.GetInt("recording_id"))})
	if !ok || !latest.ended.IsZero() && !transfer.GetDateTime("updated").Time().Before(latest.ended) {
		return
	}
	transfer.Set("bytes_done", latest.bytes)
	if at, err := types.ParseDateTime(latest.at); err == nil && at.After(transfer.GetDateTime("updated")) {
		transfer.SetRaw("updated", at) // Set ignores a date that PocketBase sets automatically
	}
}

// downloadProgress publishes the progress of one download. Only its goroutine uses the fields.
type downloadProgress struct {
	service   *Service
	db        *userdb.Database
	meeting   *core.Record
	key       transferKey
	saved     int64 // bytes in the transfer's record
	savedAt   time.Time
	announced int64 // bytes last sent to realtime subscribers
}

// isDue reports whether the bytes must be saved, by the rule for the progress of jobs.
func (p *downloadProgress) isDue(latest received) bool {
	step := int64(queue.ProgressStep * float64(latest.total))
	return max(latest.bytes-p.saved, p.saved-latest.bytes) >= step && latest.at.Sub(p.savedAt) >= queue.ProgressInterval
}

// publish saves the latest bytes if they are due, and otherwise only sends them to realtime subscribers.
func (p *downloadProgress) publish(ctx context.Context) {
	latest, ok := p.service.downloads.get(p.key)
	if !ok || latest.bytes == p.announced {
		return
	}
	if p.isDue(latest) {
		p.save()
		return
	}
	p.announced = latest.bytes
	if err := p.service.announceTransfer(ctx, p.db, p.key.recordingID); err != nil {
		p.service.logger.WarnContext(ctx, "failed to send the progress of a download",
			"database", p.db.Name, "recording", p.key.recordingID, "error", err)
	}
}

// save saves the latest bytes, which also sends them to realtime subscribers.
func (p *downloadProgress) save() {
	latest, ok := p.service.downloads.get(p.key)
	if !ok || latest.bytes == p.saved {
		return
	}
	p.saved, p.savedAt, p.announced = latest.bytes, p.service.now(), latest.bytes
	_, err := updateTransfer(p.db.App, p.meeting, func(transfer *core.Record) { transfer.Set("bytes_done", latest.bytes) })
	if err != nil {
		p.service.logger.Warn("failed to save the progress of a download",
			"database", p.db.Name, "recording", p.key.recordingID, "error", err)
	}
}

// announceTransfer sends the transfer of a download to the realtime subscribers of a database as if it had been
// saved. ShowProgress, which is bound to the responses, adds the latest bytes.
func (s *Service) announceTransfer(ctx context.Context, db *userdb.Database, recordingID int64) error {
	if db.App.SubscriptionsBroker().TotalClients() == 0 {
		return nil
	}
	transfer, err := db.App.FindFirstRecordByData(schema.Transfers, "recording_id", recordingID)
	if err != nil || statusOf(transfer) != StatusDownloading {
		return err
	}
	event := new(core.ModelEvent)
	event.App, event.Context, event.Type, event.Model = db.App, ctx, core.ModelEventTypeUpdate, transfer
	return db.App.OnModelAfterUpdateSuccess().Trigger(event) // PocketBase's own hook sends the message
}
