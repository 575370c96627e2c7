package userdb

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// Missing lists the databases that the registry in a global database has and a folder hasn't, neither opened nor
// archived, and counts those it should have. It needs no Service, so that the folder can be examined before a server
// starts.
func Missing(ctx context.Context, global dbx.Builder, dir string) (names []string, total int, err error) {
	entries, err := registry.Here(ctx, global)
	if err != nil {
		return nil, 0, err
	}
	names = []string{}
	for _, entry := range entries {
		if entry.Status != registry.StatusReady && entry.Status != registry.StatusArchived {
			continue
		}
		total++
		missing, err := isMissing(dir, entry.Name)
		if err != nil {
			return nil, 0, err
		}
		if missing {
			names = append(names, entry.Name)
		}
	}
	return names, total, ctx.Err()
}

// isMissing reports whether a folder of user databases has neither the files nor the archive of one.
func isMissing(dir, name string) (bool, error) {
	for _, path := range []string{filepath.Join(dir, name, sqlite.DataFile), filepath.Join(dir, archiveFolder, name+archiveExtension)} {
		there, err := exists(path)
		if err != nil {
			return false, fmt.Errorf("look for user database %s: %w", name, err)
		}
		if there {
			return false, nil
		}
	}
	return true, nil
}
