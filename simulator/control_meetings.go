package simulator

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// meetingInput is the JSON representation of the options of AddMeeting and Change.
type meetingInput struct {
	RecordingID     int64          `json:"recording_id"`
	Title           string         `json:"title"`
	CreatedAt       time.Time      `json:"created_at"`
	Size            int64          `json:"size_bytes"`
	MeetingType     *string        `json:"meeting_type"`
	Lines           []string       `json:"lines"`
	Summary         *string        `json:"summary"`
	Limited         bool           `json:"limited"`
	NoMedia         bool           `json:"no_media"`
	AudioOnly       bool           `json:"audio_only"`
	Unlisted        bool           `json:"unlisted"`
	Restored        bool           `json:"restored"`
	FailGeneration  string         `json:"fail_generation"`
	FailTimes       int            `json:"fail_times"`
	ExpiresAfter    *seconds       `json:"expires_after"`
	ProcessingPolls *int           `json:"processing_polls"`
	ReadyAfter      *seconds       `json:"ready_after"`
	VisibleTo       []string       `json:"visible_to"`
	Fields          map[string]any `json:"fields"`
	Without         []string       `json:"without"`
}

func (in meetingInput) options() []MeetingOption {
	var out []MeetingOption
	add := func(wanted bool, option func() MeetingOption) {
		if wanted {
			out = append(out, option())
		}
	}
	add(in.Restored, Restored)
	add(in.RecordingID != 0, func() MeetingOption { return WithRecordingID(in.RecordingID) })
	add(in.Title != "", func() MeetingOption { return WithTitle(in.Title) })
	add(!in.CreatedAt.IsZero(), func() MeetingOption { return WithCreatedAt(in.CreatedAt) })
	add(in.Size != 0, func() MeetingOption { return WithSize(in.Size) })
	add(in.MeetingType != nil, func() MeetingOption { return WithMeetingType(*in.MeetingType) })
	add(in.Lines != nil, func() MeetingOption { return WithLines(in.Lines...) })
	add(in.Summary != nil, func() MeetingOption { return WithSummary(*in.Summary) })
	add(in.Limited, Limited)
	add(in.NoMedia, NoMedia)
	add(in.AudioOnly, AudioOnly)
	add(in.Unlisted, Unlisted)
	add(in.FailGeneration != "", func() MeetingOption {
		if in.FailTimes > 0 {
			return FailGenerationTimes(in.FailGeneration, in.FailTimes)
		}
		return FailGeneration(in.FailGeneration)
	})
	add(in.ExpiresAfter != nil, func() MeetingOption { return ExpiresAfter(in.ExpiresAfter.duration()) })
	add(in.ProcessingPolls != nil, func() MeetingOption { return ProcessingPolls(*in.ProcessingPolls) })
	add(in.ReadyAfter != nil, func() MeetingOption { return ReadyAfter(in.ReadyAfter.duration()) })
	add(in.VisibleTo != nil, func() MeetingOption { return VisibleTo(in.VisibleTo...) })
	for name, value := range in.Fields {
		out = append(out, WithField(name, value))
	}
	for _, name := range in.Without {
		out = append(out, WithoutField(name))
	}
	return out
}

// controlAddMeeting handles POST meetings, the counterpart of AddMeeting.
func (s *Server) controlAddMeeting(w http.ResponseWriter, r *http.Request) {
	var in meetingInput
	if !decodeControl(w, r, &in) {
		return
	}
	respondMeeting(w, http.StatusCreated)(s.AddMeeting(in.options()...))
}

// controlChangeMeeting handles PATCH meetings/{id}, the counterpart of Change.
func (s *Server) controlChangeMeeting(w http.ResponseWriter, r *http.Request) {
	var in meetingInput
	if !decodeControl(w, r, &in) {
		return
	}
	id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64) // 0 is never a recording ID
	respondMeeting(w, http.StatusOK)(s.Change(id, in.options()...))
}

// controlGetMeeting handles GET meetings/{id}, the counterpart of Meeting.
func (s *Server) controlGetMeeting(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
	m, ok := s.Meeting(id)
	if !ok {
		writeError(w, http.StatusNotFound, fmt.Sprintf("unknown recording %d", id))
		return
	}
	writeJSON(w, http.StatusOK, m)
}

// respondMeeting responds with the results of AddMeeting or Change.
func respondMeeting(w http.ResponseWriter, status int) func(Meeting, error) {
	return func(m Meeting, err error) {
		if err != nil {
			writeError(w, http.StatusBadRequest, err.Error())
			return
		}
		writeJSON(w, status, m)
	}
}
