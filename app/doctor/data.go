package doctor

import (
	"context"
	"fmt"
)

// checkData reports why the data directories and the global database can't be used, as a start would.
func (e *examination) checkData(context.Context) (findings []Finding) {
	found := e.diagnosis()
	for _, err := range found.Data {
		findings = append(findings, failed(Fail, err, "Correct that, for example the owner of the directories; the server can't start without them"))
	}
	if found.Interrupted != nil {
		findings = append(findings, failed(Warn, found.Interrupted, ""))
	}
	dir := e.App.DataDir()
	switch {
	case len(findings) > 0:
		return findings
	case found.DB == nil:
		return one(ok("there is no data in " + dir + " yet; the first start creates it"))
	case e.isRunning():
		return one(ok("a server runs on " + dir))
	}
	return one(ok(fmt.Sprintf("%s can be used; no server runs on it", dir)))
}
