package hooks

import (
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
)

// mailLimits sends at most one mail of a kind to an address in limit.MailInterval, whatever route causes it. Nothing
// in a response tells whether a mail was sent. See callerLimits for the limits on who may request mail.
type mailLimits struct {
	handlers
	sent  *limit.Interval[struct{}]
	codes *limit.Interval[string] // ids of the latest one-time passwords, by address
}

func (h handlers) bindMailLimits() {
	m := mailLimits{
		handlers: h, sent: limit.NewInterval[struct{}](limit.MailInterval*time.Second, time.Now),
		codes: limit.NewInterval[string](limit.MailInterval*time.Second, time.Now),
	}
	for kind, event := range map[string]*hook.TaggedHook[*core.MailerRecordEvent]{
		"verification": h.OnMailerRecordVerificationSend(), "passwordReset": h.OnMailerRecordPasswordResetSend(),
		"emailChange": h.OnMailerRecordEmailChangeSend(), "otp": h.OnMailerRecordOTPSend(), "authAlert": h.OnMailerRecordAuthAlertSend(),
	} {
		bindWithPriority(event, "limitMail", -100, func(e *core.MailerRecordEvent) error { return m.limitMail(kind, e) })
	}
	bindWithPriority(h.OnRecordRequestOTPRequest(authCollections...), "repeatCode", -100, m.repeatCode)
}

// limitMail records the mail before it is sent: sending takes seconds, in which many more may be requested.
func (m mailLimits) limitMail(kind string, e *core.MailerRecordEvent) error {
	if e.Record.IsNew() { // a test mail of a superuser
		return e.Next()
	}
	for _, to := range e.Message.To {
		if _, ok := m.sent.Begin(kind+" "+strings.ToLower(to.Address), struct{}{}); !ok {
			m.Log.Debug("mail was not sent: the address received one of this kind a moment ago", "kind", kind, "account", e.Record.Id)
			return nil
		}
	}
	return e.Next()
}

// repeatCode responds with the id of the code that was mailed a moment ago, because no other mail will be sent. An
// address without an account gets the same kind of response.
func (m mailLimits) repeatCode(e *core.RecordCreateOTPRequestEvent) error {
	var body struct {
		Email string `json:"email" form:"email"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	key := e.Collection.Name + " " + strings.ToLower(body.Email)
	if id, ok := m.codes.Value(key); ok {
		return e.JSON(http.StatusOK, map[string]string{"otpId": id})
	}
	if e.Record == nil {
		id := core.GenerateDefaultRandomId()
		m.codes.Begin(key, id)
		return e.JSON(http.StatusOK, map[string]string{"otpId": id})
	}
	err := e.Next()
	if otps, listErr := e.App.FindAllOTPsByRecord(e.Record); err == nil && listErr == nil && len(otps) > 0 {
		m.codes.Begin(key, otps[0].Id) // the newest
	}
	return err
}
