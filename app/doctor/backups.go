package doctor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
)

// checkBackups reports whether the destination of backups can be read and contains a recent one, and how the last attempt
// of this machine went.
func (e *examination) checkBackups(ctx context.Context) (findings []Finding) {
	state, err := e.Backups(ctx)
	switch {
	case errors.Is(err, app.ErrNoBackups):
		return one(warn("no backups are configured", "Set BACKUP_DIR or BACKUP_S3_BUCKET, and keep the keys in another place"))
	case err != nil:
		return one(warn("the backups can't be read: "+explain(ctx, err), "Check the place where backups are kept: whether it is mounted, or the settings that begin with BACKUP_S3"))
	}
	if state.LastError != "" {
		findings = append(findings, warn(fmt.Sprintf("the last backup failed %s: %s", e.ago(state.LastFailure), state.LastError), backup.Advice))
	}
	for _, problem := range state.Unusable {
		findings = append(findings, warn(problem.Text, "Find out who or what has changed it, and run fathom-to-loom backup create"))
	}
	age := e.Now().Sub(state.Newest)
	switch {
	case state.Newest.IsZero() && !state.LastSuccess.IsZero():
		findings = append(findings, warn(fmt.Sprintf("the destination contains no backup, although one was made %s", e.ago(state.LastSuccess)),
			"Check that BACKUP_DIR is mounted, or that BACKUP_S3_BUCKET is the right bucket"))
	case state.Newest.IsZero():
		findings = append(findings, warn("there is no backup yet", "Run fathom-to-loom backup create"))
	case age < -future:
		findings = append(findings, warn(fmt.Sprintf("the newest backup is dated %s, which is in the future: the clock was ahead, or is behind now", state.Newest.UTC().Format(time.DateTime)),
			"Check the clock, and run fathom-to-loom backup create"))
	case age > backup.OldAfter:
		findings = append(findings, warn(fmt.Sprintf("the newest backup is old: it was made %s", e.ago(state.Newest)), "Find out in the log why there is no newer one, and run fathom-to-loom backup create"))
	case state.Incomplete > 0 && state.LastError == "":
		findings = append(findings, warn(fmt.Sprintf("the newest backup, made %s, lacks something of %s", e.ago(state.Newest), countOf(state.Incomplete, "user database", "user databases")),
			"Run fathom-to-loom backup create, which says what"))
	}
	return orOK(findings, "the newest backup was made "+e.ago(state.Newest))
}

// ago returns such as "3 hours ago".
func (e *examination) ago(at time.Time) string {
	return humanize.RelTime(at, e.Now(), "ago", "from now")
}
