package userdb

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/internal/logtest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// s3Harness is a harness whose recordings are in an S3 service.
type s3Harness struct {
	*harness
	s3  *s3test.Server
	log *logtest.Buffer
}

func newS3Harness(t *testing.T, configure ...func(*Config)) *s3Harness {
	t.Helper()
	server := s3test.Start(t, s3test.Options{})
	store, err := blob.NewS3(blob.S3Config{
		Endpoint: server.URL, Bucket: server.Bucket, Region: server.Region,
		AccessKey: server.AccessKey, SecretKey: server.SecretKey, PathStyle: true,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	require.NoError(t, err)
	t.Cleanup(store.Close)
	log := &logtest.Buffer{}
	configure = append([]func(*Config){func(cfg *Config) {
		cfg.Blobs.S3, cfg.Logger = store, slog.New(slog.NewTextHandler(log, nil))
	}}, configure...)
	return &s3Harness{harness: newHarness(t, configure...), s3: server, log: log}
}

// save saves a record in an open database.
func (h *harness) save(db *Database, collection string, fields map[string]any) *core.Record {
	h.t.Helper()
	c, err := db.App.FindCollectionByNameOrId(collection)
	require.NoError(h.t, err)
	record := core.NewRecord(c)
	record.Id = core.GenerateDefaultRandomId()
	for name, value := range fields {
		if name == "file" {
			record.SetRaw(name, value) // the field accepts only uploads
		} else {
			record.Set(name, value)
		}
	}
	require.NoError(h.t, db.App.UnsafeWithoutHooks().SaveNoValidate(record))
	return record
}

// saveRecording saves a recording with a file in S3 under the given key, or on disk if the key is blank.
func (h *harness) saveRecording(db *Database, number int, key, content string) *core.Record {
	h.t.Helper()
	meeting := h.save(db, schema.Meetings, map[string]any{"recording_id": number, "title": "t"})
	recording := h.save(db, schema.Recordings, map[string]any{
		"meeting": meeting.Id, "recording_id": number, "size": len(content), "file": "recording.mp4", "file_name": "a.mp4",
		"content_type": "video/mp4", "blob": key,
	})
	if key == "" {
		h.writeRecording(db.Name, recording, content)
	}
	return recording
}

// writeRecording writes the file of a recording on disk and returns its path.
func (h *harness) writeRecording(database string, recording *core.Record, content string) string {
	h.t.Helper()
	path := filepath.Join(h.Dir(database), filepath.FromSlash(RecordingPath(recording, "recording.mp4")))
	require.NoError(h.t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(h.t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// storeRecording saves a recording and stores its file in S3.
func (h *s3Harness) storeRecording(db *Database, number int, content string) *core.Record {
	h.t.Helper()
	key := fmt.Sprintf("%s/%d/aaaa-%d", db.Name, number, number)
	h.s3.Put(h.t, key, []byte(content))
	return h.saveRecording(db, number, key, content)
}

// saveUpload saves the state of an unfinished upload of a transfer.
func (h *harness) saveUpload(db *Database, number int, upload blob.Upload) {
	h.t.Helper()
	state, err := json.Marshal(map[string]any{"source": "abc", "record": "r", "upload": upload})
	require.NoError(h.t, err)
	meeting := h.save(db, schema.Meetings, map[string]any{"recording_id": number, "title": "t"})
	h.save(db, schema.Transfers, map[string]any{
		"meeting": meeting.Id, "recording_id": number, "status": "downloading", "upload": string(state),
	})
}
