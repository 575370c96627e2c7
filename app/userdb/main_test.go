package userdb_test

import (
	"syscall"
	"testing"

	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
)

func TestMain(m *testing.M) {
	syscall.Umask(0o077) // as the program does, which not every test starts
	apptest.Main(m)
}
