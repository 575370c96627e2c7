package loomaccount

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian/oauth"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

const (
	renewBefore    = 2 * time.Minute  // the end of an access token
	renewalTimeout = 45 * time.Second // of a renewal, which nothing else cancels
)

// credential gives requests the access token of a grant, and renews it. It is used while its database is open.
type credential struct {
	service    *Service
	db         *userdb.Database
	connection string // id
	id         string // of the grant

	mu    sync.Mutex
	grant grant
}

var _ atlassian.Credential = (*credential)(nil)

// Authorization implements atlassian.Credential.
func (c *credential) Authorization(ctx context.Context) (string, error) {
	token := c.token()
	if !token.Expires.IsZero() && c.service.now().Add(renewBefore).After(token.Expires) && token.Refresh != "" {
		if err := c.renew(ctx, token.Access); err != nil {
			return "", err
		}
	}
	return header(c.token()), nil
}

// Renew implements atlassian.Credential.
func (c *credential) Renew(ctx context.Context, refused string) (bool, error) {
	token := c.token()
	if header(token) != refused {
		return true, nil
	}
	if token.Refresh == "" {
		return false, nil
	}
	if err := c.renew(ctx, token.Access); err != nil {
		return false, err
	}
	return true, nil
}

func header(token oauth.Token) string { return "Bearer " + token.Access }

func (c *credential) token() oauth.Token {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.grant.Token
}

func (c *credential) use(g grant) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.grant = g
}

// renew replaces an access token. If another user of the connection has done so, it uses that one's token.
func (c *credential) renew(ctx context.Context, access string) error {
	renewal, end, err := c.service.renewals.begin(ctx, c.db.Name+"/"+c.connection)
	if err != nil {
		return err
	}
	defer end()
	_, stored, err := storedGrant(c.db, c.db.App, c.connection, c.id)
	if err != nil {
		return err
	}
	if renewal.unsaved != nil && renewal.id == c.id {
		stored = *renewal.unsaved
		if err := c.save(stored); err != nil {
			return err
		}
		renewal.unsaved = nil
	}
	if stored.Token.Access == access {
		if stored, err = c.refresh(ctx, stored); err != nil {
			return err
		}
		// From here on, only the new token is good.
		err := c.save(stored)
		if errors.Is(err, errReplaced) { // during the request, so that nobody else knows this token
			c.service.endNew(c.db, c.id, stored)
			return err
		}
		if err != nil {
			renewal.unsaved, renewal.id = &stored, c.id
			return err
		}
	}
	c.use(stored)
	return nil
}

// refresh exchanges the refresh token. It is not cancelled with ctx: an answer that nobody reads would end the grant.
func (c *credential) refresh(ctx context.Context, g grant) (grant, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renewalTimeout)
	defer cancel()
	token, err := c.service.oauth.Refresh(ctx, g.Server, g.Registration, g.Token.Refresh)
	if failure, ok := errors.AsType[*oauth.Error](err); ok && failure.Kind == oauth.KindClient {
		c.service.signIns.dropRegistration(g.Registration.RedirectURI)
	}
	if err != nil {
		return grant{}, unlessDead(err)
	}
	if token.Refresh == "" { // the server doesn't rotate them
		token.Refresh = g.Token.Refresh
	}
	g.Token = token
	return g, nil
}

// unlessDead makes an error temporary that doesn't say that the grant has ended: a proxy may have answered.
func unlessDead(err error) error {
	failure, ok := errors.AsType[*oauth.Error](err)
	if !ok || failure.Kind == oauth.KindDead || failure.Kind == oauth.KindClient {
		return err
	}
	temporary := *failure
	temporary.Kind = oauth.KindTemporary
	return &temporary
}

// unsavedError means that a new token could not be stored. It is kept in memory until that succeeds.
type unsavedError struct{ error }

// Temporary makes the request that needs the token fail for now.
func (unsavedError) Temporary() bool { return true }

// Unwrap returns the cause.
func (e unsavedError) Unwrap() error { return e.error }

// save stores a renewed grant, unless the connection has been replaced.
func (c *credential) save(g grant) error {
	if err := c.service.requireGrantKept(c.db, c.id, g); err != nil {
		return unsavedError{err}
	}
	err := c.db.App.RunInTransaction(func(tx core.App) error {
		connection, _, err := storedGrant(c.db, tx, c.connection, c.id)
		if err != nil {
			return err
		}
		if err := g.seal(c.db, connection); err != nil {
			return err
		}
		return tx.Save(connection)
	})
	if err == nil || errors.Is(err, errReplaced) {
		return err
	}
	return unsavedError{fmt.Errorf("store a renewed token: %w", err)}
}
