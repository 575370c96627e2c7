package hooks

import (
	"database/sql"
	"errors"
	"fmt"
	"reflect"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/auth"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func (h handlers) bindSettings() {
	h.onServe("applySettings", func(e *core.ServeEvent) error {
		return errors.Join(h.upsertSuperuser(e.App), h.applySettings(e.App), h.applyOAuth2(e.App))
	})
}

// upsertSuperuser creates the superuser of PB_ADMIN_EMAIL or sets their password. If the password is unchanged,
// it saves nothing, because saving would end the superuser's sessions.
func (h handlers) upsertSuperuser(pb core.App) error {
	superuser, err := pb.FindAuthRecordByEmail(core.CollectionNameSuperusers, h.Config.AdminEmail)
	if err == nil && superuser.ValidatePassword(h.Config.AdminPassword.Reveal()) {
		return nil
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("find the superuser of PB_ADMIN_EMAIL: %w", err)
	}
	if err != nil {
		if superuser, err = h.newSuperuser(pb); err != nil {
			return err
		}
	}
	superuser.SetPassword(h.Config.AdminPassword.Reveal())
	if err := pb.Save(superuser); err != nil {
		return fmt.Errorf("save the superuser of PB_ADMIN_EMAIL: %w", err)
	}
	return nil
}

// newSuperuser returns an unsaved superuser for PB_ADMIN_EMAIL. It warns about the existing superusers, one of
// which is the former PB_ADMIN_EMAIL if that setting was changed.
func (h handlers) newSuperuser(pb core.App) (*core.Record, error) {
	collection, err := pb.FindCachedCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		return nil, err
	}
	others, err := pb.FindAllRecords(collection)
	if err != nil {
		return nil, fmt.Errorf("list superusers: %w", err)
	}
	for _, other := range others {
		h.Log.Warn("adding the superuser of PB_ADMIN_EMAIL; an earlier superuser can still sign in until removed with superuser delete", "email", other.Email())
	}
	superuser := core.NewRecord(collection)
	superuser.SetEmail(h.Config.AdminEmail)
	return superuser, nil
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

// applyOAuth2 switches sign-in with Google and GitHub on or off.
func (h handlers) applyOAuth2(pb core.App) error {
	users, err := pb.FindCollectionByNameOrId(migrations.Users)
	if err != nil {
		return err
	}
	providers := oauth2Providers(h.Config)
	enabled := len(providers) > 0
	if users.OAuth2.Enabled == enabled && (!enabled || reflect.DeepEqual(providers, users.OAuth2.Providers)) {
		return nil
	}
	users.OAuth2.Enabled = enabled
	users.OAuth2.Providers = providers
	if err := pb.Save(users); err != nil {
		return fmt.Errorf("save the OAuth2 settings: %w", err)
	}
	return nil
}

func oauth2Providers(cfg *config.Config) (providers []core.OAuth2ProviderConfig) {
	if cfg.GoogleEnabled() {
		providers = append(providers, core.OAuth2ProviderConfig{
			Name: auth.NameGoogle, ClientId: cfg.GoogleClientID, ClientSecret: cfg.GoogleClientSecret.Reveal(),
		})
	}
	if cfg.GitHubEnabled() {
		providers = append(providers, core.OAuth2ProviderConfig{
			Name: auth.NameGithub, ClientId: cfg.GitHubClientID, ClientSecret: cfg.GitHubClientSecret.Reveal(),
		})
	}
	return providers
}
