package hooks

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/logdb"
)

func (h handlers) bindSettings() {
	bind(h.OnSettingsUpdateRequest(), "boundLogSettings", boundLogSettings)
	logdb.Bound(h.App, logdb.MaxGlobal, h.Log.With("component", "pocketbase"))
	h.onServe("applySettings", func(e *core.ServeEvent) error {
		return errors.Join(h.upsertSuperuser(e.App), h.applySettings(e.App), h.applyOAuth2(e.App), logdb.Shrink(context.Background(), e.App, logdb.MaxGlobal))
	})
}

// boundLogSettings keeps what the admin UI sends within the bounds of the log database.
func boundLogSettings(e *core.SettingsUpdateRequestEvent) error {
	logdb.Settings(e.NewSettings)
	return e.Next()
}

// applySettings copies settings from the environment into PocketBase's settings. It keeps the others, which
// the operator sets in the admin UI.
func (h handlers) applySettings(pb core.App) error {
	settings, err := pb.Settings().Clone()
	if err != nil {
		return fmt.Errorf("copy PocketBase's settings: %w", err)
	}
	settings.Meta.AppURL = h.Config.BaseURL()
	settings.TrustedProxy.Headers = append([]string{}, h.Config.TrustedProxyHeaders...) // [], not nil, as after loading
	settings.TrustedProxy.UseLeftmostIP = false
	logdb.Settings(settings)
	return h.applySMTP(pb, settings)
}

// smtpSource is the id of the parameter that exists if the mail server was set by the environment.
const smtpSource = "smtpFromEnvironment"

// applySMTP applies the mail server of the environment and saves the settings. If its variables have been
// removed from the environment, it removes the mail server and its credentials. It keeps a mail server that
// was set in the admin UI.
func (h handlers) applySMTP(pb core.App, settings *core.Settings) error {
	source := new(core.Param)
	err := pb.ModelQuery(source).Model(smtpSource, source)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read where the mail server was set: %w", err)
	}
	wasFromEnvironment := err == nil
	switch {
	case h.Config.SMTPEnabled():
		settings.SMTP = core.SMTPConfig{
			Enabled: true, Host: h.Config.SMTPHost, Port: h.Config.SMTPPort, TLS: h.Config.SMTPTLS,
			Username: h.Config.SMTPUsername, Password: h.Config.SMTPPassword.Reveal(),
		}
		settings.Meta.SenderAddress = h.Config.SMTPFrom
		settings.Meta.SenderName = settings.Meta.AppName
		if wasFromEnvironment {
			break
		}
		source.Id, source.Value = smtpSource, []byte("true")
		if err := pb.Save(source); err != nil {
			return fmt.Errorf("record where the mail server was set: %w", err)
		}
	case wasFromEnvironment:
		settings.SMTP = core.SMTPConfig{Port: settings.SMTP.Port}
	}
	if !reflect.DeepEqual(settings, pb.Settings()) {
		if err := pb.Save(settings); err != nil {
			return fmt.Errorf("save PocketBase's settings: %w", err)
		}
	}
	if wasFromEnvironment && !h.Config.SMTPEnabled() {
		if err := pb.Delete(source); err != nil {
			return fmt.Errorf("delete the record of where the mail server was set: %w", err)
		}
	}
	return nil
}
