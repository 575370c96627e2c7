package userdb

import (
	"path"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
)

// RecordingBlob returns where the file of a recording's record is stored. The record must have a file.
func RecordingBlob(database string, recording *core.Record) blob.Ref {
	return blobRef(database, recording.GetString("blob"), RecordingPath(recording, recording.GetString("file")))
}

// blobRef returns where a file is stored: under a key in S3 or, if that is blank, at a path in the folder of its
// database. A key that doesn't belong to the database, which only a damaged or manipulated record has, leads nowhere.
func blobRef(database, key, file string) blob.Ref {
	if key == "" {
		return blob.Ref{Engine: blob.EngineDisk, Key: path.Join(database, file)}
	}
	if !blob.InDatabase(key, database) {
		key = ""
	}
	return blob.Ref{Engine: blob.EngineS3, Key: key}
}

// RecordingPath returns the path of a file in the folder of a user database, with slashes, at which PocketBase's
// local storage expects it.
func RecordingPath(recording *core.Record, file string) string {
	return path.Join(core.LocalStorageDirName, recording.BaseFilesPath(), file)
}
