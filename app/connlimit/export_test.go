package connlimit

import "io"

// net/http sends files without copying them only to connections that implement io.ReaderFrom.
var _ io.ReaderFrom = (*conn)(nil)
