package gateway

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	"github.com/spf13/cast"

	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/app/session"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// A superuser of the global database can open every user database with the token that the global
// database issued. User databases store no superusers; PocketBase gets a record that is never saved.

var errNotSuperuser = errors.New("token does not belong to a superuser")

// authorizeSuperuser checks a token issued by the global PocketBase. It returns session.ErrInvalid
// if the token isn't a superuser's, and errAddressNotAllowed if superusers are restricted to other
// addresses.
func (g *Gateway) authorizeSuperuser(c credential, address string) (principal, error) {
	// Parse the token first, so that a malformed one costs no query.
	claims, err := security.ParseUnverifiedJWT(c.token)
	if err != nil || claims[core.TokenClaimType] != c.superuserType {
		return principal{}, session.ErrInvalid
	}
	superuser, err := g.app.FindAuthRecordByToken(c.token, c.superuserType)
	if err != nil || !superuser.IsSuperuser() {
		return principal{}, session.ErrInvalid
	}
	if allowed := g.app.Settings().SuperuserIPs; len(allowed) > 0 && !ipAllowed(address, allowed) {
		return principal{}, errAddressNotAllowed
	}
	credential := registry.Credential(superuser)
	return principal{
		id: superuser.Id, superuser: superuser, expires: time.Unix(cast.ToInt64(claims["exp"]), 0),
		recheck: func(context.Context) error { return g.checkSuperuser(superuser, credential) },
	}, nil
}

// checkSuperuser checks that a superuser still exists and that their tokens haven't been revoked since
// the token was checked, when they had this credential.
func (g *Gateway) checkSuperuser(superuser *core.Record, credential string) error {
	current, err := g.app.FindRecordById(core.CollectionNameSuperusers, superuser.Id)
	if err == nil && registry.Credential(current) != credential {
		err = errNotSuperuser
	}
	return err
}

// superuserRecordIn returns the record that represents a superuser inside a user database.
func superuserRecordIn(db *userdb.Database, superuser *core.Record) *core.Record {
	collection, err := db.App.FindCachedCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		return nil // makes them a guest; PocketBase always has this collection
	}
	record := core.NewRecord(collection)
	record.Id = superuser.Id
	record.SetEmail(superuser.Email())
	record.MarkAsNotNew()
	return record
}

// ipAllowed reports whether an address is in a list of addresses and networks.
func ipAllowed(address string, allowed []string) bool {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	ip = ip.Unmap()
	for _, item := range allowed {
		if network, err := netip.ParsePrefix(item); err == nil && network.Contains(ip) {
			return true
		}
		if single, err := netip.ParseAddr(item); err == nil && single.Unmap() == ip {
			return true
		}
	}
	return false
}

// forwardSuperuserAuth forwards the sign-in of a superuser to the global database.
func (g *Gateway) forwardSuperuserAuth(e *core.RequestEvent, state *requestState) error {
	request := e.Request.Clone(e.Request.Context())
	request.URL.Path, request.URL.RawPath = state.subpath, ""
	request.RequestURI = request.URL.RequestURI()
	g.global.ServeHTTP(e.Response, request)
	return nil
}
