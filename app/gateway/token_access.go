package gateway

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/tokens"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// tokenCollections are the collections that API tokens may read. They don't include connections, whose secrets a person
// types in, nor the owner's record, and no relation leads from them to these.
var tokenCollections = []string{
	schema.Meetings, schema.Transcripts, schema.Recordings, schema.Transfers, schema.Preferences, schema.DeletedMeetings,
	schema.Rules, schema.Notices, schema.UnreadableMeetings,
}

// tokenRoutes is everything that API tokens may be used for in a user database. Opening a realtime stream needs no
// permission, and subscribing does.
var tokenRoutes = newTokenRoutes()

func newTokenRoutes() tokens.AllowList {
	list := tokens.AllowList{
		{Method: http.MethodGet, Path: "/api/health", Scope: tokens.Read},
		{Method: http.MethodGet, Path: "/api/files/*/*/*", Scope: tokens.Read}, // see checkFileOfToken
		{Method: http.MethodPost, Path: "/api/realtime", Scope: tokens.Read},   // see areTopicsOfTokens
		{Method: http.MethodGet, Path: "/api/search", Scope: tokens.Read},
		{Method: http.MethodGet, Path: "/api/library", Scope: tokens.Read},
		{Method: http.MethodGet, Path: "/api/meetings/*/chapters", Scope: tokens.Read},
		{Method: http.MethodGet, Path: "/api/meetings/*/chapters.vtt", Scope: tokens.Read},
		{Method: http.MethodGet, Path: "/api/meetings/*/captions.vtt", Scope: tokens.Read},
		{Method: http.MethodGet, Path: "/api/meetings/*/poster", Scope: tokens.Read},
		{Method: http.MethodPost, Path: "/api/transfers", Scope: tokens.Transfer},
	}
	for _, collection := range tokenCollections {
		path := "/api/collections/" + collection + "/records"
		list = append(list, tokens.Route{Method: http.MethodGet, Path: path, Scope: tokens.Read},
			tokens.Route{Method: http.MethodGet, Path: path + "/*", Scope: tokens.Read})
	}
	return list
}

// authorizeToken checks an API token, and whether it may be used for a request, without opening the database. It returns
// errors of package tokens, or one of the global database. The response to a token of another user must not reveal whether
// the database exists.
func (g *Gateway) authorizeToken(r *http.Request, c credential, state *requestState) (principal, error) {
	ctx := r.Context()
	if c.inQuery {
		return principal{}, tokens.ErrNotInHeader
	}
	token, err := g.tokens.Verify(ctx, c.token, state.address)
	if err != nil {
		return principal{}, err
	}
	LogToken(ctx, token)
	p := principal{
		id: token.UserID, token: token, expires: token.Expires,
		recheck: func(ctx context.Context) error {
			if err := g.tokens.Check(ctx, token); err != nil {
				return err
			}
			return g.checkOwner(ctx, token.UserID, state.name)
		},
	}
	if err := g.checkOwner(ctx, token.UserID, state.name); err != nil {
		return principal{}, err
	}
	if err := tokenRoutes.Check(token, r.Method, state.subpath); err != nil {
		return principal{}, err
	}
	return p, nil
}

// checkOwner returns tokens.ErrWrongDatabase unless a ready database belongs to a user, and registry.ErrElsewhere if it does
// but is on another server.
func (g *Gateway) checkOwner(ctx context.Context, userID, name string) error {
	owned, err := g.databases.Lookup(ctx, name)
	if errors.Is(err, registry.ErrNotFound) || isKnown(err) && owned.UserID != userID {
		return tokens.ErrWrongDatabase
	}
	return err
}

// checkFileOfToken returns tokens.ErrForbidden if a request with an API token is for a file of a collection that tokens
// may not read. Clients name the collection by its id, which only the database knows. The database is open.
func checkFileOfToken(state *requestState) error {
	parts := strings.Split(state.subpath, "/") // of /api/files/{collection}/{record}/{file}, or of a poster
	if state.principal.token == nil || parts[2] != "files" {
		return nil
	}
	name := parts[3]
	collection, err := state.handle.App.FindCachedCollectionByNameOrId(name)
	if err != nil || !slices.Contains(tokenCollections, collection.Name) {
		return tokens.ErrForbidden
	}
	return nil
}

// areTopicsOfTokens reports whether API tokens may subscribe to topics, such as meetings/* or meetings/{id}?options={…}.
func areTopicsOfTokens(topics []string) bool {
	return !slices.ContainsFunc(topics, func(topic string) bool {
		path, _, _ := strings.Cut(topic, "?")
		collection, _, _ := strings.Cut(path, "/")
		return !slices.Contains(tokenCollections, collection)
	})
}
