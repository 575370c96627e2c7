package migrations

import (
	"github.com/pocketbase/pocketbase/core"
)

// What assistants may do on behalf of users who have agreed to it: rows of api_tokens with a client. Their "hash" and
// "prefix" are those of the current access token, which ends at "access_expires", and "expires" is when the grant ends.
// The triggers that revoke API tokens therefore end grants, too.
func init() {
	const family = "idx_api_tokens_family"
	fields := []string{"client", "client_hash", "family_hash", "refresh_hash", "access_expires"}
	register("1796500030_oauth_grants.go", func(app core.App) error {
		c, err := app.FindCollectionByNameOrId(APITokens)
		if err != nil {
			return err
		}
		c.Fields.Add(
			&core.TextField{Name: "client", Max: 300},                    // the host that identifies the assistant, or where it receives codes
			&core.TextField{Name: "client_hash", Hidden: true, Max: 64},  // SHA-256 of the client_id, in hex
			&core.TextField{Name: "family_hash", Hidden: true, Max: 64},  // SHA-256 of what all refresh tokens of a grant have in common
			&core.TextField{Name: "refresh_hash", Hidden: true, Max: 64}, // SHA-256 of the current refresh token
			&core.DateField{Name: "access_expires"},
		)
		c.AddIndex(family, true, "family_hash", "family_hash != ''")
		return app.Save(c)
	}, func(app core.App) error {
		c, err := app.FindCollectionByNameOrId(APITokens)
		if err != nil {
			return err
		}
		if _, err := app.NonconcurrentDB().NewQuery("DELETE FROM " + APITokens + " WHERE client != ''").Execute(); err != nil {
			return err
		}
		c.RemoveIndex(family)
		for _, name := range fields {
			c.Fields.RemoveByName(name)
		}
		return app.Save(c)
	})
}
