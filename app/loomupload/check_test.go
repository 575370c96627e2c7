package loomupload_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// newSites is newWorld for an account with sites and tokens of its own.
func newSites(t *testing.T, cfg simulator.AtlassianConfig) *world {
	t.Helper()
	w := newWorld(t, simulator.AtlassianBehaviour{})
	var err error
	w.sim, err = simulator.New(simulator.Config{Meetings: -1, Now: w.clock.Now, Atlassian: &cfg})
	require.NoError(t, err)
	require.NoError(t, w.sim.Start(t.Context()))
	sim := w.sim
	t.Cleanup(func() { require.NoError(t, sim.Stop(context.Background())) })
	w.connect(w.sim.AtlassianURL(), w.sim.LoomURL())
	return w
}

func TestCheckOfAReadyConnection(t *testing.T) {
	for name, credential := range map[string]atlassian.Credential{
		"token":       atlassian.Basic(simulator.DemoAtlassianEmail, simulator.DemoAtlassianToken),
		"service key": atlassian.Bearer(simulator.DemoAtlassianKey),
	} {
		w := newWorld(t, simulator.AtlassianBehaviour{})
		w.account.Credential = credential
		check, err := w.uploads.Check(t.Context(), w.account)
		require.NoError(t, err, name)
		assert.Equal(t, loomupload.AbilityUpload, check.Ability)
		assert.Nil(t, check.Limited)
		require.Len(t, check.Sites, 1)
		assert.Equal(t, check.Sites[0].ID, check.Site)
		assert.Equal(t, 1, w.sim.AtlassianStats().Calls["listLoomVideos"], "one read proves that the token is for Loom")
		assert.Zero(t, w.sim.AtlassianStats().Calls["createLoomVideoUpload"])
	}
}

func TestCheckOfConnectionsThatCanOnlyRead(t *testing.T) {
	for name, test := range map[string]struct {
		behaviour simulator.AtlassianBehaviour
		kind      loomupload.Kind
		says      string
	}{
		"write group off": {simulator.AtlassianBehaviour{WriteBlocked: true}, loomupload.KindBlocked, "write_loom"},
		"unknown input":   {simulator.AtlassianBehaviour{ExtraInput: "departmentCode"}, loomupload.KindContract, "departmentCode"},
		"renamed publish": {simulator.AtlassianBehaviour{Renamed: map[string]string{"publishLoomVideo": "x"}}, loomupload.KindBlocked, "publishLoomVideo"},
	} {
		w := newWorld(t, test.behaviour)
		check, err := w.uploads.Check(t.Context(), w.account)
		require.NoError(t, err, name)
		assert.Equal(t, loomupload.AbilityRead, check.Ability)
		require.NotNil(t, check.Limited)
		assert.Equal(t, test.kind, check.Limited.Kind, name)
		assert.Contains(t, check.Limited.Message+check.Limited.Advice, test.says)
		_, _, err = w.uploads.List(t.Context(), w.account, "")
		require.NoError(t, err)
	}
}

