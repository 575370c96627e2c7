package registry_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

func (f *fixture) emails(t *testing.T, filter registry.AccountFilter) []string {
	t.Helper()
	accounts, err := f.Accounts(t.Context(), filter)
	require.NoError(t, err)
	emails := make([]string, len(accounts))
	for i, account := range accounts {
		emails[i] = account.Email
	}
	return emails
}

func TestAccountsIncludeThoseWithoutADatabaseAndDeletedOnes(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ada := f.ready(t, "ada@example.com")
	grace := f.ready(t, "Grace_h@example.com")
	f.user(t, "new@example.com")
	f.deleteUser(t, grace.UserID)
	require.NoError(t, f.RecordUsage(t.Context(), map[string]registry.UsageUpdate{ada.Name: {LastUsed: now, Size: 10}}))

	accounts, err := f.Accounts(t.Context(), registry.AccountFilter{})
	require.NoError(t, err)
	require.Len(t, accounts, 3)
	for i, want := range []struct {
		email, name string
		status      registry.Status
		joined      bool
	}{
		{"ada@example.com", ada.Name, registry.StatusReady, true},
		{"Grace_h@example.com", grace.Name, registry.StatusDeleting, false},
		{"new@example.com", "", registry.NoDatabase, true},
	} {
		got := accounts[i]
		assert.Equal(t, want.email, got.Email)
		assert.Equal(t, want.name, got.Name, want.email)
		assert.Equal(t, want.status, got.Status, want.email)
		assert.Equal(t, want.joined, !got.Joined.IsZero(), want.email)
		assert.Equal(t, want.joined, got.UserID != "", want.email)
		assert.Empty(t, got.WrappedKey, want.email)
	}
	assert.Equal(t, now.UTC(), accounts[0].LastUsed.UTC())
	assert.EqualValues(t, 10, accounts[0].Size)

	counts, err := f.CountAccounts(t.Context(), "")
	require.NoError(t, err)
	assert.Equal(t, map[registry.Status]int{registry.StatusReady: 1, registry.StatusDeleting: 1, registry.NoDatabase: 1}, counts)
	counts, err = f.CountAccounts(t.Context(), "NEW@")
	require.NoError(t, err)
	assert.Equal(t, map[registry.Status]int{registry.NoDatabase: 1}, counts)

	for search, want := range map[string][]string{
		"ADA@": {"ada@example.com"}, ada.Name: {"ada@example.com"}, "e_h@": {"Grace_h@example.com"}, "a_a@": {}, "%": {}, `\`: {}, "' OR 1": {},
		ada.UserID: {"ada@example.com"}, ada.UserID[:14]: {}, grace.UserID: {},
	} {
		assert.Equal(t, want, f.emails(t, registry.AccountFilter{Search: search}), search)
	}
	assert.Equal(t, []string{"new@example.com"}, f.emails(t, registry.AccountFilter{Status: registry.NoDatabase}))
	assert.Empty(t, f.emails(t, registry.AccountFilter{Status: "unknown"}))
}

func TestAccountsAreSortedAndPaged(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	usage := map[string]registry.UsageUpdate{}
	for i := range 5 {
		entry := f.ready(t, fmt.Sprintf("u%d@example.com", i))
		usage[entry.Name] = registry.UsageUpdate{LastUsed: now.Add(time.Duration(i) * time.Hour), Size: int64(100 * (i%3 + 1))}
	}
	require.NoError(t, f.RecordUsage(t.Context(), usage))
	list := func(digits string) (emails []string) {
		for _, digit := range digits {
			emails = append(emails, fmt.Sprintf("u%c@example.com", digit))
		}
		return emails
	}
	assert.Equal(t, list("43210"), f.emails(t, registry.AccountFilter{Sort: registry.SortLastUsed}))
	assert.Equal(t, list("21403"), f.emails(t, registry.AccountFilter{Sort: registry.SortSize}))
	assert.Equal(t, list("23"), f.emails(t, registry.AccountFilter{Offset: 2, Limit: 2}))
	assert.Empty(t, f.emails(t, registry.AccountFilter{Offset: 5, Limit: 2}))
	assert.True(t, registry.SortJoined.IsValid())
	assert.False(t, registry.AccountSort("name; DROP TABLE users").IsValid())
}
