package media

import (
	"encoding/binary"
	"slices"
	"time"
)

// Boxes of ISO/IEC 14496-12. A box is a size, a type and a content, which may be boxes.
const (
	// maxHeader limits the boxes that are read into memory. The moov box of a day of video has a few megabytes.
	maxHeader = 32 << 20
	// maxBoxes limits how many boxes are read at the top level, of which each fragment adds two.
	maxBoxes = 50_000
)

var topLevelTypes = []string{"ftyp", "styp", "moov", "moof", "mdat", "free", "skip", "wide", "pdin", "sidx", "mfra", "uuid", "meta", "emsg", "prft"}

func isBoxType(name []byte) bool { return slices.Contains(topLevelTypes, string(name)) }

// movie is what the moov box says.
type movie struct {
	duration   time.Duration // of everything but fragments
	fragmented bool
	total      time.Duration // of a fragmented movie, or 0 if moov doesn't say
	scales     map[uint32]uint32
	defaults   map[uint32]uint32 // the duration of a sample of each track, unless a fragment says otherwise
}

// mp4Duration walks through the boxes at the top level. That skips the media itself.
func mp4Duration(f file) (time.Duration, error) {
	var m *movie
	var last time.Duration // when the fragments so far end
	for offset, boxes := int64(0), 0; offset+8 <= f.size && boxes < maxBoxes; boxes++ {
		kind, header, size, err := f.box(offset)
		if err != nil {
			return 0, err
		}
		if kind == "moov" || kind == "moof" && m != nil {
			if size-header > maxHeader {
				return 0, ErrUnknownDuration
			}
			content, err := f.read(offset+header, size-header)
			if err != nil {
				return 0, err
			}
			if kind == "moof" {
				last = max(last, m.fragmentEnd(content, last))
			} else if m = readMovie(content); !m.fragmented {
				return m.duration, nil
			} else if m.total > 0 {
				return m.total, nil
			}
		}
		offset += size
	}
	if m == nil {
		return 0, ErrUnknownDuration
	}
	return max(m.duration, last), nil
}

// box returns the type of the box at an offset, and the sizes of its header and of all of it.
func (f file) box(offset int64) (kind string, header, size int64, err error) {
	data, err := f.read(offset, min(16, f.size-offset))
	if err != nil {
		return "", 0, 0, err
	}
	headerSize, boxSize, complete := boxHeader(data)
	if !complete {
		return "", 0, 0, ErrUnknownDuration
	}
	header, size = int64(headerSize), int64(min(boxSize, 1<<62))
	if boxSize == 0 && header == 8 { // it extends to the end of the file
		size = f.size - offset
	}
	if size < header || size > f.size-offset {
		return "", 0, 0, ErrUnknownDuration
	}
	return string(data[4:8]), header, size, nil
}

// boxHeader returns the size of the header at the beginning of a box and the size of the whole box, as it says, in bytes.
// complete is false if data ends within the header.
func boxHeader(data []byte) (header, size uint64, complete bool) {
	if len(data) < 8 {
		return 0, 0, false
	}
	if size = uint64(binary.BigEndian.Uint32(data)); size != 1 {
		return 8, size, true
	}
	if len(data) < 16 {
		return 0, 0, false
	}
	return 16, binary.BigEndian.Uint64(data[8:]), true
}

// children calls use for each box in the content of a box.
func children(content []byte, use func(kind string, content []byte)) {
	for len(content) >= 8 {
		size := uint64(binary.BigEndian.Uint32(content))
		if size == 0 {
			size = uint64(len(content))
		}
		if size < 8 || size > uint64(len(content)) {
			return
		}
		use(string(content[4:8]), content[8:size])
		content = content[size:]
	}
}

func readMovie(moov []byte) *movie {
	m := &movie{scales: map[uint32]uint32{}, defaults: map[uint32]uint32{}}
	var scale uint32
	var longest time.Duration
	children(moov, func(kind string, content []byte) {
		switch kind {
		case "mvhd":
			var units uint64
			scale, units = readTimes(content)
			m.duration = timeOf(units, scale)
		case "trak":
			longest = max(longest, m.readTrack(content))
		}
	})
	if m.duration == 0 {
		m.duration = longest
	}
	children(moov, func(kind string, content []byte) {
		if kind != "mvex" {
			return
		}
		m.fragmented = true
		children(content, func(kind string, content []byte) {
			switch {
			case kind == "mehd" && len(content) >= 12 && content[0] == 1:
				m.total = timeOf(binary.BigEndian.Uint64(content[4:]), scale)
			case kind == "mehd" && len(content) >= 8:
				m.total = timeOf(uint64(binary.BigEndian.Uint32(content[4:])), scale)
			case kind == "trex" && len(content) >= 16:
				m.defaults[binary.BigEndian.Uint32(content[4:])] = binary.BigEndian.Uint32(content[12:])
			}
		})
	})
	return m
}

// readTrack remembers the time scale of a track and returns its duration.
func (m *movie) readTrack(trak []byte) (duration time.Duration) {
	var id uint32
	children(trak, func(kind string, content []byte) {
		switch {
		case kind == "tkhd" && len(content) >= 24 && content[0] == 1:
			id = binary.BigEndian.Uint32(content[20:])
		case kind == "tkhd" && len(content) >= 16:
			id = binary.BigEndian.Uint32(content[12:])
		case kind == "mdia":
			children(content, func(kind string, content []byte) {
				if kind == "mdhd" {
					scale, units := readTimes(content)
					m.scales[id], duration = scale, timeOf(units, scale)
				}
			})
		}
	})
	return duration
}

// readTimes reads the time scale and the duration of an mvhd or mdhd box, which begin alike. A duration that is
// unknown is 0.
func readTimes(content []byte) (scale uint32, units uint64) {
	switch {
	case len(content) >= 32 && content[0] == 1:
		scale, units = binary.BigEndian.Uint32(content[20:]), binary.BigEndian.Uint64(content[24:])
		if units == 1<<64-1 {
			units = 0
		}
	case len(content) >= 20 && content[0] == 0:
		scale, units = binary.BigEndian.Uint32(content[12:]), uint64(binary.BigEndian.Uint32(content[16:]))
		if units == 1<<32-1 {
			units = 0
		}
	}
	return scale, units
}
