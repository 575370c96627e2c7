package hooks

import (
	"bufio"
	"io"
	"mime"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
)

// archiveBuffer is the size in bytes of a single write, which a client must receive within a minute.
const archiveBuffer = 1 << 20

// sendArchive responds with a zip archive of the given name. After an error, the caller must respond with it, if
// nothing is written yet, or abort the response.
func sendArchive(e *core.RequestEvent, name string, write func(io.Writer) error) error {
	header := e.Response.Header()
	header.Set("Content-Type", "application/zip")
	header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	header.Set("Cache-Control", "no-store")
	buffered := bufio.NewWriterSize(e.Response, archiveBuffer)
	err := write(buffered)
	if err == nil {
		err = buffered.Flush()
	}
	if err != nil && !e.Written() {
		header.Del("Content-Type")
		header.Del("Content-Disposition")
	}
	return err
}

// abort closes the connection, so that a partial archive doesn't look complete. After the first byte, there is no
// other way to report an error.
func (h handlers) abort(e *core.RequestEvent, message string, err error) error {
	if e.Request.Context().Err() == nil {
		h.Log.ErrorContext(e.Request.Context(), message, "database", gateway.DatabaseOf(e).Name, "error", err)
	}
	panic(http.ErrAbortHandler)
}
