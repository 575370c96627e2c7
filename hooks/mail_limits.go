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
	codes *limit.Interval[mailedCode] // the latest one, by address
}

// mailedCode is a one-time password that was mailed, or would have been if the address had an account.
type mailedCode struct {
	id string
	at time.Time
}

func (h handlers) bindMailLimits() {
	m := mailLimits{
		handlers: h, sent: limit.NewInterval[struct{}](limit.MailInterval*time.Second, time.Now),
		codes: limit.NewInterval[mailedCode](limit.MailInterval*time.Second, time.Now),
	}
	for kind, event := range map[string]*hook.TaggedHook[*core.MailerRecordEvent]{
		"verification": h.OnMailerRecordVerificationSend(), "passwordReset": h.OnMailerRecordPasswordResetSend(),
		"emailChange": h.OnMailerRecordEmailChangeSend(), "otp": h.OnMailerRecordOTPSend(), "authAlert": h.OnMailerRecordAuthAlertSend(),
	} {
		bindWithPriority(event, "limitMail", -100, func(e *core.MailerRecordEvent) error { return m.limitMail(kind, e) })
	}
	bindWithPriority(h.OnRecordRequestOTPRequest(authCollections...), "repeatCode", -100, m.repeatCode)
}

// limitMail records the mail before it is sent: sending takes seconds, in which many more may be requested. A mail
// that isn't sent doesn't count.
func (m mailLimits) limitMail(kind string, e *core.MailerRecordEvent) error {
	isSecondStep := kind == "otp" && needsFirstStep(e.Record.Collection()) // see twoStep.sendCode
	if e.Record.IsNew() /* a test mail of a superuser */ || isSecondStep {
		return e.Next()
	}
	var begun []string
	for _, to := range e.Message.To {
		key := mailKey(kind, to.Address)
		if _, ok := m.sent.Begin(key, struct{}{}); !ok {
			m.forget(begun)
			m.Log.Debug("mail was not sent: the address received one of this kind a moment ago", "kind", kind, "account", e.Record.Id)
			return nil
		}
		begun = append(begun, key)
	}
	err := e.Next()
	if err != nil {
		m.forget(begun)
	}
	return err
}

func (m mailLimits) forget(keys []string) {
	for _, key := range keys {
		m.sent.Forget(key)
	}
}

func mailKey(kind, address string) string { return kind + " " + strings.ToLower(address) }

// repeatCode responds with the id of the code that was mailed a moment ago, because no other mail will be sent. When
// that code can no longer be used, the client has to wait for the next one. An address without an account gets the
// same kind of response.
func (m mailLimits) repeatCode(e *core.RecordCreateOTPRequestEvent) error {
	var body struct {
		Email string `json:"email" form:"email"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	key := e.Collection.Name + " " + strings.ToLower(body.Email)
	if code, ok := m.codes.Value(key); ok {
		if m.isUsable(e, code) {
			return e.JSON(http.StatusOK, map[string]string{"otpId": code.id})
		}
		if e.Record == nil || m.wasMailed(e.Record) {
			return tooManyRequests(e.RequestEvent, limit.MailInterval*time.Second-time.Since(code.at),
				"A code was sent to this address a few minutes ago. Wait until you can request another one.")
		}
		m.codes.Forget(key) // the mail failed
	}
	if e.Record == nil {
		code := mailedCode{core.GenerateDefaultRandomId(), time.Now()}
		m.codes.Begin(key, code)
		return e.JSON(http.StatusOK, map[string]string{"otpId": code.id})
	}
	err := e.Next()
	if otps, listErr := e.App.FindAllOTPsByRecord(e.Record); err == nil && listErr == nil && len(otps) > 0 {
		m.codes.Begin(key, mailedCode{otps[0].Id, time.Now()}) // the newest
	}
	return err
}

// isUsable reports whether a client can still sign in with a code. One of an address without an account only expires.
func (m mailLimits) isUsable(e *core.RecordCreateOTPRequestEvent, code mailedCode) bool {
	validFor := e.Collection.OTP.DurationTime()
	if e.Record == nil {
		return time.Since(code.at) < validFor
	}
	otp, err := e.App.FindOTPById(code.id)
	return err == nil && !otp.HasExpired(validFor)
}

// wasMailed reports whether an account received a code a moment ago.
func (m mailLimits) wasMailed(account *core.Record) bool {
	_, ok := m.sent.Value(mailKey("otp", account.Email()))
	return ok
}
