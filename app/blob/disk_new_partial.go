package blob

import "path"

// NewPartialPath returns a path on the file system that will hold the bytes of a recording's next upload to the disk.
// No file has this path, and its folder needn't exist.
func (d *Disk) NewPartialPath(database, recording string) string {
	return d.PartialPath(Upload{ID: path.Join(database, partialStorage, recording)})
}
