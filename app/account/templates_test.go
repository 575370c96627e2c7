package account_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/account"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
)

func TestTemplatesLeadToThePagesOfTheWebApp(t *testing.T) {
	t.Parallel()
	users := core.NewAuthCollection("users")
	require.True(t, account.ApplyTemplates(users, map[account.MailKind]string{}))
	for page, template := range map[string]core.EmailTemplate{
		"/verify-email#{TOKEN}": users.VerificationTemplate, "/reset-password#{TOKEN}": users.ResetPasswordTemplate,
		"/confirm-email#{TOKEN}": users.ConfirmEmailChangeTemplate,
	} {
		assert.Contains(t, template.Body, `href="{APP_URL}`+page+`"`)
		assert.NotContains(t, template.Body, "/_/")
		assert.Contains(t, template.Subject, "{APP_NAME}")
	}
	assert.Contains(t, users.OTP.EmailTemplate.Body, "{OTP}")
	assert.NotContains(t, users.OTP.EmailTemplate.Subject, "{OTP}", "locked phones show subjects")
	assert.Contains(t, users.ResetPasswordTemplate.Body, "30 minutes")
	assert.Contains(t, users.VerificationTemplate.Body, "1 day.")
}

func TestTemplatesOfOperatorsAreKept(t *testing.T) {
	t.Parallel()
	users, written := core.NewAuthCollection("users"), map[account.MailKind]string{}
	users.ResetPasswordTemplate.Subject = "Our own words"
	require.True(t, account.ApplyTemplates(users, written))
	assert.Equal(t, "Our own words", users.ResetPasswordTemplate.Subject)
	assert.False(t, account.ApplyTemplates(users, written), "nothing is left to change")

	users.VerificationToken.Duration = 7 * 24 * 3600
	require.True(t, account.ApplyTemplates(users, written), "a text of an earlier version is replaced")
	assert.Contains(t, users.VerificationTemplate.Body, "7 days.")
	users.VerificationTemplate.Body += "<p>Changed in the admin UI</p>"
	changed := users.VerificationTemplate
	assert.False(t, account.ApplyTemplates(users, written))
	assert.Equal(t, changed, users.VerificationTemplate)
	assert.Equal(t, "Our own words", users.ResetPasswordTemplate.Subject)
}

func TestPlainTextHasTheLinkOnALineOfItsOwn(t *testing.T) {
	t.Parallel()
	app := dbtest.NewGlobal(t)
	app.Settings().Meta.AppURL = "https://example.com/loom"
	users, err := app.FindCollectionByNameOrId("users")
	require.NoError(t, err)
	account.ApplyTemplates(users, map[account.MailKind]string{})
	lines := func(kind account.MailKind) []string {
		return strings.Split(account.PlainText(app, users, kind, "the-token", "12345678", ""), "\r\n")
	}
	assert.Contains(t, lines(account.PasswordResetMail), "https://example.com/loom/reset-password#the-token")
	assert.Contains(t, lines(account.CodeMail), "12345678")
	users.ResetPasswordTemplate.Subject = "Our own words"
	assert.Equal(t, []string{""}, lines(account.PasswordResetMail), "PocketBase derives the text of an operator's own mail")
}
