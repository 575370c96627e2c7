package transfer

import (
	"errors"
	"log/slog"
)

// maxReportedMeetings limits how many ids of skipped meetings a log line has.
const maxReportedMeetings = 5

var (
	errIDOutOfRange = errors.New("recording id is out of range")
	errUndecodable  = errors.New("meeting could not be decoded")
)

// skippedMeetings collects the meetings that a run of a sync could not save, to log them in one line however many
// there are. The zero value is empty.
type skippedMeetings struct {
	count      int
	recordings []int64 // the ids of the first ones
	cause      error   // why the first one was skipped
}

func (s *skippedMeetings) add(recordingID int64, cause error) {
	s.count++
	s.setCause(cause)
	if len(s.recordings) < maxReportedMeetings {
		s.recordings = append(s.recordings, recordingID)
	}
}

// addUndecodable adds meetings whose ids are unknown.
func (s *skippedMeetings) addUndecodable(count int) {
	if count > 0 {
		s.count += count
		s.setCause(errUndecodable)
	}
}

func (s *skippedMeetings) setCause(cause error) {
	if s.cause == nil {
		s.cause = cause
	}
}

func (s *skippedMeetings) log(logger *slog.Logger, database string) {
	if s.count > 0 {
		logger.Warn("skipped meetings that can't be stored",
			"database", database, "meetings", s.count, "recordings", s.recordings, "error", s.cause)
	}
}
