package transfer

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// partialPath is where a file stays while it comes in, inside the user's own
// folder. A download's id, which is Fathom's to choose, goes in as a digest.
func (s *Service) partialPath(db *userdb.Database, recordingID int64, downloadID string) string {
	sum := sha256.Sum256([]byte(downloadID))
	return filepath.Join(s.partialDir(db), strconv.FormatInt(recordingID, 10)+"-"+hex.EncodeToString(sum[:8])+".part")
}

func (s *Service) partialDir(db *userdb.Database) string {
	return filepath.Join(s.databases.Dir(db.Name), "partial")
}

// removePartials deletes what downloads of a recording have left behind, but
// for the file at keep.
func (s *Service) removePartials(db *userdb.Database, recordingID int64, keep string) error {
	left, err := filepath.Glob(filepath.Join(s.partialDir(db), strconv.FormatInt(recordingID, 10)+"-*.part"))
	if err != nil {
		return fmt.Errorf("look for partial files of recording %d: %w", recordingID, err)
	}
	for _, path := range left {
		if path == keep {
			continue
		}
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("remove a partial file of recording %d: %w", recordingID, err)
		}
	}
	return nil
}
