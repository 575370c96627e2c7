package operator

import (
	"context"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// RecordingsRequest selects the recordings of user databases by their names or their owners' e-mail addresses. An empty
// Names selects all databases.
type RecordingsRequest struct {
	Names     []string    `json:"names,omitempty"`
	To        blob.Engine `json:"to,omitempty"`        // MoveRecordings only
	Checksums bool        `json:"checksums,omitempty"` // VerifyRecordings only: read every file
}

// Operations on recordings.
var (
	MoveRecordings   = Operation[RecordingsRequest, userdb.RecordingMove]{Name: "blobs/migrate"}
	VerifyRecordings = Operation[RecordingsRequest, userdb.Verification]{Name: "blobs/verify", ReadOnly: true}
)

func bindRecordings(server *control.Server, cfg Config) {
	MoveRecordings.bindReports(server, func(ctx context.Context, request RecordingsRequest, report func(userdb.RecordingMove)) error {
		return cfg.Databases.MoveRecordings(ctx, request.Names, request.To, report)
	})
	VerifyRecordings.bindReports(server, func(ctx context.Context, request RecordingsRequest, report func(userdb.Verification)) error {
		return cfg.Databases.VerifyRecordings(ctx, request.Names, request.Checksums, report)
	})
}
