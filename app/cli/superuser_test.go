package cli

import (
	"testing"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/operator"
)

func TestOutputOfSuperuser(t *testing.T) {
	s := startServer(t)
	const email, password = "admin@example.com", "a-long-password"
	existing := operator.SuperuserChange{Email: email}
	otp := operator.OneTimePassword{Email: email, ID: "1k2x9d7c3v5b8n0", Password: "12345678", ValidFor: 3 * time.Minute}
	golden(t, "superuser", s.answer(operator.SuperuserChange{Email: email, Created: true}).run("superuser", "create", email, password)+
		s.run("superuser", "upsert", email, password)+
		s.answer(existing).run("superuser", "upsert", email, password)+
		s.run("superuser", "update", email, password)+
		s.run("superuser", "delete", email)+
		s.answer(otp).run("superuser", "otp", email)+
		s.answer(operator.SuperuserLimit{Addresses: []string{"127.0.0.1", "10.0.0.0/24"}}).run("superuser", "ips", "127.0.0.1", "10.0.0.0/24")+
		s.answer(operator.SuperuserLimit{}).run("superuser", "ips")+
		s.run("superuser", "ips", "")+
		s.run("superuser", "create", email)+
		s.run("superuser", "update", email, "-a-long-password")+
		s.fail("there is no such superuser: "+email).run("superuser", "delete", email))
}
