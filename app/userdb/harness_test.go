package userdb

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	"github.com/fathom-to-loom/fathom-to-loom/internal/clocktest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
)

// harness is a running service with a global database and a clock of its own.
type harness struct {
	*Service
	t     *testing.T
	clock *clocktest.Clock
}

func newHarness(t *testing.T, configure ...func(*Config)) *harness {
	t.Helper()
	keys, err := vault.New(bytes.Repeat([]byte("k"), vault.KeySize))
	require.NoError(t, err)
	clock := clocktest.New(time.Now())
	cfg := Config{
		App: dbtest.NewGlobal(t), Dir: filepath.Join(t.TempDir(), "user_dbs"), Vault: keys,
		Retention: Retention{DeleteGrace: time.Hour}, Now: clock.Now,
	}
	for _, configure := range configure {
		configure(&cfg)
	}
	s := New(cfg)
	require.NoError(t, s.Start(t.Context()))
	t.Cleanup(func() { require.NoError(t, s.Stop(context.Background())) })
	return &harness{Service: s, t: t, clock: clock}
}

func (h *harness) newUser(email string) *core.Record {
	h.t.Helper()
	return dbtest.NewUser(h.t, h.app, email)
}

// provision creates a user with a database.
func (h *harness) provision(email string) registry.Entry {
	h.t.Helper()
	entry, err := h.Provision(h.t.Context(), h.newUser(email))
	require.NoError(h.t, err)
	return entry
}

// entry reads the row of a database.
func (h *harness) entry(name string) registry.Entry {
	h.t.Helper()
	entry, err := h.registry.ByName(h.t.Context(), name)
	require.NoError(h.t, err)
	return entry
}

// archiveNow archives a database and returns its row.
func (h *harness) archiveNow(entry registry.Entry) registry.Entry {
	h.t.Helper()
	require.NoError(h.t, h.archive(h.t.Context(), entry))
	archived := h.entry(entry.Name)
	require.Equal(h.t, registry.StatusArchived, archived.Status)
	return archived
}

func (h *harness) acquire(name string) *Handle {
	h.t.Helper()
	handle, err := h.Acquire(h.t.Context(), name)
	require.NoError(h.t, err)
	h.t.Cleanup(handle.Release) // otherwise a failed test would wait for it
	return handle
}
