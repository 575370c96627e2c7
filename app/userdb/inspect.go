package userdb

import (
	"context"
	"path/filepath"
	"slices"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/pool"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// Info is what an operator sees of a database. Times that have not come are nil.
type Info struct {
	Name          string          `json:"name"`
	User          string          `json:"user"`
	Email         string          `json:"email"`
	Status        registry.Status `json:"status"`
	Size          int64           `json:"size"` // bytes, when it was last looked at
	SchemaVersion string          `json:"schema_version"`
	Port          int             `json:"port,omitempty"`
	Error         string          `json:"error,omitempty"`
	Open          bool            `json:"open"`
	Handles       int             `json:"handles"` // requests and jobs at work in it
	Streams       int             `json:"streams"` // realtime streams to it
	Created       *time.Time      `json:"created"`
	LastUsed      *time.Time      `json:"last_used"`
	ArchivedAt    *time.Time      `json:"archived_at,omitempty"`
	DeleteAfter   *time.Time      `json:"delete_after,omitempty"`
	MaintainedAt  *time.Time      `json:"maintained_at,omitempty"`
}

// List describes databases in the order of their names or, where there are none,
// all of them, oldest first.
func (s *Service) List(ctx context.Context, names []string) ([]Info, error) {
	entries, err := s.registry.Find(ctx, names)
	if err != nil {
		return nil, err
	}
	infos := make([]Info, len(entries))
	for i, e := range entries {
		infos[i] = Info{
			Name: e.Name, User: e.UserID, Email: e.Email, Status: e.Status, Size: e.Size, SchemaVersion: e.SchemaVersion, Port: e.Port, Error: e.Error,
			Created: given(e.Created), LastUsed: given(e.LastUsed), ArchivedAt: given(e.ArchivedAt), DeleteAfter: given(e.DeleteAfter), MaintainedAt: given(e.MaintainedAt),
		}
		infos[i].Open, infos[i].Handles, infos[i].Streams = s.pool.Usage(e.Name)
	}
	return infos, nil
}

func given(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Details is everything about one database.
type Details struct {
	Info
	Folder  string   `json:"folder"`
	Archive string   `json:"archive,omitempty"`
	Usage   int64    `json:"usage"`             // bytes on disk now
	Quota   int64    `json:"quota,omitempty"`   // bytes, 0 for no bound
	Pending []string `json:"pending,omitempty"` // migrations it has not seen
}

// Show describes one database, by its name or its owner's e-mail address.
func (s *Service) Show(ctx context.Context, name string) (Details, error) {
	infos, err := s.List(ctx, []string{name})
	if err != nil {
		return Details{}, err
	}
	details := Details{Info: infos[0], Quota: s.quota}
	if details.Folder, err = filepath.Abs(s.Dir(details.Name)); err != nil {
		return Details{}, err
	}
	if details.Status == registry.StatusArchived {
		if details.Archive, err = filepath.Abs(s.archivePath(details.Name)); err != nil {
			return Details{}, err
		}
	}
	if details.Usage, err = folderSize(details.Folder); err != nil {
		return Details{}, err
	}
	if !schema.Knows(details.SchemaVersion) { // empty, or a newer program's
		return details, nil
	}
	items := schema.List.Items()
	for _, migration := range slices.Backward(items) {
		if migration.File == details.SchemaVersion {
			break
		}
		details.Pending = append(details.Pending, migration.File)
	}
	slices.Reverse(details.Pending)
	return details, nil
}

// Stats is the state of all user databases at one moment.
type Stats struct {
	Databases map[registry.Status]int `json:"databases"` // by status
	Size      int64                   `json:"size"`      // bytes, when they were last looked at
	Outdated  int                     `json:"outdated"`  // ready, but not of the current schema
	Broken    int                     `json:"broken"`    // with an error
	Pool      pool.Stats              `json:"pool"`
}

// Stats counts.
func (s *Service) Stats(ctx context.Context) (Stats, error) {
	entries, err := s.registry.All(ctx)
	if err != nil {
		return Stats{}, err
	}
	stats := Stats{Databases: map[registry.Status]int{}, Pool: s.pool.Stats()}
	for _, entry := range entries {
		stats.Databases[entry.Status]++
		stats.Size += entry.Size
		if entry.Error != "" {
			stats.Broken++
		}
		if entry.Status == registry.StatusReady && entry.SchemaVersion != schema.Version() {
			stats.Outdated++
		}
	}
	return stats, nil
}
