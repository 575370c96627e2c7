package tokens_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
	"github.com/fathom-to-loom/fathom-to-loom/internal/logtest"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

func TestMain(m *testing.M) { apptest.Main(m) }

const address = "192.0.2.1"

type harness struct {
	*tokens.Service
	t       *testing.T
	app     core.App
	user    *core.Record
	now     time.Time
	revoked []string // users
	log     *logtest.Buffer
}

func newHarness(t *testing.T) *harness {
	t.Helper()
	h := &harness{t: t, app: dbtest.NewGlobal(t), now: time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC), log: &logtest.Buffer{}}
	h.user = dbtest.NewUser(t, h.app, "ada@example.com")
	h.Service = tokens.New(tokens.Config{
		App: h.app, Now: func() time.Time { return h.now }, Logger: slog.New(slog.NewTextHandler(h.log, nil)),
		Revoked: func(userID string) { h.revoked = append(h.revoked, userID) },
	})
	return h
}

func (h *harness) create(scopes ...tokens.Scope) (id, text string) {
	h.t.Helper()
	info, secret, err := h.Create(h.t.Context(), h.user.Id, tokens.Request{Name: "backup", Scopes: scopes, Expires: h.now.Add(time.Hour)})
	require.NoError(h.t, err)
	return info.ID, secret.Reveal()
}

func (h *harness) verify(text string) (*tokens.Token, error) {
	return h.Verify(h.t.Context(), text, address)
}

// stored returns everything that the table of tokens contains.
func (h *harness) stored() string {
	h.t.Helper()
	var rows []dbx.NullStringMap
	require.NoError(h.t, h.app.DB().Select("*").From(migrations.APITokens).All(&rows))
	return fmt.Sprint(rows)
}

func TestTokenIsValidUntilItExpires(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	id, text := h.create(tokens.Transfer, tokens.Read)
	token, err := h.verify(text)
	require.NoError(t, err)
	assert.Equal(t, id, token.ID)
	assert.Equal(t, h.user.Id, token.UserID)
	assert.Equal(t, []tokens.Scope{tokens.Read, tokens.Transfer}, token.Scopes)
	assert.False(t, token.Has(tokens.Share))
	h.now = h.now.Add(time.Hour - time.Second)
	_, err = h.verify(text)
	require.NoError(t, err)
	require.NoError(t, h.Check(t.Context(), token))
	h.now = h.now.Add(time.Second)
	_, err = h.verify(text)
	require.ErrorIs(t, err, tokens.ErrExpired)
	require.ErrorIs(t, h.Check(t.Context(), token), tokens.ErrExpired)
}

func TestOnlyTheHashIsStored(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	_, text := h.create(tokens.Read)
	stored := h.stored()
	assert.Contains(t, stored, text[:12])
	assert.NotContains(t, stored, text[12:20])
	assert.NotContains(t, stored, text[len(text)-8:])
}

func TestRevokedTokenIsInvalidAtOnce(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	id, text := h.create(tokens.Read)
	token, err := h.verify(text)
	require.NoError(t, err)
	other := dbtest.NewUser(t, h.app, "grace@example.com")
	require.ErrorIs(t, h.Revoke(t.Context(), other.Id, id), tokens.ErrNotFound)
	_, err = h.verify(text)
	require.NoError(t, err, "another user can't revoke it")
	require.NoError(t, h.Revoke(t.Context(), h.user.Id, id))
	assert.Equal(t, []string{h.user.Id}, h.revoked)
	_, err = h.verify(text)
	require.ErrorIs(t, err, tokens.ErrInvalid)
	require.ErrorIs(t, h.Check(t.Context(), token), tokens.ErrInvalid)
	require.ErrorIs(t, h.Revoke(t.Context(), h.user.Id, id), tokens.ErrNotFound)
}

