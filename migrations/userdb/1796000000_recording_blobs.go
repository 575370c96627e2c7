package userdb

import (
	"github.com/pocketbase/pocketbase/core"
)

func init() {
	register("1796000000_recording_blobs.go", func(app core.App) error {
		recordings, err := app.FindCollectionByNameOrId(Recordings)
		if err != nil {
			return err
		}
		// The key of the file in S3. Blank means that the file is on disk, where PocketBase expects it.
		recordings.Fields.Add(&core.TextField{Name: "blob", Max: 300, Hidden: true})
		// The unfinished copy of a file that is being moved between disk and S3.
		recordings.Fields.Add(&core.JSONField{Name: "move", MaxSize: maxUploadState, Hidden: true})
		if err := app.Save(recordings); err != nil {
			return err
		}
		transfers, err := app.FindCollectionByNameOrId(Transfers)
		if err != nil {
			return err
		}
		transfers.Fields.Add(&core.JSONField{Name: "upload", MaxSize: maxUploadState, Hidden: true})
		return app.Save(transfers)
	})
}

// maxUploadState is the maximum size in bytes of the state of an unfinished upload, which grows by about 40 bytes
// with each of up to 10,000 parts.
const maxUploadState = 2 << 20
