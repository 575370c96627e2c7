package userdb

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
	"github.com/fathom-to-loom/fathom-to-loom/app/fileperm"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

const (
	// maxDirectory limits the directory of an archive, which is read into memory. It is enough for 100,000 recordings.
	maxDirectory = 16 << 20
	// maxContent limits the sum of all sizes, so that it can't overflow.
	maxContent = 1 << 50
	// maxRatio limits how much smaller a file larger than freeRatio may be in the archive. data.db has about 10 to 20.
	maxRatio  = 200
	freeRatio = 32 << 20
)

var (
	errNoArchive = errors.New("not a zip archive, or an incomplete one: use the file that the export has written")
	errNoExport  = errors.New("archive isn't an export of this program")
	errDirectory = fmt.Errorf("%w: it contains too many files", errNoExport)
)

// importFile is an archive whose directory has been checked. It must be closed.
type importFile struct {
	file           *os.File
	data           *zip.File            // data.db
	recordings     map[string]*zip.File // by recordingKey
	recordingBytes int64
}

// recordingKey identifies the file of a recording in an archive.
func recordingKey(recordID, file string) string { return recordID + "/" + file }

// openImport opens an archive and checks its directory. It reads no content.
func openImport(path string) (*importFile, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fileperm.Explain(path, err)
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for its writer
		return nil, errNoArchive
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fileperm.Explain(path, err)
	}
	archive := &importFile{file: file, recordings: map[string]*zip.File{}}
	if err := archive.readDirectory(info.Size()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return archive, nil
}

// Close closes the archive.
func (a *importFile) Close() error { return a.file.Close() }

func (a *importFile) readDirectory(size int64) error {
	limited := &limitedReaderAt{ReaderAt: a.file, left: maxDirectory}
	archive, err := zip.NewReader(limited, size)
	switch {
	case limited.left < 0:
		return errDirectory
	case errors.Is(err, zip.ErrFormat), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errNoArchive
	case err != nil:
		return err
	}
	limited.unlimited = true
	names, content, packed := map[string]bool{}, uint64(0), uint64(0)
	for _, entry := range archive.File {
		if err := checkEntry(entry); err != nil {
			return err
		}
		name := strings.TrimSuffix(entry.Name, "/")
		if names[name] {
			return fmt.Errorf("%w: it contains %s twice", errNoExport, quoteName(name))
		}
		names[name] = true
		content, packed = content+entry.UncompressedSize64, packed+entry.CompressedSize64
		if content > maxContent || packed > uint64(size) { // entries may share their content
			return fmt.Errorf("%w: its files are larger than it can contain", errNoExport)
		}
		a.add(entry)
	}
	if a.data == nil {
		return fmt.Errorf("%w: it contains no %s", errNoExport, sqlite.DataFile)
	}
	return nil
}

// checkEntry returns an error unless an entry is what an export may contain.
func checkEntry(entry *zip.File) error {
	name, isFolder := strings.CutSuffix(entry.Name, "/")
	top, _, below := strings.Cut(name, "/")
	switch {
	case !fs.ValidPath(name) || strings.ContainsAny(name, "\\\x00"):
		return fmt.Errorf("%w: %s isn't a path in the archive", errNoExport, quoteName(entry.Name))
	case entry.Mode()&fs.ModeType != 0 && !(isFolder && entry.Mode().IsDir()):
		return fmt.Errorf("%w: %s is neither a file nor a folder", errNoExport, quoteName(name))
	case isFolder && entry.UncompressedSize64 > 0:
		return fmt.Errorf("%w: %s is a folder with content", errNoExport, quoteName(name))
	case entry.Flags&1 != 0:
		return fmt.Errorf("%w: %s is encrypted", errNoExport, quoteName(name))
	case top == core.LocalStorageDirName && (below || isFolder):
	case !isFolder && slices.Contains([]string{"README.txt", activityFile, sqlite.DataFile, sqlite.AuxiliaryFile}, name):
	default:
		return fmt.Errorf("%w: it contains %s", errNoExport, quoteName(name))
	}
	size, packed := entry.UncompressedSize64, entry.CompressedSize64
	switch {
	case size > maxContent, packed > maxContent,
		entry.Method == zip.Store && size != packed,
		entry.Method == zip.Deflate && size > freeRatio && size/maxRatio > packed:
		return fmt.Errorf("%w: %s is larger than its part of the archive can be", errNoExport, quoteName(name))
	case entry.Method != zip.Store && entry.Method != zip.Deflate:
		return fmt.Errorf("%w: %s is compressed with an unknown method", errNoExport, quoteName(name))
	}
	return nil
}

// add remembers the entries that are read later. Of the storage folder, these are only the files of recordings:
// storage/{collection}/{record}/{file}.
func (a *importFile) add(entry *zip.File) {
	if entry.Name == sqlite.DataFile {
		a.data = entry
	}
	parts := strings.Split(entry.Name, "/")
	if len(parts) == 4 && parts[3] != "" {
		a.recordings[recordingKey(parts[2], parts[3])] = entry
		a.recordingBytes += int64(entry.UncompressedSize64)
	}
}

// quoteName returns a name from an archive for an error.
func quoteName(name string) string { return fmt.Sprintf("%q", sanitize.Truncate(name, 100)) }

// limitedReaderAt limits how many bytes are read until it is unlimited.
type limitedReaderAt struct {
	io.ReaderAt
	left      int64 // negative once the limit was reached
	unlimited bool
}

func (r *limitedReaderAt) ReadAt(p []byte, at int64) (int, error) {
	if !r.unlimited {
		if r.left -= int64(len(p)); r.left < 0 {
			return 0, errDirectory
		}
	}
	return r.ReaderAt.ReadAt(p, at)
}

// extract writes the content of an entry to a new file and syncs it. It calls allow before it writes more bytes. It
// returns an error if the content has another size or checksum than the directory says.
func extract(ctx context.Context, entry *zip.File, path string, allow func(bytes int64) error) (err error) {
	damaged := func(err error) error {
		if errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrChecksum) || errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("archive is damaged: %s: %w", quoteName(entry.Name), err)
		}
		return err
	}
	from, err := entry.Open()
	if err != nil {
		return damaged(err)
	}
	defer from.Close()
	to, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	content := &exactReader{from: from, left: int64(entry.UncompressedSize64), allow: allow}
	if err := durable.Copy(ctx, to, content); err != nil {
		return damaged(err)
	}
	return durable.SyncData(to)
}

// exactReader reads a number of bytes that is known, and fails if there are more or fewer.
type exactReader struct {
	from  io.Reader
	left  int64
	allow func(bytes int64) error
}

func (r *exactReader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	if r.left -= int64(n); r.left < 0 {
		return 0, zip.ErrFormat
	}
	if err := r.allow(int64(n)); err != nil {
		return 0, err
	}
	if err == io.EOF && r.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	if err != nil && err != io.EOF && !errors.Is(err, zip.ErrChecksum) {
		err = fmt.Errorf("%w: %w", zip.ErrFormat, err) // of the decompressor
	}
	return n, err
}
