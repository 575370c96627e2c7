package media

// End follows the boxes of an MP4, M4A or QuickTime file while the file is written, so that it notices a file that ends
// early although nobody has said how large it is. The zero value is at the beginning of a file.
type End struct {
	header   []byte // of the next box, as far as it was written
	left     uint64 // bytes until the next box
	boxes    int
	hasMovie bool
	unknown  bool // no further boxes can be found
}

// Write follows the next bytes of the file. It returns no errors.
func (e *End) Write(p []byte) (int, error) {
	written := len(p)
	for len(p) > 0 && !e.unknown {
		if e.left > 0 {
			n := min(e.left, uint64(len(p)))
			e.left -= n
			p = p[n:]
			continue
		}
		e.header, p = append(e.header, p[0]), p[1:]
		e.readHeader()
	}
	return written, nil
}

// readHeader starts a box if its header is complete.
func (e *End) readHeader() {
	header, size, complete := boxHeader(e.header)
	if !complete {
		return
	}
	kind := e.header[4:8]
	if size < header || !isBoxType(kind) { // 0 is the size of a box that extends to the end of the file
		e.unknown = true
		return
	}
	e.hasMovie = e.hasMovie || string(kind) == "moov"
	e.left, e.header = size-header, e.header[:0]
	e.boxes++
}

// IsEarly reports whether the file, if it ends here, lacks something: the rest of a box or the description of the whole.
// It is false for files of other formats.
func (e *End) IsEarly() bool {
	isMP4 := e.boxes > 0
	return isMP4 && !e.unknown && (e.left > 0 || len(e.header) > 0 || !e.hasMovie)
}

// Reset goes back to the beginning of a file.
func (e *End) Reset() { *e = End{} }