// Whatever ends the sessions of a user ends the tokens in the same transaction, also without any hook.
func TestTriggersDeleteTokensWithSessions(t *testing.T) {
	t.Parallel()
	for name, statement := range map[string]string{
		"token key": "UPDATE users SET tokenKey = tokenKey || 'x' WHERE email = 'ada@example.com'",
		"deletion":  "DELETE FROM users WHERE email = 'ada@example.com'",
		"all users": "UPDATE _collections SET options = json_set(options, '$.authToken.secret', 'another') WHERE name = 'users'",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			_, text := h.create(tokens.Read)
			_, err := h.app.NonconcurrentDB().NewQuery("UPDATE users SET name = 'Ada'; UPDATE _collections SET updated = '2026-01-01' WHERE name = 'users'").Execute()
			require.NoError(t, err)
			_, err = h.verify(text)
			require.NoError(t, err, "other changes keep tokens")
			_, err = h.app.NonconcurrentDB().NewQuery(statement).Execute()
			require.NoError(t, err)
			assert.Equal(t, "[]", h.stored())
			h.Forget(h.user.Id)
			_, err = h.verify(text)
			require.ErrorIs(t, err, tokens.ErrInvalid)
		})
	}
}

// A change that this process wasn't told about is noticed within seconds.
func TestLookupsAreReusedForSecondsOnly(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	_, text := h.create(tokens.Read)
	_, err := h.verify(text)
	require.NoError(t, err)
	_, err = h.app.NonconcurrentDB().NewQuery("DELETE FROM api_tokens").Execute()
	require.NoError(t, err)
	_, err = h.verify(text)
	require.NoError(t, err, "the test has no effect unless lookups are reused")
	h.now = h.now.Add(3 * time.Second)
	_, err = h.verify(text)
	require.ErrorIs(t, err, tokens.ErrInvalid)
}

// A neighbour who guesses tokens is stopped, but doesn't lock out those in the same network whose tokens are valid.
func TestGuessingIsLimitedByNetwork(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	_, text := h.create(tokens.Read)
	_, err := h.verify(text)
	require.NoError(t, err)
	guess := guessed(t)
	for range 1000 {
		_, err := h.verify(guess)
		require.ErrorIs(t, err, tokens.ErrInvalid, "an old token of a script costs one lookup")
	}
	var rate *tokens.RateError
	for range 2 * limit.UnknownTokenBurst {
		_, err = h.verify(guessed(t))
		require.Error(t, err)
	}
	require.ErrorAs(t, err, &rate)
	assert.Positive(t, rate.Wait)
	_, err = h.Verify(t.Context(), guessed(t), "198.51.100.1")
	require.ErrorIs(t, err, tokens.ErrInvalid, "other networks aren't limited")
	h.now = h.now.Add(4 * time.Second)
	for range 10 {
		_, err = h.verify(guessed(t))
		require.Error(t, err)
	}
	_, err = h.verify(text)
	require.NoError(t, err)
	_, err = h.verify(strings.Repeat("x", 57))
	require.ErrorIs(t, err, tokens.ErrInvalid, "a malformed token costs no lookup")
}

// guessed returns a well-formed token that doesn't exist.
func guessed(t *testing.T) string {
	t.Helper()
	text, err := tokens.NewText()
	require.NoError(t, err)
	return text
}

