package account_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/account"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
)

func TestAddressesAreFoundWithTheirIndex(t *testing.T) {
	t.Parallel()
	app := dbtest.NewGlobal(t)
	var plan []struct {
		Detail string `db:"detail"`
	}
	err := app.ConcurrentDB().NewQuery("EXPLAIN QUERY PLAN SELECT * FROM users WHERE email = 'a' COLLATE NOCASE ORDER BY (email = 'a') DESC LIMIT 2").All(&plan)
	require.NoError(t, err)
	require.NotEmpty(t, plan)
	assert.Contains(t, plan[0].Detail, "SEARCH users USING INDEX idx_users_email_nocase")
}

func TestFindByEmail(t *testing.T) {
	t.Parallel()
	app := dbtest.NewGlobal(t)
	ada, lower, upper := dbtest.NewUser(t, app, "Ada@example.com"), dbtest.NewUser(t, app, "grace@example.com"), dbtest.NewUser(t, app, "Grace@Example.com")
	third := dbtest.NewUser(t, app, "GRACE@example.com")
	for email, want := range map[string]string{
		"Ada@example.com": ada.Id, "ada@example.com": ada.Id, "ADA@EXAMPLE.COM": ada.Id,
		"grace@example.com": lower.Id, "Grace@Example.com": upper.Id, "GRACE@example.com": third.Id,
	} {
		found, err := account.FindByEmail(t.Context(), app, email)
		require.NoError(t, err, email)
		assert.Equal(t, want, found.Id, email)
	}
	for email, want := range map[string]error{
		"gRACE@example.com": account.ErrAmbiguous, "nobody@example.com": account.ErrNotFound, "": account.ErrNotFound,
		"%@example.com": account.ErrNotFound, "ada@example.com ": account.ErrNotFound,
	} {
		_, err := account.FindByEmail(t.Context(), app, email)
		assert.ErrorIs(t, err, want, email)
	}
}

func TestSameEmail(t *testing.T) {
	t.Parallel()
	assert.True(t, account.SameEmail("Ada@Example.com", "aDA@example.COM"))
	assert.False(t, account.SameEmail("ada@example.com", "ada@example.org"))
	assert.False(t, account.SameEmail("kim@example.com", "\u212aim@example.com"), "the Kelvin sign is another letter")
}
