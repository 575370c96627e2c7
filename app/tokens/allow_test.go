package tokens_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
)

func TestAllowListRefusesWhatItDoesNotContain(t *testing.T) {
	t.Parallel()
	list := tokens.AllowList{
		{Method: "GET", Path: "/api/records", Scope: tokens.Read},
		{Method: "GET", Path: "/api/records/*", Scope: tokens.Read},
		{Method: "POST", Path: "/api/records", Scope: tokens.Transfer},
	}
	reader, sharer := &tokens.Token{Scopes: []tokens.Scope{tokens.Read}}, &tokens.Token{Scopes: []tokens.Scope{tokens.Share}}
	for _, allowed := range [][2]string{{"GET", "/api/records"}, {"HEAD", "/api/records"}, {"GET", "/api/records/x"}, {"GET", "/api/records/*"}} {
		require.NoError(t, list.Check(reader, allowed[0], allowed[1]), allowed)
		var scope *tokens.ScopeError
		require.ErrorAs(t, list.Check(sharer, allowed[0], allowed[1]), &scope, allowed)
		assert.Equal(t, tokens.Read, scope.Needed)
	}
	var scope *tokens.ScopeError
	require.ErrorAs(t, list.Check(reader, "POST", "/api/records"), &scope)
	assert.Equal(t, tokens.Transfer, scope.Needed)
	for _, refused := range [][2]string{
		{"DELETE", "/api/records"},
		{"PATCH", "/api/records/x"},
		{"get", "/api/records"},
		{"OPTIONS", "/api/records"},
		{"", "/api/records"},
		{"GET", ""},
		{"GET", "/"},
		{"GET", "/api/records/"},
		{"GET", "//api/records"},
		{"GET", "/api//records"},
		{"GET", "/api/records/."},
		{"GET", "/api/records/.."},
		{"GET", "/api/records/x/.."},
		{"GET", "/api/records/x/y"},
		{"GET", "/api/../api/records"},
		{"GET", "/API/records"},
		{"GET", "/api/records%2fx"},
		{"GET", "api/records"},
	} {
		require.ErrorIs(t, list.Check(reader, refused[0], refused[1]), tokens.ErrForbidden, refused)
	}
}
