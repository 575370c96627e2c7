package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup/store"
)

// ownerFolder holds a file whose group is the id of the installation that the repository belongs to.
const ownerFolder = "repository"

// claim makes the repository that of this installation. It returns an error if it belongs to another one, whose backups would be
// removed as old ones, or if it was used before and is empty now, such as the folder of a disk that isn't mounted.
func (r *run) claim(ctx context.Context) error {
	var own string
	err := withFile(r.globalFile(), func(db *dbx.DB) (err error) {
		own, err = installationID(ctx, db)
		return err
	})
	if err != nil {
		return err
	}
	others := 0
	for info, err := range r.Repository.store.List(ctx, ownerFolder) {
		if err != nil {
			return err
		}
		if strings.Split(info.Key, "/")[1] == own {
			return r.state.use(r.Destination)
		}
		others++
	}
	switch {
	case others > 0:
		return fmt.Errorf("%s contains the backups of another server: set a folder or a prefix of its own", r.Destination)
	case r.state.uses(r.Destination):
		return fmt.Errorf("%s contained backups and is empty now: mount the disk, or check the bucket; to start again without the earlier backups, delete %s in DATA_DIR",
			r.Destination, StateName)
	}
	name := store.Name{Folder: ownerFolder, Group: own, Kind: "owner", MaxSize: 1 << 10}
	_, err = r.Repository.store.Put(ctx, name, func(to io.Writer) error {
		_, err := io.WriteString(to, "The backups here belong to the installation that gave this folder its name.\n")
		return err
	})
	if err != nil {
		return err
	}
	return r.state.use(r.Destination)
}

// installationID identifies an installation by the times at which it was set up. A restored or promoted global database has the same.
func installationID(ctx context.Context, db *dbx.DB) (string, error) {
	var applied []string
	query := "SELECT [[file]] || ' ' || [[applied]] FROM {{_migrations}} ORDER BY [[applied]], [[file]] LIMIT 5"
	err := db.NewQuery(query).WithContext(ctx).Column(&applied)
	if err != nil {
		return "", fmt.Errorf("identify the installation: %w", err)
	}
	sum := sha256.Sum256([]byte(strings.Join(applied, "\n")))
	return hex.EncodeToString(sum[:8]), nil
}
