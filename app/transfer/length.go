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

// setLength sets the duration of a recording that is stored at ref: that of the file or, if it can't be read, the time
// between start and end of the meeting, which includes pauses that aren't in the file.
func (s *Service) setLength(ctx context.Context, recording *core.Record, ref blob.Ref, meeting *core.Record) {
	length, err := s.readLength(ctx, ref)
	if err != nil {
		s.logger.Info("failed to read the length of a recording", "key", ref.Key, "error", err)
		length = meetingDuration(meeting)
	}
	recording.Set("duration", length.Seconds())
	recording.Set("measured", err == nil)
}

func (s *Service) readLength(ctx context.Context, ref blob.Ref) (length time.Duration, err error) {
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
	s.setLength(ctx, recording, userdb.RecordingBlob(db.Name, recording), meeting)
	if !recording.GetBool("measured") {
		return nil // the next attempt may be luckier
	}
	return db.App.SaveNoValidate(recording)
}
