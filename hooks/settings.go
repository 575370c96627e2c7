package hooks

import (
	"database/sql"
	"errors"
	"fmt"
	"reflect"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/auth"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func bindSettings(a *app.App) {
	a.OnServe().Bind(&hook.Handler[*core.ServeEvent]{Id: "applySettings", Func: func(e *core.ServeEvent) error {
		err := errors.Join(upsertSuperuser(e.App, a.Config), applySettings(e.App, a.Config), applyOAuth2(e.App, a.Config))
		if err != nil {
			return err
		}
		return e.Next()
	}})
}

// upsertSuperuser makes the superuser of the settings, or gives them the
// password of the settings. An unchanged one is left alone: saving would end
// their sessions.
func upsertSuperuser(pb core.App, cfg *config.Config) error {
	superuser, err := pb.FindAuthRecordByEmail(core.CollectionNameSuperusers, cfg.AdminEmail)
	if err == nil && superuser.ValidatePassword(cfg.AdminPassword.Reveal()) {
		return nil
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("find the superuser of PB_ADMIN_EMAIL: %w", err)
	}
	if err != nil {
		collection, err := pb.FindCachedCollectionByNameOrId(core.CollectionNameSuperusers)
		if err != nil {
			return err
		}
		superuser = core.NewRecord(collection)
		superuser.SetEmail(cfg.AdminEmail)
	}
	superuser.SetPassword(cfg.AdminPassword.Reveal())
	if err := pb.Save(superuser); err != nil {
		return fmt.Errorf("save the superuser of PB_ADMIN_EMAIL: %w", err)
	}
	return nil
}

// applySettings gives PocketBase's own settings what the environment says; the
// rest stays as the operator left it in the admin UI.
func applySettings(pb core.App, cfg *config.Config) error {
	settings, err := pb.Settings().Clone()
	if err != nil {
		return fmt.Errorf("copy the settings: %w", err)
	}
	settings.Meta.AppURL = cfg.BaseURL()
	settings.TrustedProxy.Headers = append([]string{}, cfg.TrustedProxyHeaders...) // as it is loaded: [], not nil
	settings.TrustedProxy.UseLeftmostIP = false
	if cfg.SMTPEnabled() {
		settings.SMTP = core.SMTPConfig{
			Enabled: true, Host: cfg.SMTPHost, Port: cfg.SMTPPort, TLS: cfg.SMTPTLS,
			Username: cfg.SMTPUsername, Password: cfg.SMTPPassword.Reveal(),
		}
		settings.Meta.SenderAddress = cfg.SMTPFrom
		settings.Meta.SenderName = settings.Meta.AppName
	}
	if reflect.DeepEqual(settings, pb.Settings()) {
		return nil
	}
	if err := pb.Save(settings); err != nil {
		return fmt.Errorf("apply the settings of the environment: %w", err)
	}
	return nil
}

// applyOAuth2 switches sign-in with Google and GitHub on or off.
func applyOAuth2(pb core.App, cfg *config.Config) error {
	users, err := pb.FindCollectionByNameOrId(migrations.Users)
	if err != nil {
		return err
	}
	var providers []core.OAuth2ProviderConfig
	if cfg.GoogleEnabled() {
		providers = append(providers, core.OAuth2ProviderConfig{
			Name: auth.NameGoogle, ClientId: cfg.GoogleClientID, ClientSecret: cfg.GoogleClientSecret.Reveal()})
	}
	if cfg.GitHubEnabled() {
		providers = append(providers, core.OAuth2ProviderConfig{
			Name: auth.NameGithub, ClientId: cfg.GitHubClientID, ClientSecret: cfg.GitHubClientSecret.Reveal()})
	}
	enabled := len(providers) > 0
	if users.OAuth2.Enabled == enabled && (!enabled || reflect.DeepEqual(providers, users.OAuth2.Providers)) {
		return nil
	}
	users.OAuth2.Enabled = enabled
	users.OAuth2.Providers = providers
	if err := pb.Save(users); err != nil {
		return fmt.Errorf("apply the OAuth2 settings: %w", err)
	}
	return nil
}
