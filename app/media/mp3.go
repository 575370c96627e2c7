package media

import (
	"bytes"
	"encoding/binary"
	"time"
)

// Bit rates of MPEG audio layer III in kbit/s (ISO/IEC 11172-3 and 13818-3), by the index in a frame's header.
var (
	mpeg1Rates = [16]int{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0}
	mpeg2Rates = [16]int{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0}
	mpeg1Hertz = [4]int{44100, 48000, 32000, 0}
)

// maxFrameSearch is how many bytes after an ID3 tag may precede the first frame.
const maxFrameSearch = 64 << 10

// frameHeader is the header of an MP3 frame.
type frameHeader struct {
	hertz, samples int // samples of a frame
	bitRate        int // per second
	sideInfo       int // bytes between the header and what encoders write into an empty first frame
}

// mp3Duration reads the first frame. Encoders with a variable bit rate write the number of frames into it;
// otherwise the length follows from the bit rate.
func mp3Duration(f file) (time.Duration, error) {
	start, err := tagSize(f)
	if err != nil {
		return 0, err
	}
	data, err := f.read(start, min(maxFrameSearch, f.size-start))
	if err != nil {
		return 0, err
	}
	for i := 0; i+4 <= len(data); i++ {
		header, ok := readFrameHeader(data[i:])
		if !ok {
			continue
		}
		if frames := frameCount(data[i+4:], header); frames > 0 {
			return timeOf(uint64(frames)*uint64(header.samples), uint32(header.hertz)), nil
		}
		return timeOf(uint64(f.size-start-int64(i))*8, uint32(header.bitRate)), nil
	}
	return 0, ErrUnknownDuration
}

// tagSize returns the size of the ID3 tag that the file begins with, or 0. https://id3.org/id3v2.4.0-structure
func tagSize(f file) (int64, error) {
	head, err := f.read(0, 10)
	if err != nil || !bytes.HasPrefix(head, []byte("ID3")) {
		return 0, err
	}
	size := int64(10)
	for i, b := range head[6:] {
		size += int64(b&0x7f) << (7 * (3 - i))
	}
	return size, nil
}

func readFrameHeader(data []byte) (h frameHeader, ok bool) {
	bits := binary.BigEndian.Uint32(data)
	version, layer := bits>>19&3, bits>>17&3
	if bits>>21 != 0x7ff || version == 1 || layer != 1 {
		return h, false
	}
	h.hertz = mpeg1Hertz[bits>>10&3]
	mono := bits>>6&3 == 3
	switch {
	case version == 3:
		h.samples, h.bitRate, h.sideInfo = 1152, mpeg1Rates[bits>>12&15]*1000, 32
		if mono {
			h.sideInfo = 17
		}
	default:
		h.samples, h.bitRate, h.sideInfo = 576, mpeg2Rates[bits>>12&15]*1000, 17
		if h.hertz /= 2; version == 0 {
			h.hertz /= 2
		}
		if mono {
			h.sideInfo = 9
		}
	}
	return h, h.hertz > 0 && h.bitRate > 0
}

// frameCount returns the number of frames that an encoder has written after the header of the first one, or 0.
func frameCount(frame []byte, h frameHeader) uint32 {
	if len(frame) >= h.sideInfo+12 {
		info := frame[h.sideInfo:]
		if name := string(info[:4]); (name == "Xing" || name == "Info") && info[7]&1 != 0 {
			return binary.BigEndian.Uint32(info[8:])
		}
	}
	if len(frame) >= 32+18 && string(frame[32:36]) == "VBRI" {
		return binary.BigEndian.Uint32(frame[32+14:])
	}
	return 0
}
