package doctor_test

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/doctor"
	"github.com/fathom-to-loom/fathom-to-loom/internal/mailtest"
)

func TestMailServersAreTried(t *testing.T) {
	t.Parallel()
	encrypted := mailtest.Start(t, mailtest.Options{StartTLS: true, SignIn: []string{"PLAIN"}})
	direct := mailtest.Start(t, mailtest.Options{TLS: true})
	for name, test := range map[string]struct {
		port, password, tls string
		untrusted           bool
		status              doctor.Status
		want                string
	}{
		"works":                 {strconv.Itoa(encrypted.Port), mailtest.Password, "false", false, doctor.OK, "accepts the settings"},
		"wrong password":        {strconv.Itoa(encrypted.Port), "not-the-password", "false", false, doctor.Fail, "refused the user name or password"},
		"untrusted certificate": {strconv.Itoa(encrypted.Port), mailtest.Password, "false", true, doctor.Fail, "certificate is not valid"},
		"other encryption":      {strconv.Itoa(encrypted.Port), mailtest.Password, "true", false, doctor.Fail, "didn't answer with TLS"},
		"no sign-in":            {strconv.Itoa(direct.Port), mailtest.Password, "true", false, doctor.Fail, "doesn't accept a user name and password"},
		"nobody":                {"1", mailtest.Password, "false", false, doctor.Warn, "can't be reached on port 1"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := doctor.Config{MailRoots: mailtest.Roots()}
			if test.untrusted {
				cfg.MailRoots = nil
			}
			report := examine(t, t.TempDir(), cfg, "SMTP_HOST=127.0.0.1", "SMTP_PORT="+test.port, "SMTP_FROM=server@example.com",
				"SMTP_USERNAME="+mailtest.Username, "SMTP_PASSWORD="+test.password, "SMTP_TLS="+test.tls)
			requireFinding(t, report, "mail", test.status, test.want)
			text, err := json.Marshal(report)
			require.NoError(t, err)
			assert.NotContains(t, string(text), test.password)
		})
	}
	assert.Empty(t, encrypted.Mails())
}
