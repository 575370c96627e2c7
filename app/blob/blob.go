// Package blob stores recordings: on disk, or in a bucket of an S3-compatible service.
//
// A recording is written by an upload that survives crashes. Its state is a small value, which the caller saves
// whenever it changes and passes in again to continue; the bytes before that point need not be sent again. Nothing
// is visible under its key until Complete, which may be repeated.
//
// All types are safe for concurrent use, except that a Writer or Remote has one user. The package must not know users,
// records or quotas: the caller decides what may be written and when it is deleted.
package blob

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"
)

// Engine names a kind of storage. Records refer to it.
type Engine string

// The engines.
const (
	EngineDisk Engine = "disk"
	EngineS3   Engine = "s3"
)

var (
	// ErrNotFound means that no blob has this key.
	ErrNotFound = errors.New("recording file doesn't exist")
	// ErrNoLinks means that the engine has no links: the caller must send the bytes itself.
	ErrNoLinks = errors.New("storage has no links")
	// ErrUploadLost means that the bytes of an unfinished upload are gone. The caller must begin a new one.
	ErrUploadLost = errors.New("unfinished upload doesn't exist")
	// ErrBusy means that another Writer or Remote of the same upload is open.
	ErrBusy = errors.New("upload is in use")

	errIncomplete = errors.New("upload isn't complete")
	errFinished   = errors.New("upload is finished")
	errNotRegular = errors.New("not a regular file")
)

// Target describes a blob that is about to be written.
type Target struct {
	Database  string // the name of the user database, which every key starts with
	Recording string // identifies the recording in the database: letters, digits and dashes
	Source    string // identifies where the bytes come from; bytes of another source never continue an upload
	Path      string // where the file lies in the database's folder, with slashes; only the disk uses it
	Size      int64  // bytes; 0 if unknown
	MaxSize   int64  // bytes; the upper limit if Size is 0
}

// Upload is the state of an unfinished upload. The caller saves it, in JSON, and must not change it.
type Upload struct {
	Engine   Engine   `json:"engine"`
	Key      string   `json:"key"`                 // of the future blob
	ID       string   `json:"id,omitempty"`        // of the multipart upload, or the partial file in the root
	PartSize int64    `json:"part_size,omitempty"` // bytes of each part but the last
	Parts    []string `json:"parts,omitempty"`     // the ETags of the stored parts, in order
	Size     int64    `json:"size,omitempty"`      // bytes that are stored and needn't be sent again
	Hash     []byte   `json:"hash,omitempty"`      // the state of the SHA-256 after Size bytes
	SHA256   string   `json:"sha256,omitempty"`    // of the whole blob, in hex; not blank once all bytes are stored
}

// Complete reports whether all bytes of the blob are stored, so that Store.Complete can publish it.
func (u Upload) Complete() bool { return u.SHA256 != "" }

// Info describes a stored blob.
type Info struct {
	Key      string
	Size     int64 // bytes
	Modified time.Time
}

// Headers are the headers that a download of a blob has.
type Headers struct {
	ContentType        string
	ContentDisposition string
}

// Store is one engine. Its errors are ErrNotFound, ErrUploadLost, ErrBusy, ErrNoLinks, *Error, those of the context,
// fs.ErrInvalid for names that no engine uses and, from the disk, errors of the file system.
type Store interface {
	Engine() Engine

	// Begin starts an upload and returns its state, which the caller saves before it writes the first byte. Its Size is
	// above 0 if bytes of an earlier upload are continued.
	Begin(ctx context.Context, target Target) (Upload, error)

	// Write continues an upload behind the bytes that are stored. save is called whenever the state changes, from
	// Write, Reset and Finish of the returned Writer, and its error ends the use of the Writer. The key and the ID may
	// change too. ctx must last as long as the Writer. While another Writer of the upload is open, the error is ErrBusy.
	Write(ctx context.Context, upload Upload, save func(Upload) error) (Writer, error)

	// Complete publishes a blob whose bytes are all stored. It may be repeated, also after a crash: if the blob
	// exists with the right size, it succeeds.
	Complete(ctx context.Context, upload Upload) error

	// Abort removes the bytes of an upload. An unknown upload is no error. While a Writer of the upload is open, Abort
	// waits: a cancelled run closes its Writer soon, and nothing would remove the bytes that it stores until then.
	Abort(ctx context.Context, upload Upload) error

	// DeleteUploads removes what uploads of a recording have left, whether a record names it or not: the bytes of
	// unfinished ones, of those that are complete but not published and, in S3, blobs. recording is that of the Target.
	// A Writer that is open fails, or its upload can't be completed, with ErrUploadLost.
	DeleteUploads(ctx context.Context, database, recording string) error

	// Stat describes a blob.
	Stat(ctx context.Context, key string) (Info, error)

	// Open opens a blob for reading. ctx must last as long as the reader.
	Open(ctx context.Context, key string) (io.ReadSeekCloser, error)

	// Link returns a URL that anybody can download the blob from until ttl has passed.
	Link(ctx context.Context, key string, headers Headers, ttl time.Duration) (string, error)

	// Delete removes a blob. An unknown key is no error.
	Delete(ctx context.Context, key string) error

	// DeleteAll removes all blobs of a user database and all its unfinished uploads. It may be repeated.
	DeleteAll(ctx context.Context, database string) error

	// List yields the blobs of a user database in any order. It ends after the first error.
	List(ctx context.Context, database string) iter.Seq2[Info, error]

	// Sweep removes the blobs and unfinished uploads of a user database that are older than the given time and that
	// no record names: isNamed is called with the key of a blob, and with the key (S3) or the ID (disk) of an
	// unfinished upload. It returns how many it removed.
	Sweep(ctx context.Context, database string, before time.Time, isNamed func(key string) bool) (removed int, err error)
}

// Writer appends bytes to an upload and hashes them. Only one goroutine may use it.
type Writer interface {
	// Write appends bytes. An error is final: the next Writer continues behind the bytes that are stored.
	io.Writer

	// Size returns how many bytes the blob has so far, including those that aren't stored yet.
	Size() int64

	// Reset discards all bytes, because they turned out to be wrong.
	Reset() error

	// Finish stores all bytes durably, saves the state and returns it. Its SHA256 is set.
	Finish() (Upload, error)

	// Close ends the use of the Writer and waits for its goroutines. Without Finish, bytes that aren't stored yet
	// may be lost; all others remain for the next Writer. Further calls have no effect.
	Close() error
}
