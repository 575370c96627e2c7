package transfer

import (
	"context"
	"errors"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/media"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// measureTimeout limits how long a transfer or a request waits for the length of a file. It is read from a few places
// of the file, each of which is a request if the file is in S3.
const measureTimeout = 10 * time.Second

// length is how long a recording is.
type length struct {
	time.Duration
	measured bool // read from the file; otherwise the time between start and end of the meeting, which includes pauses
}

func (l length) set(recording *core.Record) {
	recording.Set("duration", l.Seconds())
	recording.Set("measured", l.measured)
}

// lengthOf returns the length of the recording of a meeting that is stored at file.
func (s *Service) lengthOf(ctx context.Context, file blob.Ref, meeting *core.Record) length {
	measured, err := s.readLength(ctx, file)
	if err != nil {
		s.logger.InfoContext(ctx, "failed to read the length of a recording", "key", file.Key, "error", err)
		return length{durationOf(meeting), false}
	}
	return length{measured, true}
}

func (s *Service) readLength(ctx context.Context, ref blob.Ref) (duration time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, measureTimeout)
	defer cancel()
	file, err := s.blobs.Open(ctx, ref)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return media.Duration(file)
}

// measure reads the length of a recording that an earlier version stored, and saves it.
func (s *Service) measure(ctx context.Context, db *userdb.Database, recording, meeting *core.Record) error {
	if recording.GetBool("measured") || recording.GetString("file") == "" {
		return nil
	}
	measured := s.lengthOf(ctx, userdb.RecordingBlob(db.Name, recording), meeting)
	if !measured.measured {
		return nil // the next attempt may be luckier
	}
	measured.set(recording)
	return db.App.SaveNoValidate(recording)
}
