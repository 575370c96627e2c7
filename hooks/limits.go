package hooks

import (
	"errors"
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/gateway"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func bindLimits(a *app.App) {
	a.OnBatchRequest().Bind(&hook.Handler[*core.BatchRequestEvent]{Id: "batchOfJobsOnly", Func: batchOfJobsOnly})
	a.OnMailerSend().Bind(&hook.Handler[*core.MailerEvent]{Id: "noSendmail", Func: noSendmail})
}

// limitBodies refuses bodies over gateway.MaxBody, and XML, of whatever route.
func limitBodies(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, original *http.Request) {
		// A copy, because PocketBase's router puts a body of its own into the
		// request it is given: net/http would then no longer notice that a body
		// was not read to its end, keep the connection open, and take the rest of
		// the body for the next request.
		r := original.WithContext(original.Context())
		defer removeUploads(r)
		if r.URL.Path == "/api/backups/upload" { // for superusers only
			next.ServeHTTP(w, r)
			return
		}
		// PocketBase reads one XML document of a body and, asked again, the next: a
		// check would see another than what is carried out.
		if strings.Contains(strings.ToLower(r.Header.Get("Content-Type")), "/xml") {
			router.ErrorHandler(w, r, router.NewApiError(http.StatusUnsupportedMediaType, "Send JSON or a form.", nil))
			return
		}
		if r.ContentLength > gateway.MaxBody {
			router.ErrorHandler(w, r, router.NewApiError(http.StatusRequestEntityTooLarge, "The request is too large.", nil))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, gateway.MaxBody)
		next.ServeHTTP(w, r)
	})
}

// removeUploads deletes the temporary files of a form, which net/http does for
// its own request only.
func removeUploads(r *http.Request) {
	if r.MultipartForm != nil {
		_ = r.MultipartForm.RemoveAll() // what is left goes with the system's temporary folder
	}
}

// batchOfJobsOnly lets users queue many jobs at once and do nothing else in a
// batch: it is one transaction, and hashing passwords in it would hold up every
// other writer. Headers of its requests are dropped, because one of them could
// pose as the address that limits are counted by.
func batchOfJobsOnly(e *core.BatchRequestEvent) error {
	const jobs = "/api/collections/" + migrations.GlobalQueue + "/records"
	for _, request := range e.Batch {
		if request == nil {
			return e.BadRequestError("A request in the batch is empty.", nil)
		}
		request.Headers = nil
		if !e.HasSuperuserAuth() && !strings.HasPrefix(request.URL, jobs) {
			return e.BadRequestError("Only jobs can be created in a batch.", nil)
		}
	}
	return e.Next()
}

// noSendmail refuses to send mail without a mail server: PocketBase would run
// the host's sendmail instead.
func noSendmail(e *core.MailerEvent) error {
	if !e.App.Settings().SMTP.Enabled {
		return errors.New("no mail was sent: SMTP_HOST is not set")
	}
	return e.Next()
}
