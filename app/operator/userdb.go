package operator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// DatabasesRequest selects user databases by their names or their owners' e-mail addresses. An empty Names
// selects all of them for ListDatabases, VerifyDatabases and MigrateDatabases.
type DatabasesRequest struct {
	Names    []string `json:"names,omitempty"`
	Parallel int      `json:"parallel,omitempty"` // MigrateDatabases and VerifyDatabases only: databases processed at once
	AtOnce   bool     `json:"at_once,omitempty"`  // DeleteDatabases only: skip the grace period
}

// Operations on user databases.
var (
	ListDatabases    = Operation[DatabasesRequest, userdb.Info]{Name: "userdb/list", ReadOnly: true}
	ShowDatabase     = Operation[DatabasesRequest, userdb.Details]{Name: "userdb/show", ReadOnly: true}
	CountDatabases   = Operation[DatabasesRequest, userdb.Stats]{Name: "userdb/stats", ReadOnly: true}
	VerifyDatabases  = Operation[DatabasesRequest, userdb.Verification]{Name: "userdb/verify", ReadOnly: true}
	MigrateDatabases = Operation[DatabasesRequest, userdb.Outcome]{Name: "userdb/migrate"}
	ArchiveDatabases = Operation[DatabasesRequest, userdb.Outcome]{Name: "userdb/archive"}
	RestoreDatabases = Operation[DatabasesRequest, userdb.Outcome]{Name: "userdb/restore"}
	DeleteDatabases  = Operation[DatabasesRequest, userdb.Outcome]{Name: "userdb/delete"}
	ImportDatabase   = Operation[userdb.ImportRequest, userdb.Imported]{Name: "userdb/import"}
)

// exportDatabase is the name of the operation behind ExportDatabase. It responds with bytes instead of
// items, so it is not an Operation.
const exportDatabase = "userdb/export"

// ExportDatabase writes a zip archive of the database in the request, which must name exactly one. After an
// error the archive is incomplete.
func ExportDatabase(ctx context.Context, client *control.Client, request DatabasesRequest, to io.Writer) error {
	return client.Download(ctx, exportDatabase, request, to)
}

func bindDatabases(server *control.Server, cfg Config) {
	databases := cfg.Databases
	ListDatabases.bind(server, func(ctx context.Context, request DatabasesRequest, emit func(userdb.Info) error) error {
		infos, err := databases.List(ctx, request.Names)
		if err != nil {
			return err
		}
		return emitAll(infos, emit)
	})
	ShowDatabase.bindOne(server, func(ctx context.Context, request DatabasesRequest) (userdb.Details, error) {
		name, err := request.oneName()
		if err != nil {
			return userdb.Details{}, err
		}
		return databases.Show(ctx, name)
	})
	CountDatabases.bindOne(server, func(ctx context.Context, _ DatabasesRequest) (userdb.Stats, error) {
		return databases.Stats(ctx)
	})
	VerifyDatabases.bindReports(server, func(ctx context.Context, request DatabasesRequest, report func(userdb.Verification)) error {
		return databases.Verify(ctx, request.Names, request.Parallel, report)
	})
	MigrateDatabases.bindReports(server, func(ctx context.Context, request DatabasesRequest, report func(userdb.Outcome)) error {
		return databases.Migrate(ctx, request.Names, request.Parallel, report)
	})
	ArchiveDatabases.bindReports(server, func(ctx context.Context, request DatabasesRequest, report func(userdb.Outcome)) error {
		return databases.Archive(ctx, request.Names, report)
	})
	RestoreDatabases.bindReports(server, func(ctx context.Context, request DatabasesRequest, report func(userdb.Outcome)) error {
		return databases.Restore(ctx, request.Names, report)
	})
	DeleteDatabases.bindReports(server, func(ctx context.Context, request DatabasesRequest, report func(userdb.Outcome)) error {
		return databases.Delete(ctx, request.Names, request.AtOnce, report)
	})
	ImportDatabase.bindOne(server, databases.Import)
	server.HandleDownload(exportDatabase, func(ctx context.Context, raw json.RawMessage, to io.Writer) error {
		var request DatabasesRequest
		if err := json.Unmarshal(raw, &request); err != nil {
			return fmt.Errorf("decode the request for %s: %w", exportDatabase, err)
		}
		name, err := request.oneName()
		if err != nil {
			return err
		}
		return databases.ExportByName(asOperator(ctx), name, to)
	})
}

func (r DatabasesRequest) oneName() (string, error) {
	if len(r.Names) != 1 {
		return "", errors.New("specify one user database")
	}
	return r.Names[0], nil
}
