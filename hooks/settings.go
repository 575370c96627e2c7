package hooks

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/logdb"
)

func (h handlers) bindSettings() {
	bind(h.OnSettingsUpdateRequest(), "boundLogSettings", boundLogSettings)
	logdb.Bound(h.App, logdb.MaxGlobal, h.Log.With("component", "pocketbase"))
	h.onServe("applySettings", func(e *core.ServeEvent) error {
		return errors.Join(h.upsertSuperuser(e.App), h.applySettings(e.App), h.applyOAuth2(e.App), h.applyMailTemplates(e.App), logdb.Shrink(context.Background(), e.App, logdb.MaxGlobal))
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
	var forget []func() error
	for _, setting := range []environmentSetting{h.smtpSetting(settings), h.superuserIPsSetting(settings)} {
		done, err := setting.follow(pb)
		if err != nil {
			return err
		}
		forget = append(forget, done)
	}
	if !reflect.DeepEqual(settings, pb.Settings()) {
		if err := pb.Save(settings); err != nil {
			return fmt.Errorf("save PocketBase's settings: %w", err)
		}
	}
	for _, done := range forget {
		if err := done(); err != nil {
			return err
		}
	}
	return nil
}

// smtpSetting is the mail server with its credentials.
func (h handlers) smtpSetting(settings *core.Settings) environmentSetting {
	server := core.SMTPConfig{
		Enabled: true, Host: h.Config.SMTPHost, Port: h.Config.SMTPPort, TLS: h.Config.SMTPTLS,
		Username: h.Config.SMTPUsername, Password: h.Config.SMTPPassword.Reveal(),
	}
	describe := func(c core.SMTPConfig) string { return fmt.Sprintf("%s@%s:%d", c.Username, c.Host, c.Port) }
	return environmentSetting{
		source: smtpSource, isSet: h.Config.SMTPEnabled(), present: describe(settings.SMTP), applied: describe(server),
		apply: func() {
			settings.SMTP = server
			settings.Meta.SenderAddress = h.Config.SMTPFrom
			settings.Meta.SenderName = settings.Meta.AppName
		},
		clear: func() { settings.SMTP = core.SMTPConfig{Port: settings.SMTP.Port} },
	}
}

// superuserIPsSetting is the addresses from which superusers may work.
func (h handlers) superuserIPsSetting(settings *core.Settings) environmentSetting {
	allowed := h.Config.SuperuserIPs.Strings()
	return environmentSetting{
		source: superuserIPsSource, isSet: len(allowed) > 0,
		present: strings.Join(settings.SuperuserIPs, ","), applied: strings.Join(allowed, ","),
		apply: func() { settings.SuperuserIPs = allowed },
		clear: func() { settings.SuperuserIPs = []string{} },
	}
}
