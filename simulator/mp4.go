package simulator

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

// maxMovieHeader limits the memory that readDuration uses. The moov box of a day of video has a few
// megabytes.
const maxMovieHeader = 32 << 20

var errNoDuration = errors.New("no valid movie header")

// readDuration reads the top-level boxes of an MP4 or QuickTime stream up to the movie header (ISO/IEC
// 14496-12, boxes moov and mvhd) and returns the duration. It stops reading after that box, which is the
// only one it keeps in memory. It returns an error if the stream ends early or has no valid movie header.
func readDuration(r io.Reader) (time.Duration, error) {
	for {
		kind, size, err := readBoxHeader(r)
		if err != nil {
			return 0, err
		}
		if kind != "moov" {
			if size < 0 {
				return 0, errNoDuration // this box extends to the end of the file
			}
			if _, err := io.CopyN(io.Discard, r, size); err != nil {
				return 0, fmt.Errorf("skip box %q: %w", kind, err)
			}
			continue
		}
		if size < 0 || size > maxMovieHeader {
			return 0, fmt.Errorf("movie header of %d bytes: %w", size, errNoDuration)
		}
		moov := make([]byte, size)
		if _, err := io.ReadFull(r, moov); err != nil {
			return 0, fmt.Errorf("read movie header: %w", err)
		}
		return findDuration(moov)
	}
}

// readBoxHeader returns the type of a box and the size of its content, or -1 if it extends to the end of
// the file.
func readBoxHeader(r io.Reader) (kind string, size int64, err error) {
	var header [8]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return "", 0, fmt.Errorf("read box header: %w", err)
	}
	kind = string(header[4:])
	size = int64(binary.BigEndian.Uint32(header[:4]))
	switch size {
	case 0:
		return kind, -1, nil
	case 1:
		var large [8]byte
		if _, err := io.ReadFull(r, large[:]); err != nil {
			return "", 0, fmt.Errorf("read box header: %w", err)
		}
		size = int64(binary.BigEndian.Uint64(large[:])) - 8
	}
	if size -= 8; size < 0 {
		return "", 0, fmt.Errorf("box %q has an invalid size", kind)
	}
	return kind, size, nil
}

// findDuration finds the mvhd box among the children of moov.
func findDuration(moov []byte) (time.Duration, error) {
	for len(moov) >= 8 {
		size := int(binary.BigEndian.Uint32(moov))
		if size < 8 || size > len(moov) {
			break
		}
		if string(moov[4:8]) == "mvhd" {
			return movieDuration(moov[8:size])
		}
		moov = moov[size:]
	}
	return 0, errNoDuration
}

// movieDuration reads an mvhd box. Version 0 has 32-bit times, version 1 has 64-bit times.
func movieDuration(mvhd []byte) (time.Duration, error) {
	var scale uint32
	var units uint64
	switch {
	case len(mvhd) >= 20 && mvhd[0] == 0:
		scale, units = binary.BigEndian.Uint32(mvhd[12:]), uint64(binary.BigEndian.Uint32(mvhd[16:]))
	case len(mvhd) >= 32 && mvhd[0] == 1:
		scale, units = binary.BigEndian.Uint32(mvhd[20:]), binary.BigEndian.Uint64(mvhd[24:])
	}
	if scale == 0 {
		return 0, errNoDuration
	}
	return time.Duration(float64(units) / float64(scale) * float64(time.Second)), nil
}
