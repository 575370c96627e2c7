package standby

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// Incarnation counts the servers that have owned an installation, one after another. The number is in the global
// database; once there has been a promotion, the folder of the user databases has it too. A server whose own number is
// lower was replaced, and must not use that folder. The number only ever rises, also when an older global database is
// restored: Raise decides.
type Incarnation struct {
	Number int       `json:"number"` // 1 is the first server
	Since  time.Time `json:"since"`  // when it took over; zero for the first
	Host   string    `json:"host"`   // the machine that took over, so that operators find it
}

// markName is the name of the file in the folder of the user databases.
const markName = ".incarnation"

// paramID identifies the row in PocketBase's table of parameters.
const paramID = "incarnation"

// first is the incarnation of a server that nobody has promoted.
var first = Incarnation{Number: 1}

// Raise returns the incarnation that a global database gets before a server uses it, given those that are known. With
// takeOver, the server at that time and on that machine is another one than before.
func Raise(takeOver bool, since time.Time, host string, known ...Incarnation) Incarnation {
	highest := slices.MaxFunc(append(known, first), func(a, b Incarnation) int { return cmp.Compare(a.Number, b.Number) })
	if !takeOver {
		return highest
	}
	return Incarnation{Number: highest.Number + 1, Since: since.UTC().Truncate(time.Second), Host: host}
}

// Read returns the incarnation of a global database. One without PocketBase's tables has the first.
func Read(ctx context.Context, db dbx.Builder) (Incarnation, error) {
	var tables int
	err := db.NewQuery("SELECT COUNT(*) FROM sqlite_master WHERE [[type]] = 'table' AND [[name]] = '_params'").WithContext(ctx).Row(&tables)
	if err != nil {
		return Incarnation{}, fmt.Errorf("read the incarnation of the global database: %w", err)
	}
	if tables == 0 {
		return first, nil
	}
	incarnation := first
	if _, err := sqlite.ReadParameter(ctx, db, paramID, &incarnation); err != nil {
		return Incarnation{}, fmt.Errorf("read the incarnation of the global database: %w", err)
	}
	return incarnation, nil
}

// Write records the incarnation in a global database that PocketBase has created.
func Write(ctx context.Context, db dbx.Builder, incarnation Incarnation) error {
	if err := sqlite.WriteParameter(ctx, db, paramID, incarnation); err != nil {
		return fmt.Errorf("record the incarnation in the global database: %w", err)
	}
	return nil
}

// ReadMark returns the incarnation of the server that last took over the user databases in a folder, which may not
// exist.
func ReadMark(userDBsDir string) (Incarnation, error) {
	incarnation := first
	if _, err := durable.ReadJSON(filepath.Join(userDBsDir, markName), &incarnation); err != nil {
		return Incarnation{}, fmt.Errorf("read which server owns the user databases in %s: %w", userDBsDir, err)
	}
	return incarnation, nil
}

// WriteMark records that a server has taken over the user databases in a folder.
func WriteMark(userDBsDir string, incarnation Incarnation) error {
	if err := durable.WriteJSON(filepath.Join(userDBsDir, markName), incarnation); err != nil {
		return fmt.Errorf("record which server owns the user databases in %s: %w", userDBsDir, err)
	}
	return nil
}
