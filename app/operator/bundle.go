package operator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/audit"
	"github.com/fathom-to-loom/fathom-to-loom/app/bundle"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/readlimit"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// BundleRequest selects meetings of a user database, and what of them is copied.
type BundleRequest struct {
	Name         string  `json:"name"`                    // of the database, or its owner's e-mail address
	Meetings     []int64 `json:"meetings,omitempty"`      // recording ids; empty means those that match Filter
	Filter       string  `json:"filter,omitempty"`        // in PocketBase's filter language, as in the API; blank means all
	WithoutVideo bool    `json:"without_video,omitempty"` // leaves out recordings
}

// bundleMeetings is the name of the operation behind BundleMeetings.
const bundleMeetings = "userdb/bundle"

// BundleMeetings writes a zip archive with files of the selected meetings. After an error the archive is incomplete.
func BundleMeetings(ctx context.Context, client *control.Client, request BundleRequest, to io.Writer) error {
	return client.Download(ctx, bundleMeetings, request, to)
}

func bindBundles(server *control.Server, cfg Config) {
	server.HandleDownload(bundleMeetings, func(ctx context.Context, raw json.RawMessage, to io.Writer) error {
		var request BundleRequest
		if err := json.Unmarshal(raw, &request); err != nil {
			return fmt.Errorf("decode the request for %s: %w", bundleMeetings, err)
		}
		ctx = asOperator(ctx)
		database, owner, err := selectMeetings(ctx, cfg, &request)
		if err != nil {
			return err
		}
		cfg.Audit.Record(ctx, audit.Event{Owner: owner, Kind: audit.MeetingsExported, Database: database})
		return cfg.Bundles.Write(ctx, database, request.Meetings, bundle.Options{WithoutVideo: request.WithoutVideo}, to)
	})
}

// selectMeetings returns the name of the database in the request, and the id of its owner. It checks the meetings, or adds all of them.
func selectMeetings(ctx context.Context, cfg Config, request *BundleRequest) (database, owner string, err error) {
	handle, err := cfg.Databases.AcquireByName(ctx, request.Name)
	if err != nil {
		return "", "", err
	}
	defer handle.Release()
	switch {
	case len(request.Meetings) > 0 && request.Filter != "":
		return "", "", errors.New("select meetings by their recording ids or by a filter, not by both")
	case len(request.Meetings) > 0:
		return handle.Name, handle.UserID, bundle.CheckMeetings(ctx, handle.App, request.Meetings)
	case request.Filter == "":
		request.Meetings, err = bundle.Meetings(ctx, handle.App)
		return handle.Name, handle.UserID, err
	}
	request.Meetings, err = readlimit.SelectIDs(ctx, handle.App, schema.Meetings, "recording_id", request.Filter, "-recorded_at,-recording_id")
	if refused, ok := errors.AsType[*router.ApiError](err); ok {
		return "", "", fmt.Errorf("use the filter: %s", refused.Message)
	}
	if err == nil && len(request.Meetings) == 0 {
		return "", "", errors.New("no meeting matches the filter")
	}
	return handle.Name, handle.UserID, err
}
