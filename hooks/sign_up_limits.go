package hooks

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// signUpLimits limits new accounts. It counts accounts, not requests, however they are created: with a password or
// by the first sign-in with Google or GitHub.
type signUpLimits struct{ quota *limit.Quota }

func (h handlers) bindSignUpLimits() {
	limits := h.Config.SignUpLimits
	s := signUpLimits{limit.NewQuota(limits.PerHour, limits.PerDay, limits.Total, time.Now)}
	// Outermost, so that an account that another handler refuses isn't counted.
	bindWithPriority(h.OnRecordCreateRequest(migrations.Users), "limitSignUps", -100, s.limitSignUps)
}

func (s signUpLimits) limitSignUps(e *core.RecordRequestEvent) error {
	if e.HasSuperuserAuth() {
		return e.Next()
	}
	undo, wait, ok := s.quota.Take(network(e.RequestEvent))
	if !ok {
		return tooManyRequests(e.RequestEvent, wait, "Too many accounts were created from your network or on this server. Try again later.")
	}
	err := e.Next()
	if err != nil && e.Record.IsNew() { // an error may come after the account was saved, for example of ?fields
		undo()
	}
	return err
}
