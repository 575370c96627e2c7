package gateway

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
)

func TestClassify(t *testing.T) {
	for route, want := range map[[2]string]routeClass{
		{"GET", "/api/health"}:                                      routeShared,
		{"GET", "/api/collections/meetings/records"}:                routeShared,
		{"PATCH", "/api/collections/meetings/records/x"}:            routeShared,
		{"PUT", "/api/collections/meetings/records/x"}:              routeForbidden,
		{"POST", "/api/batch"}:                                      routeShared,
		{"GET", "/api/files/recordings/x/video.mp4"}:                routeFile,
		{"POST", "/api/files/token"}:                                routeShared,
		{"GET", "/api/export"}:                                      routeExport,
		{"HEAD", "/api/export"}:                                     routeForbidden,
		{"POST", "/api/export"}:                                     routeOwner,
		{"GET", "/api/bundles"}:                                     routeBundle,
		{"HEAD", "/api/bundles"}:                                    routeForbidden,
		{"POST", "/api/bundles"}:                                    routeOwner,
		{"GET", "/api/bundles/x"}:                                   routeForbidden,
		{"GET", "/api/search"}:                                      routeOwner,
		{"HEAD", "/api/search"}:                                     routeForbidden,
		{"GET", "/api/search/x"}:                                    routeForbidden,
		{"GET", "/api/library"}:                                     routeOwner,
		{"HEAD", "/api/library"}:                                    routeForbidden,
		{"GET", "/api/library/x"}:                                   routeForbidden,
		{"GET", "/api/meetings/x/chapters"}:                         routeOwner,
		{"HEAD", "/api/meetings/x/chapters.vtt"}:                    routeOwner,
		{"GET", "/api/meetings/x/captions.vtt"}:                     routeOwner,
		{"POST", "/api/meetings/x/chapters"}:                        routeForbidden,
		{"GET", "/api/meetings/x/chapters.srt"}:                     routeForbidden,
		{"GET", "/api/meetings/x/poster"}:                           routeFile,
		{"PUT", "/api/meetings/x/poster"}:                           routeOwner,
		{"DELETE", "/api/meetings/x/poster"}:                        routeForbidden,
		{"GET", "/api/meetings/x/poster/y"}:                         routeForbidden,
		{"GET", "/api/meetings/x"}:                                  routeForbidden,
		{"GET", "/api/usage/meetings"}:                              routeShared,
		{"GET", "/api/usage/people"}:                                routeForbidden,
		{"GET", "/api/realtime"}:                                    routeStream,
		{"POST", "/api/realtime"}:                                   routeSubscribe,
		{"GET", "/api/collections"}:                                 routeSuperuser,
		{"GET", "/api/collections/_externalAuths/records"}:          routeSuperuser,
		{"POST", "/api/collections/_externalAuths/records"}:         routeForbidden,
		{"GET", "/api/collections/_superusers/records"}:             routeForbidden,
		{"POST", "/api/collections/_superusers/auth-with-password"}: routeSuperuserAuth,
		{"POST", "/api/collections/_superusers/impersonate/x"}:      routeForbidden,
		{"POST", "/api/collections/users/auth-with-password"}:       routeForbidden,
		{"GET", "/api/settings"}:                                    routeSuperuser,
		{"PATCH", "/api/settings"}:                                  routeForbidden,
		{"POST", "/api/sql"}:                                        routeForbidden,
		{"GET", "/api/backups"}:                                     routeForbidden,
		{"GET", "/"}:                                                routeForbidden,
	} {
		assert.Equal(t, want, classify(route[0], route[1]), "%s %s", route[0], route[1])
	}
}

func TestRouteClassAllows(t *testing.T) {
	owner, superuser := principal{id: "ada"}, principal{id: "root", superuser: new(core.Record)}
	for class, want := range map[routeClass]struct{ owner, superuser bool }{
		routeForbidden: {false, false}, routeShared: {true, true}, routeFile: {true, true}, routeOwner: {true, false},
		routeExport: {true, false}, routeBundle: {true, false}, routeSubscribe: {true, true}, routeStream: {false, false},
		routeSuperuser: {false, true}, routeSuperuserAuth: {false, false},
	} {
		assert.Equal(t, want.owner, class.allows(owner), "owner, class %d", class)
		assert.Equal(t, want.superuser, class.allows(superuser), "superuser, class %d", class)
	}
}
