package doctor

import (
	"context"
	"fmt"

	"github.com/fathom-to-loom/fathom-to-loom/app/descriptors"
)

// checkOpenFiles compares the limit on open files with the databases that may be open at once.
func (e *examination) checkOpenFiles(context.Context) []Finding {
	limit, databases := e.OpenFiles(), e.App.Config.UserDBMaxOpen
	needed := descriptors.Needed(databases)
	if limit < needed {
		return one(warn(fmt.Sprintf("this user may open %d files, but %d databases (USER_DB_MAX_OPEN) and as many connections need %d", limit, databases, needed),
			fmt.Sprintf("Raise the limit to %d with ulimit -n or LimitNOFILE, or lower USER_DB_MAX_OPEN", needed)))
	}
	return one(ok(fmt.Sprintf("%d files may be open, which is enough for %d databases", limit, databases)))
}