func TestCheckExplainsWhatIsWrong(t *testing.T) {
	for name, test := range map[string]struct {
		prepare func(*world)
		kind    loomupload.Kind
		says    string
	}{
		"dead token": {func(w *world) { w.sim.RevokeAtlassian(simulator.DemoAtlassianToken) }, loomupload.KindReconnect, "new API token"},
		"dead token, 400": {func(w *world) {
			w.sim.ChangeAtlassian(func(b *simulator.AtlassianBehaviour) { b.DeadTokenStatus = 400 })
			w.sim.RevokeAtlassian(simulator.DemoAtlassianToken)
		}, loomupload.KindReconnect, "new API token"},
		"tokens are off": {func(w *world) {
			w.sim.ChangeAtlassian(func(b *simulator.AtlassianBehaviour) { b.APITokensOff = true })
		}, loomupload.KindBlocked, "allow API tokens under Authentication"},
		"token of another app": {func(w *world) {
			w.sim.AddAtlassianToken(simulator.AtlassianToken{Email: "b@example.com", Token: "of-another-app", App: "jira"})
			w.account.Credential = atlassian.Basic("b@example.com", "of-another-app")
			w.account.Site = "northwind.atlassian.net"
		}, loomupload.KindWrongToken, "Rovo MCP V2"},
		"token that may not read Loom": {func(w *world) {
			w.sim.AddAtlassianToken(simulator.AtlassianToken{Email: "b@example.com", Token: "without-loom", Scopes: []string{"read:me", "read:account"}})
			w.account.Credential = atlassian.Basic("b@example.com", "without-loom")
		}, loomupload.KindWrongToken, "all scopes"},
		"read group off": {func(w *world) {
			w.sim.ChangeAtlassian(func(b *simulator.AtlassianBehaviour) { b.ReadBlocked, b.WriteBlocked = true, true })
		}, loomupload.KindBlocked, "read_loom"},
		"another site": {func(w *world) { w.account.Site = "other.atlassian.net" }, loomupload.KindSite, "Choose one of the sites"},
		"outage": {func(w *world) {
			w.sim.InjectAtlassian(simulator.AtlassianFault{Operation: "initialize", Status: 503, Times: -1})
		}, loomupload.KindUnavailable, "can't be reached"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, simulator.AtlassianBehaviour{})
			test.prepare(w)
			check, err := w.uploads.Check(t.Context(), w.account)
			p := requireProblem(t, err, test.kind)
			assert.Contains(t, p.Message+" "+p.Advice, test.says)
			assert.Empty(t, check.Ability)
			w.checkSecrets(err)
		})
	}
}

func TestCheckOfSites(t *testing.T) {
	sites := []simulator.AtlassianSite{
		{ID: "11111111-0000-4000-8000-000000000001", Name: "north", URL: "https://north.atlassian.net"},
		{ID: "22222222-0000-4000-8000-000000000002", Name: "south", URL: "https://south.atlassian.net", NoLoom: true},
	}
	w := newSites(t, simulator.AtlassianConfig{Sites: sites})
	check, err := w.uploads.Check(t.Context(), w.account)
	requireProblem(t, err, loomupload.KindSite)
	assert.Len(t, check.Sites, 2, "to choose from")

	for _, entered := range []string{sites[0].ID, "https://north.atlassian.net/", "north.atlassian.net", "North", "https://NORTH.atlassian.net/wiki/home"} {
		w.account.Site = entered
		check, err := w.uploads.Check(t.Context(), w.account)
		require.NoError(t, err, entered)
		assert.Equal(t, sites[0].ID, check.Site)
	}
	w.account.Site = "south"
	_, err = w.uploads.Check(t.Context(), w.account)
	p := requireProblem(t, err, loomupload.KindNoWorkspace)
	assert.NotEmpty(t, p.Advice)
}

// A token without read:me and read:account can't list sites. Its owner enters the address of one.
func TestCheckWithAnEnteredSite(t *testing.T) {
	w := newSites(t, simulator.AtlassianConfig{Tokens: []simulator.AtlassianToken{{
		Email: "b@example.com", Token: "loom-only-token", Scopes: []string{"read:loom:agent-interface", "write:loom:agent-interface"},
	}}})
	w.account.Credential = atlassian.Basic("b@example.com", "loom-only-token")
	_, err := w.uploads.Check(t.Context(), w.account)
	p := requireProblem(t, err, loomupload.KindSite)
	assert.Contains(t, p.Advice, "Enter the address")

	w.account.Site = "northwind.atlassian.net"
	check, err := w.uploads.Check(t.Context(), w.account)
	require.NoError(t, err)
	assert.Equal(t, loomupload.AbilityUpload, check.Ability)
	assert.Equal(t, "https://northwind.atlassian.net", check.Site)
	recording, _ := clip(1000)
	w.mustUpload(recording, loom.Options{})
	w.only()
}

