package logging

import "io"

// SetFile replaces the file of a log.
func SetFile(l *Log, file io.WriteCloser) { l.out.setFile(file) }