func TestRequestsAreValidated(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	valid := tokens.Request{Name: "a", Scopes: []tokens.Scope{tokens.Read}, Expires: h.now.Add(tokens.MaxLifetime)}
	for field, change := range map[string][]func(*tokens.Request){
		"name": {
			func(r *tokens.Request) { r.Name = "" }, func(r *tokens.Request) { r.Name = " \n\t" },
			func(r *tokens.Request) { r.Name = strings.Repeat("ü", tokens.MaxName+1) },
		},
		"scopes": {
			func(r *tokens.Request) { r.Scopes = nil }, func(r *tokens.Request) { r.Scopes = []tokens.Scope{"write"} },
			func(r *tokens.Request) { r.Scopes = []tokens.Scope{tokens.Read, "*"} },
		},
		"expires": {
			func(r *tokens.Request) { r.Expires = time.Time{} }, func(r *tokens.Request) { r.Expires = h.now },
			func(r *tokens.Request) { r.Expires = r.Expires.Add(time.Second) },
		},
	} {
		for i, change := range change {
			request := valid
			change(&request)
			_, _, err := h.Create(t.Context(), h.user.Id, request)
			var invalid *tokens.InvalidError
			require.ErrorAs(t, err, &invalid, "%s %d", field, i)
			assert.Equal(t, field, invalid.Field)
		}
	}
	request := valid
	request.Name, request.Scopes = strings.Repeat("ü", tokens.MaxName), []tokens.Scope{tokens.Share, tokens.Read, tokens.Read}
	info, _, err := h.Create(t.Context(), h.user.Id, request)
	require.NoError(t, err)
	assert.EqualValues(t, []tokens.Scope{tokens.Read, tokens.Share}, info.Scopes)
}

func TestUsersHaveAtMostTwentyActiveTokens(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	request := tokens.Request{Name: "a", Scopes: []tokens.Scope{tokens.Read}, Expires: h.now.Add(time.Minute)}
	for range tokens.MaxActive {
		_, _, err := h.Create(t.Context(), h.user.Id, request)
		require.NoError(t, err)
	}
	_, _, err := h.Create(t.Context(), h.user.Id, request)
	require.ErrorIs(t, err, tokens.ErrTooMany)
	other := dbtest.NewUser(t, h.app, "grace@example.com")
	_, _, err = h.Create(t.Context(), other.Id, request)
	require.NoError(t, err)

	for range 30 * 24 { // expired ones don't count, and don't fill the table
		h.now = h.now.Add(time.Hour)
		request.Expires = h.now.Add(time.Second)
		_, _, err = h.Create(t.Context(), h.user.Id, request)
		require.NoError(t, err)
	}
	list, err := h.List(t.Context(), h.user.Id)
	require.NoError(t, err)
	assert.LessOrEqual(t, len(list), 2*tokens.MaxActive+1)
	h.now = h.now.Add(31 * 24 * time.Hour)
	require.NoError(t, h.Prune(t.Context()))
	list, err = h.List(t.Context(), h.user.Id)
	require.NoError(t, err)
	assert.Empty(t, list)
}

func TestCreationIsRateLimited(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for range limit.NewTokenBurst {
		id, _ := h.create(tokens.Read)
		require.NoError(t, h.Revoke(t.Context(), h.user.Id, id))
	}
	_, _, err := h.Create(t.Context(), h.user.Id, tokens.Request{Name: "a", Scopes: []tokens.Scope{tokens.Read}, Expires: h.now.Add(time.Hour)})
	var rate *tokens.RateError
	require.ErrorAs(t, err, &rate)
	assert.Positive(t, rate.Wait)
}

func TestLastUseIsCountedInMemoryAndWrittenAtTheEnd(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	require.NoError(t, h.Start(t.Context()))
	id, text := h.create(tokens.Read)
	list, err := h.List(t.Context(), h.user.Id)
	require.NoError(t, err)
	assert.True(t, list[0].LastUsed.IsZero())
	before := h.stored()
	for range 3 {
		h.now = h.now.Add(time.Second)
		_, err = h.Verify(t.Context(), text, "203.0.113.7"+strings.Repeat("x", 100))
		require.NoError(t, err)
	}
	assert.Equal(t, before, h.stored(), "a request writes nothing")
	list, err = h.List(t.Context(), h.user.Id)
	require.NoError(t, err)
	assert.Equal(t, h.now, list[0].LastUsed.Time(), "the owner sees it at once")

	require.NoError(t, h.Stop(t.Context()))
	record, err := h.app.FindRecordById(migrations.APITokens, id)
	require.NoError(t, err)
	assert.Equal(t, h.now, record.GetDateTime("last_used").Time())
	assert.Equal(t, 50, len(record.GetString("last_address")))
	assert.Empty(t, h.log.String())
}