func TestVideosAreListedAndFound(t *testing.T) {
	w := newWorld(t, simulator.AtlassianBehaviour{ResourceIDs: true})
	for range 3 {
		w.saved = nil
		recording, _ := clip(1000)
		w.mustUpload(recording, loom.Options{Visibility: loom.VisibilityWorkspace})
	}
	videos, next, err := w.uploads.List(t.Context(), w.account, "")
	require.NoError(t, err)
	assert.Empty(t, next)
	require.Len(t, videos, 3)
	there := w.videos()[2]
	assert.Equal(t, there.ShareURL, videos[0].ShareURL, "the newest comes first")
	assert.Equal(t, "2026-03-04 Weekly sync", videos[0].Title)
	assert.Equal(t, loom.VisibilityWorkspace, videos[0].Visibility)
	assert.WithinDuration(t, there.Uploaded, videos[0].CreatedAt, 1e9)
	assert.Contains(t, videos[0].ID, "ari:cloud:loom:")

	for _, named := range []string{there.ID, there.ShareURL, videos[0].ID, "ari:cloud:loom::video/" + there.ID, " " + there.ShareURL + "?sid=1"} {
		video, err := w.uploads.Get(t.Context(), w.account, named)
		require.NoError(t, err, named)
		assert.Equal(t, there.ShareURL, video.ShareURL)
		assert.True(t, video.Complete)
	}
	_, err = w.uploads.Get(t.Context(), w.account, "0123456789abcdef0123456789abcdef")
	requireProblem(t, err, loomupload.KindNotFound)
}

func TestDraftsAreNotListed(t *testing.T) {
	w := newWorld(t, simulator.AtlassianBehaviour{ListDrafts: true})
	killed := w.killAt(3, true) // after the first step
	recording, _ := clip(1000)
	_, err := w.upload(t.Context(), recording, loom.Options{})
	require.ErrorIs(t, err, errKilled)
	require.True(t, *killed)
	require.Len(t, w.sim.AtlassianUploads(), 1)
	videos, _, err := w.uploads.List(t.Context(), w.account, "")
	require.NoError(t, err)
	assert.Empty(t, videos)

	w.saveFail = nil
	w.mustUpload(recording, loom.Options{})
	videos, _, err = w.uploads.List(t.Context(), w.account, "")
	require.NoError(t, err)
	require.Len(t, videos, 1)
	assert.Equal(t, w.only().ShareURL, videos[0].ShareURL)
}

func TestListHasPages(t *testing.T) {
	w := newWorld(t, simulator.AtlassianBehaviour{})
	const count = 120
	for range count {
		_, err := w.sim.Upload(t.Context(), "Weekly.mp4", bytesReader(movie(300)))
		require.NoError(t, err)
	}
	seen, pages, cursor := map[string]bool{}, 0, ""
	for {
		videos, next, err := w.uploads.List(t.Context(), w.account, cursor)
		require.NoError(t, err)
		for _, video := range videos {
			seen[video.ShareURL] = true
		}
		if pages++; next == "" {
			break
		}
		cursor = next
	}
	assert.Len(t, seen, count)
	assert.Equal(t, 3, pages)
}

func TestCatalogIsCachedForAWhile(t *testing.T) {
	w := newWorld(t, simulator.AtlassianBehaviour{})
	for range 3 {
		_, err := w.uploads.Folders(t.Context(), w.account)
		require.NoError(t, err)
	}
	assert.Equal(t, 1, w.sim.AtlassianStats().Calls["getAccessibleAtlassianResources"])
	w.clock.Advance(11 * 60 * 1e9)
	_, err := w.uploads.Folders(t.Context(), w.account)
	require.NoError(t, err)
	assert.Equal(t, 2, w.sim.AtlassianStats().Calls["getAccessibleAtlassianResources"])
}

// Calls of one connection are sent one after the other, even if several are made at once.
func TestCallsOfOneConnectionTakeTurns(t *testing.T) {
	w := newWorld(t, simulator.AtlassianBehaviour{MaxParallel: 1})
	errs := make(chan error)
	for range 8 {
		go func() {
			_, err := w.uploads.Folders(context.WithoutCancel(t.Context()), w.account)
			errs <- err
		}()
	}
	for range 8 {
		require.NoError(t, <-errs)
	}
	assert.Equal(t, 1, w.sim.AtlassianStats().MaxParallel)
}

func TestOperationsAreDiscovered(t *testing.T) {
	w := newWorld(t, simulator.AtlassianBehaviour{})
	w.connectWith(w.sim.AtlassianURL(), w.sim.LoomURL(), false)
	check, err := w.uploads.Check(t.Context(), w.account)
	require.NoError(t, err)
	assert.Equal(t, loomupload.AbilityUpload, check.Ability)
	recording, sum := clip(1000)
	video := w.mustUpload(recording, loom.Options{})
	assert.Equal(t, sum, w.only().SHA256)
	assert.Empty(t, video.Notes)
}
