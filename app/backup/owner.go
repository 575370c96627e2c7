package backup

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup/store"
	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
)

// A repository belongs to one server, because two would remove each other's sets, and "latest" would be anybody's. The owner is
// recorded in the repository; repositories of earlier versions have none until the next backup.
const ownerFolder = "owner"

// owner says which server may write to a repository.
type owner struct {
	Claim        int       `json:"claim"`        // counts the owners; the highest is in force
	Installation string    `json:"installation"` // see InstallationID
	Writer       string    `json:"writer"`       // see WriterName
	Host         string    `json:"host"`         // so that operators find the machine
	Since        time.Time `json:"since"`

	key string
}

var (
	// ErrForeignRepository means that another server creates its backups in the same place.
	ErrForeignRepository = errors.New("the destination belongs to another server")
	// ErrLostRepository means that a place doesn't contain the backups that were stored there, for example because a disk isn't mounted.
	ErrLostRepository = errors.New("the earlier backups are gone")
)

// TakeOver makes the repository that of this server, whoever owned it. The former owner can't write to it any more.
func (s *Service) TakeOver(ctx context.Context) error {
	if !s.running.TryLock() {
		return ErrRunning
	}
	defer s.running.Unlock()
	return s.claim(ctx, true)
}

// claim returns nil if the repository is that of this server. If it has no owner, or one with the same data whose data directory is lost or
// was replaced (a restore on another machine, a promoted standby), this server becomes the owner. Otherwise claim returns
// ErrForeignRepository or ErrLostRepository, unless force is set.
func (s *Service) claim(ctx context.Context, force bool) error {
	owners, err := s.Repository.owners(ctx)
	if err != nil {
		return err
	}
	me, err := readWriter(s.DataDir)
	if err != nil {
		return err
	}
	location, current := s.Repository.store.Location(), owner{}
	if len(owners) > 0 {
		current = owners[0]
	}
	installation := ""
	if s.InstallationID != nil {
		if installation, err = s.InstallationID(ctx); err != nil {
			return err
		}
	}
	inherits := installation != "" && current.Installation == installation && !me.knows(location)
	switch {
	case current.Writer == me.ID && current.Installation == installation && me.knows(location):
		return nil
	case force || current.Writer == me.ID || len(owners) > 0 && inherits || len(owners) == 0 && !me.knows(location):
	case len(owners) == 0:
		return fmt.Errorf("%w: %s doesn't contain what this server has stored there: mount it, correct the setting, or run "+
			"\"fathom-to-loom backup create --take-over\" to start again", ErrLostRepository, location)
	default:
		return current.refuse(location)
	}
	return s.own(ctx, me, owner{Claim: current.Claim + 1, Installation: installation, Writer: me.ID, Since: s.Now().UTC()})
}

func (o owner) refuse(location string) error {
	return fmt.Errorf("%w: %s has been that of host %q since %s: choose another BACKUP_DIR or BACKUP_S3_PREFIX for this server or, if the other "+
		"one no longer runs, run \"fathom-to-loom backup create --take-over\"", ErrForeignRepository, location, o.Host, o.Since.Format(time.DateTime))
}

// own records the new owner in the repository and then in the data directory. Of two servers that do so at once, one succeeds.
func (s *Service) own(ctx context.Context, me writer, o owner) error {
	if err := me.save(s.DataDir); err != nil { // a crash from here on must not make this server a stranger
		return err
	}
	var err error
	if o.Host, err = os.Hostname(); err != nil {
		return fmt.Errorf("find out the name of this machine: %w", err)
	}
	name := store.Name{Folder: ownerFolder, Group: "repository", Kind: "claim", MaxSize: maxOwnerSize}
	_, err = s.Repository.store.Put(ctx, name, func(to io.Writer) error { return json.NewEncoder(to).Encode(o) })
	if err != nil {
		return fmt.Errorf("record the owner of the backups: %w", err)
	}
	location := s.Repository.store.Location()
	owners, err := s.Repository.owners(ctx)
	if err != nil {
		return err
	}
	if len(owners) > 0 && owners[0].Writer != me.ID {
		return owners[0].refuse(location)
	}
	for _, former := range owners[min(1, len(owners)):] {
		if err := s.Repository.store.Delete(ctx, former.key); err != nil {
			return fmt.Errorf("remove the former owner of the backups: %w", err)
		}
	}
	if me.knows(location) {
		return nil
	}
	me.Locations = append(me.Locations, location)
	return me.save(s.DataDir)
}

const maxOwnerSize = 1 << 16

// owners returns the owners that are recorded in a repository. The first is in force.
func (r *Repository) owners(ctx context.Context) (owners []owner, err error) {
	for info, err := range r.store.List(ctx, ownerFolder) {
		if err != nil {
			return nil, err
		}
		o, err := r.readOwner(ctx, info.Key)
		if errors.Is(err, store.ErrNotFound) { // the next one has been recorded
			continue
		}
		if err != nil {
			return nil, err
		}
		owners = append(owners, o)
	}
	slices.SortFunc(owners, func(a, b owner) int { return cmp.Or(b.Claim-a.Claim, strings.Compare(a.key, b.key)) })
	return owners, nil
}

// readOwner returns an owner that is nobody if the record is damaged.
func (r *Repository) readOwner(ctx context.Context, key string) (o owner, err error) {
	from, err := r.store.Open(ctx, key)
	if err != nil {
		return owner{}, fmt.Errorf("read the owner of the backups: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(durable.Reader(ctx, from), maxOwnerSize))
	if err := errors.Join(err, from.Close()); err != nil {
		return owner{}, fmt.Errorf("read the owner of the backups: %w", err)
	}
	if json.Unmarshal(text, &o) != nil {
		o = owner{}
	}
	o.key = key
	return o, nil
}
