package doctor

import (
	"context"
	"fmt"
	"time"

	"github.com/dustin/go-humanize"
)

// oldBackup is the age from which the newest backup is too old. It lets a daily one fail once.
const oldBackup = 49 * time.Hour

// checkBackups reports whether there is a recent backup.
func (e *examination) checkBackups(ctx context.Context) []Finding {
	if e.LastBackup == nil {
		return one(warn("no backups are configured", "Back up the data directories, and keep the keys in another place"))
	}
	at, err := e.LastBackup(ctx)
	switch {
	case err != nil:
		return one(warn("the backups can't be read: "+err.Error(), "Check the place where backups are kept"))
	case at.IsZero():
		return one(warn("there is no backup yet", "Run fathom-to-loom backup create"))
	}
	age := humanize.RelTime(at, e.Now(), "ago", "from now")
	if e.Now().Sub(at) > oldBackup {
		return one(warn(fmt.Sprintf("the newest backup is old: it was made %s", age), "Find out in the log why there is no newer one, and run fathom-to-loom backup create"))
	}
	return one(ok("the newest backup was made " + age))
}
