package tokens_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

const clientID = "https://assistant.example.com/client.json"

func (h *harness) request() tokens.GrantRequest {
	return tokens.GrantRequest{
		Name: "Assistant", Client: "assistant.example.com", ClientID: clientID, Credential: registry.Credential(h.user), Expires: h.now.Add(24 * time.Hour),
	}
}

func (h *harness) grant() tokens.Grant {
	h.t.Helper()
	grant, err := h.CreateGrant(h.t.Context(), h.user.Id, h.request())
	require.NoError(h.t, err)
	return grant
}

func (h *harness) refresh(token string) (tokens.Grant, error) {
	return h.RefreshGrant(h.t.Context(), token, clientID)
}

func TestGrantsHoldReadOnlyTokensForAnHour(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	grant := h.grant()
	token, err := h.verify(grant.Access.Reveal())
	require.NoError(t, err)
	assert.Equal(t, []tokens.Scope{tokens.Read}, token.Scopes)
	assert.Equal(t, "assistant.example.com", token.Client)
	assert.Equal(t, h.now.Add(time.Hour), grant.Ends)
	for _, secret := range []string{grant.Access.Reveal(), grant.Refresh.Reveal()} {
		assert.NotContains(t, h.stored(), secret[12:])
	}
	list, err := h.List(t.Context(), h.user.Id)
	require.NoError(t, err)
	require.Len(t, list, 1)
	assert.Equal(t, "assistant.example.com", list[0].Client)
	assert.Equal(t, h.now.Add(24*time.Hour), list[0].Expires.Time())

	h.now = h.now.Add(time.Hour)
	_, err = h.verify(grant.Access.Reveal())
	require.ErrorIs(t, err, tokens.ErrExpired)
	require.ErrorIs(t, h.Check(t.Context(), token), tokens.ErrExpired)
}

func TestRefreshReplacesBothTokens(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	first := h.grant()
	_, err := h.verify(first.Access.Reveal())
	require.NoError(t, err)
	next, err := h.refresh(first.Refresh.Reveal())
	require.NoError(t, err)
	assert.Equal(t, first.ID, next.ID)
	assert.NotEqual(t, first.Refresh.Reveal(), next.Refresh.Reveal())
	_, err = h.verify(first.Access.Reveal())
	require.ErrorIs(t, err, tokens.ErrInvalid)
	_, err = h.verify(next.Access.Reveal())
	require.NoError(t, err)

	h.now = h.now.Add(24*time.Hour - time.Minute)
	last, err := h.refresh(next.Refresh.Reveal())
	require.NoError(t, err)
	assert.Equal(t, h.now.Add(time.Minute), last.Ends, "a token never outlives its grant")
	h.now = h.now.Add(time.Minute)
	_, err = h.refresh(last.Refresh.Reveal())
	require.ErrorIs(t, err, tokens.ErrExpired)
}

func TestReusedRefreshTokenRevokesTheGrant(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	other, first := h.grant(), h.grant()
	next, err := h.refresh(first.Refresh.Reveal())
	require.NoError(t, err)
	next, err = h.refresh(next.Refresh.Reveal())
	require.NoError(t, err)
	_, err = h.refresh(first.Refresh.Reveal())
	require.ErrorIs(t, err, tokens.ErrReused)
	assert.Equal(t, []string{h.user.Id}, h.revoked)
	_, err = h.refresh(next.Refresh.Reveal())
	require.ErrorIs(t, err, tokens.ErrInvalid)
	_, err = h.verify(next.Access.Reveal())
	require.ErrorIs(t, err, tokens.ErrInvalid)
	_, err = h.verify(other.Access.Reveal())
	require.NoError(t, err, "other grants remain")
}

