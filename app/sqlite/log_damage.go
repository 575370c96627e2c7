package sqlite

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
)

// DamagedLogSuffix ends the name of the file to which SetDamagedLogAside copies a log.
const DamagedLogSuffix = "-wal.damaged"

// SetDamagedLogAside looks for damage in the write-ahead log that a killed process has left beside a database file. SQLite
// silently ignores everything from the first damaged place on. If anything was committed after it, SetDamagedLogAside keeps a
// copy of the log, moves what precedes the damage into the database file, and returns the path of the copy; otherwise it returns
// "". No process may have the file open.
func SetDamagedLogAside(ctx context.Context, path string) (aside string, err error) {
	damaged, err := isLogDamaged(path)
	if err != nil {
		return "", fmt.Errorf("check the log of %s: %w", path, err)
	}
	if !damaged {
		return "", nil
	}
	aside = path + DamagedLogSuffix
	if err := copyLog(path, aside); err != nil {
		return "", fmt.Errorf("keep the damaged log of %s: %w", path, err)
	}
	return aside, Checkpoint(ctx, path)
}

func copyLog(path, aside string) error {
	log, err := os.Open(path + "-wal")
	if err != nil {
		return err
	}
	defer log.Close()
	return durable.WriteFile(aside, 0o600, func(to io.Writer) error {
		_, err := io.Copy(to, log)
		return err
	})
}

// Sizes and places in the log: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
const (
	logHeaderSize   = 32
	frameHeaderSize = 24
	logMagic        = 0x377f0682 // the lowest bit says that checksums are computed from big-endian numbers
)

// isLogDamaged reports whether a transaction was committed in the log after a place that can't be read. What a killed process
// wrote and didn't commit is no damage.
func isLogDamaged(path string) (bool, error) {
	file, err := os.Open(path + "-wal")
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || info.Size() <= logHeaderSize+frameHeaderSize {
		return false, err
	}
	log, err := openLog(path, bufio.NewReaderSize(file, 64<<10))
	if err != nil || log == nil {
		return false, err
	}
	for {
		committed, err := log.next()
		if err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				err = nil
			}
			return false, err
		}
		if committed && log.broken {
			return true, nil
		}
	}
}

// logReader reads the frames of a log.
type logReader struct {
	from   io.Reader
	order  binary.ByteOrder
	frame  []byte
	salt   []byte    // of the frames that belong to this log; nil: that of the first frame
	sum    [2]uint32 // of everything up to the last frame, as its header says
	broken bool      // a frame, or the header of the log, didn't have its checksum
}

// openLog reads the header of a log. If it is damaged, the size of pages comes from the database file. It returns nil if that is
// unknown, too.
func openLog(path string, from io.Reader) (*logReader, error) {
	header := make([]byte, logHeaderSize)
	if _, err := io.ReadFull(from, header); err != nil {
		return nil, err
	}
	magic := binary.BigEndian.Uint32(header)
	log := &logReader{from: from, order: binary.LittleEndian, salt: header[16:24]}
	if magic == logMagic|1 {
		log.order = binary.BigEndian
	}
	log.sum = log.add([2]uint32{}, header[:24])
	pageSize := int(binary.BigEndian.Uint32(header[8:]))
	if magic&^1 != logMagic || log.sum != sumAt(header[24:]) {
		log.broken, log.salt = true, nil
		var err error
		if pageSize, err = pageSizeOf(path); err != nil {
			return nil, err
		}
	}
	if pageSize < 512 || pageSize > 1<<16 || pageSize&(pageSize-1) != 0 {
		return nil, nil
	}
	log.frame = make([]byte, frameHeaderSize+pageSize)
	return log, nil
}

// next reads a frame and reports whether it belongs to the log and ends a transaction.
func (l *logReader) next() (committed bool, err error) {
	if _, err := io.ReadFull(l.from, l.frame); err != nil {
		return false, err
	}
	salt := l.frame[8:16]
	if l.salt == nil {
		l.salt = bytes.Clone(salt)
	}
	sum := l.add(l.add(l.sum, l.frame[:8]), l.frame[frameHeaderSize:])
	l.sum = sumAt(l.frame[16:]) // so that the next frame can be checked, even if this one is damaged
	if !bytes.Equal(salt, l.salt) || sum != l.sum {
		l.broken = true
		return false, nil
	}
	return binary.BigEndian.Uint32(l.frame[4:]) != 0, nil
}

// add continues a checksum. The length of data is a multiple of 8.
func (l *logReader) add(sum [2]uint32, data []byte) [2]uint32 {
	for ; len(data) >= 8; data = data[8:] {
		sum[0] += l.order.Uint32(data) + sum[1]
		sum[1] += l.order.Uint32(data[4:]) + sum[0]
	}
	return sum
}

func sumAt(data []byte) [2]uint32 {
	return [2]uint32{binary.BigEndian.Uint32(data), binary.BigEndian.Uint32(data[4:])}
}

// pageSizeOf returns the size of the pages in a database file, or 0.
func pageSizeOf(path string) (int, error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	header := make([]byte, 18)
	if _, err := io.ReadFull(file, header); err != nil {
		return 0, nil // an empty file
	}
	size := int(binary.BigEndian.Uint16(header[16:]))
	if size == 1 {
		size = 1 << 16
	}
	return size, nil
}
