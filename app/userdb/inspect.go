package userdb

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/pool"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// Info describes a database for an operator. Unset times are nil.
type Info struct {
	Name          string          `json:"name"`
	User          string          `json:"user"`
	Email         string          `json:"email"`
	Status        registry.Status `json:"status"`
	Size          int64           `json:"size"`              // bytes on disk when last measured
	SizeInS3      int64           `json:"size_s3,omitempty"` // bytes of recordings in S3 when last measured
	SchemaVersion string          `json:"schema_version"`
	Port          int             `json:"port,omitempty"`
	Error         string          `json:"error,omitempty"`
	Open          bool            `json:"open"`
	Handles       int             `json:"handles"` // requests and jobs that are using it
	Streams       int             `json:"streams"` // realtime streams
	Created       *time.Time      `json:"created"`
	LastUsed      *time.Time      `json:"last_used"`
	ArchivedAt    *time.Time      `json:"archived_at,omitempty"`
	DeleteAfter   *time.Time      `json:"delete_after,omitempty"`
	PurgeStarted  *time.Time      `json:"purge_started,omitempty"` // when files began to be deleted: it can't be restored
	MaintainedAt  *time.Time      `json:"maintained_at,omitempty"`
}

// List describes the named databases in the given order, or all databases, oldest first, if names is
// empty. A name may also be the e-mail address of an owner. List returns registry.ErrNotFound if a
// database does not exist.
func (s *Service) List(ctx context.Context, names []string) ([]Info, error) {
	entries, err := s.registry.Find(ctx, names)
	if err != nil {
		return nil, err
	}
	infos := make([]Info, len(entries))
	for i, e := range entries {
		infos[i] = s.info(e)
	}
	return infos, nil
}

func (s *Service) info(e registry.Entry) Info {
	info := Info{
		Name: e.Name, User: e.UserID, Email: e.Email, Status: e.Status, Size: e.Size, SizeInS3: e.SizeInS3,
		SchemaVersion: e.SchemaVersion, Port: e.Port, Error: e.Error, Created: nilIfZero(e.Created),
		LastUsed: nilIfZero(e.LastUsed), ArchivedAt: nilIfZero(e.ArchivedAt), DeleteAfter: nilIfZero(e.DeleteAfter),
		PurgeStarted: nilIfZero(e.PurgeStarted), MaintainedAt: nilIfZero(e.MaintainedAt),
	}
	info.Open, info.Handles, info.Streams = s.pool.Usage(e.Name)
	return info
}

func nilIfZero(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Details is Info with what takes longer to find out.
type Details struct {
	Info
	Folder  string   `json:"folder"`
	Archive string   `json:"archive,omitempty"`
	Storage string   `json:"storage,omitempty"`  // the folder of the recordings, if the one in Folder is a link to it
	Usage   int64    `json:"usage"`              // bytes on disk now
	InS3    int64    `json:"usage_s3,omitempty"` // bytes in S3 now, or of an archive, when it was created
	Quota   int64    `json:"quota,omitempty"`    // bytes; 0 means no limit
	Pending []string `json:"pending,omitempty"`  // migrations not applied yet, oldest first
}

// Show describes a database, found by its name or the e-mail address of its owner. It returns
// registry.ErrNotFound if there is none.
func (s *Service) Show(ctx context.Context, name string) (Details, error) {
	infos, err := s.List(ctx, []string{name})
	if err != nil {
		return Details{}, err
	}
	details := Details{Info: infos[0], Quota: s.quota, InS3: s.lastSizeInS3(ctx, infos[0].Name, infos[0].SizeInS3)}
	if details.Folder, err = filepath.Abs(s.Dir(details.Name)); err != nil {
		return Details{}, err
	}
	if details.Status == registry.StatusArchived {
		if details.Archive, err = filepath.Abs(s.archivePath(details.Name)); err != nil {
			return Details{}, err
		}
	}
	if details.Storage, err = os.Readlink(s.storageDir(details.Name)); err != nil { // it is no link
		details.Storage = ""
	}
	if details.Usage, err = folderSize(details.Folder); err != nil {
		return Details{}, err
	}
	if !schema.Knows(details.SchemaVersion) { // not recorded, or written by a newer program
		return details, nil
	}
	for _, migration := range slices.Backward(schema.List.Items()) {
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
	Databases map[registry.Status]int `json:"databases"` // count by status
	Size      int64                   `json:"size"`      // bytes on disk when last measured
	SizeInS3  int64                   `json:"size_s3"`   // bytes of recordings in S3 when last measured
	Outdated  int                     `json:"outdated"`  // ready databases with an older schema
	Broken    int                     `json:"broken"`    // databases with an error
	Pool      pool.Stats              `json:"pool"`
}

// Stats returns the current state.
func (s *Service) Stats(ctx context.Context) (Stats, error) {
	entries, err := s.registry.All(ctx)
	if err != nil {
		return Stats{}, err
	}
	stats := Stats{Databases: map[registry.Status]int{}, Pool: s.pool.Stats()}
	for _, entry := range entries {
		stats.Databases[entry.Status]++
		stats.Size += entry.Size
		stats.SizeInS3 += entry.SizeInS3
		if entry.Error != "" {
			stats.Broken++
		}
		if entry.Status == registry.StatusReady && entry.SchemaVersion != schema.Version() {
			stats.Outdated++
		}
	}
	return stats, nil
}
