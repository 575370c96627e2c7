package transfer

import (
	"context"
	"encoding/json"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// JobTitle is the title of the meeting that a job is about.
type JobTitle struct {
	Job      string
	Owner    string // id of the user
	Database string // name of the database that has the title
	Title    string
}

// JobTitles finds the titles of the meetings that jobs are about, in their owners' databases. Jobs about no meeting, and
// meetings in databases that are archived or can't be read, have none. If ctx ends, JobTitles returns those that it has
// found. It returns an error of the registry.
//
// Titles aren't stored with jobs, because they would outlive meetings that their owners delete.
func (s *Service) JobTitles(ctx context.Context, jobs []*core.Record) (titles []JobTitle, err error) {
	byOwner := map[string][]int64{}
	for _, job := range jobs {
		if recording := recordingOf(job); recording != 0 {
			byOwner[job.GetString("user")] = append(byOwner[job.GetString("user")], recording)
		}
	}
	found, names := map[string]map[int64]string{}, map[string]string{}
	for owner, recordings := range byOwner {
		if ctx.Err() != nil {
			break
		}
		entry, err := s.databases.ReadyOf(ctx, owner)
		if registry.IsNotHere(err) || ctx.Err() != nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		if found[owner], err = s.databases.Titles(ctx, entry.Name, recordings); err != nil && ctx.Err() == nil {
			s.logger.WarnContext(ctx, "failed to read the titles of jobs", "database", entry.Name, "error", err)
		}
		names[owner] = entry.Name
	}
	for _, job := range jobs {
		owner := job.GetString("user")
		if title := found[owner][recordingOf(job)]; title != "" {
			titles = append(titles, JobTitle{Job: job.Id, Owner: owner, Database: names[owner], Title: title})
		}
	}
	return titles, nil
}

// recordingOf returns the number of the recording that a job is about, or 0.
func recordingOf(job *core.Record) int64 {
	var payload struct {
		RecordingID int64 `json:"recording_id"`
	}
	if json.Unmarshal([]byte(job.GetString("payload")), &payload) != nil {
		return 0
	}
	return payload.RecordingID
}
