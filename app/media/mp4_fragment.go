package media

import (
	"encoding/binary"
	"time"
)

// Flags of the boxes tfhd and trun: which optional fields they have.
const (
	tfhdBaseOffset      = 0x1
	tfhdDescription     = 0x2
	tfhdDefaultDuration = 0x8

	trunDataOffset       = 0x1
	trunFirstFlags       = 0x4
	trunSampleDuration   = 0x100
	trunSampleSize       = 0x200
	trunSampleFlags      = 0x400
	trunSampleTimeOffset = 0x800
)

// fragmentEnd returns when a fragment ends. A track without a start time begins where the fragments before it end.
func (m *movie) fragmentEnd(moof []byte, before time.Duration) (end time.Duration) {
	children(moof, func(kind string, traf []byte) {
		if kind == "traf" {
			end = max(end, m.trackFragmentEnd(traf, before))
		}
	})
	return end
}

func (m *movie) trackFragmentEnd(traf []byte, before time.Duration) time.Duration {
	var scale, sample uint32
	var units uint64
	start := before
	children(traf, func(kind string, content []byte) {
		if len(content) < 8 {
			return
		}
		flags := binary.BigEndian.Uint32(content) & 0xffffff
		switch kind {
		case "tfhd":
			id := binary.BigEndian.Uint32(content[4:])
			scale, sample = m.scales[id], m.defaults[id]
			if duration, ok := defaultDuration(content[8:], flags); ok {
				sample = duration
			}
		case "tfdt":
			if content[0] == 1 && len(content) >= 12 {
				start = timeOf(binary.BigEndian.Uint64(content[4:]), scale)
			} else {
				start = timeOf(uint64(binary.BigEndian.Uint32(content[4:])), scale)
			}
		case "trun":
			units += runUnits(content, flags, sample)
		}
	})
	if scale == 0 {
		return 0
	}
	return start + timeOf(units, scale)
}

// defaultDuration returns the duration of the samples of a track fragment, if its header has one. fields are its
// optional fields.
func defaultDuration(fields []byte, flags uint32) (duration uint32, ok bool) {
	at := 0
	if flags&tfhdBaseOffset != 0 {
		at += 8
	}
	if flags&tfhdDescription != 0 {
		at += 4
	}
	if flags&tfhdDefaultDuration == 0 || len(fields) < at+4 {
		return 0, false
	}
	return binary.BigEndian.Uint32(fields[at:]), true
}

// runUnits returns the duration of the samples of a trun box. sample is that of each unless the box has others.
func runUnits(trun []byte, flags, sample uint32) (units uint64) {
	count := binary.BigEndian.Uint32(trun[4:])
	if flags&trunSampleDuration == 0 {
		return uint64(count) * uint64(sample)
	}
	at, width := 8, 0
	for _, field := range []uint32{trunDataOffset, trunFirstFlags} {
		if flags&field != 0 {
			at += 4
		}
	}
	for _, field := range []uint32{trunSampleDuration, trunSampleSize, trunSampleFlags, trunSampleTimeOffset} {
		if flags&field != 0 {
			width += 4
		}
	}
	for ; count > 0 && at+4 <= len(trun); count, at = count-1, at+width {
		units += uint64(binary.BigEndian.Uint32(trun[at:]))
	}
	return units
}
