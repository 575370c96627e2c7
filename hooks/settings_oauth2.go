package hooks

import (
	"fmt"
	"reflect"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/auth"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

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
