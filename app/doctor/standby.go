package doctor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/standby"
)

// lateCopy is how old a change may be before Litestream should have copied it. It copies every second.
const lateCopy = time.Minute

const startLitestream = "Start Litestream (systemctl start litestream), and read its log"

// checkStandby reports whether Litestream copies the global database, from the files that it leaves. What a bucket contains
// isn't read.
func (e *examination) checkStandby(context.Context) []Finding {
	replica := e.App.Config.LitestreamReplica
	switch {
	case replica == "":
		return one(ok("LITESTREAM_REPLICA is not set; there is no standby"))
	case !e.isRunning():
		return one(ok("no server runs, so there is nothing to copy"))
	}
	changed, err := standby.Changed(e.App.DataDir())
	if err != nil {
		return one(failed(Warn, err, "Correct what the error says"))
	}
	read, err := standby.CopiedLocally(e.App.DataDir())
	switch {
	case err != nil:
		return one(failed(Warn, err, "Correct what the error says"))
	case read.Position == "":
		return one(warn("LITESTREAM_REPLICA is set, but Litestream has never copied the global database", startLitestream))
	case changed.Sub(read.At) > lateCopy:
		return one(warn(fmt.Sprintf("Litestream doesn't copy the global database: it last did so %s, and there are newer changes", e.ago(read.At)), startLitestream))
	}
	folder, onDisk := strings.CutPrefix(replica, "file://")
	if !onDisk {
		return one(ok("Litestream copies the global database; only a rehearsal shows whether the bucket has the copy"))
	}
	stored, err := standby.CopiedTo(folder)
	switch {
	case err != nil:
		return one(failed(Warn, err, "Check that the folder in LITESTREAM_REPLICA is mounted, and that Litestream may write to it"))
	case stored.Position < read.Position && e.Now().Sub(read.At) > lateCopy:
		return one(warn("the replica lacks changes that were made "+e.ago(read.At), startLitestream))
	}
	return one(ok("Litestream copies the global database; the replica has its newest changes"))
}
