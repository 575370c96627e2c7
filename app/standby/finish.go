package standby

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// Promoted is the outcome of a promotion.
type Promoted struct {
	Incarnation Incarnation `json:"incarnation"`
	Restored    bool        `json:"restored"`
	Bytes       int64       `json:"bytes"`   // of the global database
	Seconds     float64     `json:"seconds"` // that the promotion took
	Aside       string      `json:"aside"`   // the folder with the former global database; "" if there was none
	Databases   int         `json:"databases"`
	Missing     []string    `json:"missing"` // user databases that the folder of the user databases doesn't contain
}

// promotedName is the name of the file in the working folder that holds the outcome of a promotion until Finish.
const promotedName = "promoted.json"

func writePromoted(dataDir string, p Promoted) error {
	return durable.WriteJSON(filepath.Join(dataDir, workingFolder, promotedName), p)
}

// Unfinished returns the promotion that Install has installed and that Finish has not ended, if there is one.
func Unfinished(dataDir string) (p Promoted, found bool, err error) {
	working := filepath.Join(dataDir, workingFolder)
	// The name data.db leaves the folder when the database is installed.
	if _, waiting := os.Lstat(filepath.Join(working, sqlite.DataFile)); waiting == nil {
		return Promoted{}, false, nil
	}
	found, err = durable.ReadJSON(filepath.Join(working, promotedName), &p)
	if err != nil {
		return Promoted{}, false, fmt.Errorf("read the interrupted promotion: %w", err)
	}
	return p, found, nil
}

// Finish ends a promotion that Install has installed: it marks the user databases. Without such a promotion it returns false
// and removes the copy that an interrupted one has left, if there is one. No other process may use the directories.
func Finish(dataDir, userDBsDir string) (p Promoted, found bool, err error) {
	p, found, err = Unfinished(dataDir)
	if err != nil {
		return Promoted{}, false, err
	}
	if !found {
		return Promoted{}, false, RemoveCopy(dataDir)
	}
	mark, err := ReadMark(userDBsDir)
	if err == nil && mark.Number < p.Incarnation.Number {
		err = WriteMark(userDBsDir, p.Incarnation)
	}
	if err == nil {
		err = RemoveCopy(dataDir)
	}
	if err != nil {
		return Promoted{}, false, fmt.Errorf("complete the promotion: %w", err)
	}
	return p, true, nil
}
