package operator

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/fathom-to-loom/fathom-to-loom/app/bundle"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
)

// BundleRequest selects meetings of a user database, and what of them is copied.
type BundleRequest struct {
	Name         string  `json:"name"`                    // of the database, or its owner's e-mail address
	Meetings     []int64 `json:"meetings,omitempty"`      // recording ids; empty means all
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
		database, err := selectMeetings(ctx, cfg, &request)
		if err != nil {
			return err
		}
		return cfg.Bundles.Write(ctx, database, request.Meetings, bundle.Options{WithoutVideo: request.WithoutVideo}, to)
	})
}

// selectMeetings returns the name of the database in the request. It checks the meetings, or adds all of them.
func selectMeetings(ctx context.Context, cfg Config, request *BundleRequest) (database string, err error) {
	handle, err := cfg.Databases.AcquireByName(ctx, request.Name)
	if err != nil {
		return "", err
	}
	defer handle.Release()
	if len(request.Meetings) > 0 {
		return handle.Name, bundle.CheckMeetings(ctx, handle.App, request.Meetings)
	}
	request.Meetings, err = bundle.Meetings(ctx, handle.App)
	return handle.Name, err
}
