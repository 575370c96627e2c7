package migrations

import "github.com/pocketbase/pocketbase/core"

// Two-step sign-in: for users with two_factor, PocketBase asks for a code that is mailed to them after their password or
// another service. The field is hidden, so that no API of PocketBase lets its owner change it; see hooks/two_step.go.
//
// If the operator has switched on sign-in with codes alone, it stays as it is, and nobody can turn on the second step.
func init() {
	const minute = 60 // seconds
	register("1796600040_two_factor.go", func(app core.App) error {
		users, err := app.FindCollectionByNameOrId(Users)
		if err != nil {
			return err
		}
		users.Fields.Add(&core.BoolField{Name: "two_factor", Hidden: true})
		if err := app.Save(users); err != nil { // the rule needs the field
			return err
		}
		if users.OTP.Enabled || users.MFA.Enabled || !users.PasswordAuth.Enabled {
			return nil
		}
		users.OTP.Enabled, users.OTP.Duration = true, 10*minute
		users.MFA.Enabled, users.MFA.Duration, users.MFA.Rule = true, 15*minute, "two_factor = true"
		return app.Save(users)
	}, func(app core.App) error {
		users, err := app.FindCollectionByNameOrId(Users)
		if err != nil {
			return err
		}
		if users.MFA.Rule == "two_factor = true" {
			users.MFA.Enabled, users.MFA.Rule, users.OTP.Enabled = false, "", false
		}
		users.Fields.RemoveByName("two_factor")
		return app.Save(users)
	})
}
