package transfer

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// partialPath returns the path of a file during its download, in the folder of the user's database. It
// contains a hash of the download's id, because an id from Fathom may not be a safe file name.
func (s *Service) partialPath(db *userdb.Database, recordingID int64, downloadID string) string {
	sum := sha256.Sum256([]byte(downloadID))
	return filepath.Join(s.partialDir(db), strconv.FormatInt(recordingID, 10)+"-"+hex.EncodeToString(sum[:8])+".part")
}

func (s *Service) partialDir(db *userdb.Database) string {
	return filepath.Join(s.databases.Dir(db.Name), "partial")
}

// removePartials deletes the partial files of a recording, except for the one at keep.
func (s *Service) removePartials(db *userdb.Database, recordingID int64, keep string) error {
	partials, err := filepath.Glob(filepath.Join(s.partialDir(db), strconv.FormatInt(recordingID, 10)+"-*.part"))
	if err != nil {
		return fmt.Errorf("find the partial files of recording %d: %w", recordingID, err)
	}
	for _, path := range partials {
		if path == keep {
			continue
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove a partial file of recording %d: %w", recordingID, err)
		}
		db.StorageChanged()
	}
	return nil
}