func TestRefreshTokensOfOthersAreRefused(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	grant := h.grant()
	refresh := grant.Refresh.Reveal()
	_, created := h.create(tokens.Read)
	changed := []byte(refresh)
	changed[12] ^= 1
	for name, token := range map[string]string{
		"blank": "", "access token": grant.Access.Reveal(), "created token": created, "damaged": string(changed),
		"shorter": refresh[:len(refresh)-1], "longer": refresh + "0", "other alphabet": strings.Replace(refresh, refresh[20:21], "-", 1),
	} {
		_, err := h.refresh(token)
		require.ErrorIs(t, err, tokens.ErrInvalid, name)
	}
	_, err := h.RefreshGrant(t.Context(), refresh, "https://other.example.com/client.json")
	require.ErrorIs(t, err, tokens.ErrInvalid)
	_, err = h.verify(refresh)
	require.ErrorIs(t, err, tokens.ErrInvalid, "a refresh token is no API token")
	_, err = h.refresh(refresh)
	require.NoError(t, err, "none of that has ended the grant")
}

func TestGrantsAreRevokedByTheirClient(t *testing.T) {
	t.Parallel()
	for name, tokenOf := range map[string]func(tokens.Grant) string{
		"access":  func(g tokens.Grant) string { return g.Access.Reveal() },
		"refresh": func(g tokens.Grant) string { return g.Refresh.Reveal() },
	} {
		h := newHarness(t)
		grant := h.grant()
		require.ErrorIs(t, h.RevokeGrant(t.Context(), tokenOf(grant), "https://other.example.com/client.json"), tokens.ErrInvalid, name)
		_, err := h.verify(grant.Access.Reveal())
		require.NoError(t, err, name)
		require.NoError(t, h.RevokeGrant(t.Context(), tokenOf(grant), clientID), name)
		assert.Equal(t, []string{h.user.Id}, h.revoked, name)
		_, err = h.verify(grant.Access.Reveal())
		require.ErrorIs(t, err, tokens.ErrInvalid, name)
	}
	h := newHarness(t)
	_, created := h.create(tokens.Read)
	require.ErrorIs(t, h.RevokeGrant(t.Context(), created, ""), tokens.ErrInvalid, "clients can't revoke tokens that users created")
	_, err := h.verify(created)
	require.NoError(t, err)
}

func TestGrantsEndWithTheSessions(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	grant, request := h.grant(), h.request()
	h.user.RefreshTokenKey()
	require.NoError(t, h.app.Save(h.user))
	h.Forget(h.user.Id)
	_, err := h.verify(grant.Access.Reveal())
	require.ErrorIs(t, err, tokens.ErrInvalid)
	_, err = h.refresh(grant.Refresh.Reveal())
	require.ErrorIs(t, err, tokens.ErrInvalid)
	_, err = h.CreateGrant(t.Context(), h.user.Id, request)
	require.ErrorIs(t, err, tokens.ErrInvalid, "what the user agreed to before")
	rows, err := h.app.CountRecords(migrations.APITokens)
	require.NoError(t, err)
	assert.Zero(t, rows)
}

func TestAssistantsDontUseUpTheTokensOfAUser(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for range tokens.MaxGrants {
		require.NoError(t, h.MayGrant(t.Context(), h.user.Id))
		h.grant()
	}
	require.ErrorIs(t, h.MayGrant(t.Context(), h.user.Id), tokens.ErrTooMany)
	_, err := h.CreateGrant(t.Context(), h.user.Id, h.request())
	require.ErrorIs(t, err, tokens.ErrTooMany)
	h.create(tokens.Read)
	active, err := h.Active(t.Context(), h.app, h.user.Id)
	require.NoError(t, err)
	assert.Equal(t, tokens.MaxGrants+1, active)
}

func TestTokensOfAssistantsAreConfined(t *testing.T) {
	t.Parallel()
	list := tokens.AllowList{{Method: "GET", Path: "/api/queue", Scope: tokens.Read}, {Method: "POST", Path: "/mcp", Scope: tokens.Read, Assistants: true}}
	assistant := &tokens.Token{Client: "assistant.example.com", Scopes: []tokens.Scope{tokens.Read}}
	require.NoError(t, list.Check(assistant, "POST", "/mcp"))
	require.ErrorIs(t, list.Check(assistant, "GET", "/api/queue"), tokens.ErrConfined)
	require.ErrorIs(t, list.Check(assistant, "GET", "/api/tokens"), tokens.ErrForbidden)
	require.NoError(t, list.Check(&tokens.Token{Scopes: []tokens.Scope{tokens.Read}}, "GET", "/api/queue"))
}
