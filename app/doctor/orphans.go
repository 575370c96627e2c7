package doctor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// oldLeftover is the age from which unfinished work isn't being done at the moment.
const oldLeftover = 24 * time.Hour

// checkOrphans compares the registry with the folders and archives of user databases.
func (e *examination) checkOrphans(ctx context.Context) (findings []Finding) {
	survey, err := userdb.SurveyFolder(e.App.Config.UserDBsDir)
	if err != nil {
		return one(failed(Fail, err, "Correct what the error says"))
	}
	found := e.diagnosis()
	if found.Unreadable() || found.DB != nil && !found.Usable() {
		return notChecked(unreadable)
	}
	var entries []registry.Entry
	if found.DB != nil {
		if entries, err = registry.Everywhere(ctx, found.DB); err != nil {
			return one(failed(Fail, fmt.Errorf("the registry of user databases can't be read: %w", err), "Restore the global database from a backup"))
		}
	}
	var missing, unknown tally
	known, here := map[string]bool{}, 0
	for _, entry := range entries {
		known[entry.Name] = true
		if entry.IsElsewhere() {
			continue
		}
		here++
		hasFiles := entry.Status == registry.StatusReady || entry.Status == registry.StatusArchived
		if hasFiles && !survey.Folders[entry.Name] && !survey.Archives[entry.Name] {
			missing.add(entry.Name, nil)
		}
	}
	for _, names := range []map[string]bool{survey.Folders, survey.Archives} {
		for name := range names {
			if !known[name] {
				unknown.add(name, nil)
			}
		}
	}
	if missing.count > 0 {
		findings = append(findings, fail(fmt.Sprintf("the files of %s are missing", missing), "Restore them from a backup, or delete the databases with fathom-to-loom userdb delete NAME --now"))
	}
	if unknown.count > 0 {
		findings = append(findings, warn(fmt.Sprintf("no account owns the files of %s", unknown),
			"If DATA_DIR was restored from an older backup, restore a newer one; if nobody needs the files, move them away"))
	}
	return orOK(append(findings, e.leftovers(survey.Unfinished)...), fmt.Sprintf("%s and their files agree", countOf(here, "registered database", "registered databases")))
}

// leftovers reports unfinished work beside a server that has been running for longer than any work takes. Otherwise, the
// next start finishes or removes it.
func (e *examination) leftovers(unfinished map[string]time.Time) []Finding {
	var old tally
	for name, modified := range unfinished {
		if e.Now().Sub(modified) > oldLeftover && !strings.HasPrefix(name, userdb.SparePrefix) {
			old.add(name, nil)
		}
	}
	if old.count == 0 || !e.isRunning() {
		return nil
	}
	return one(warn(fmt.Sprintf("%s left by interrupted work, such as %s", countOf(old.count, "folder was", "folders were"), old.name), "Restart the server, which removes them"))
}
