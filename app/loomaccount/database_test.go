package loomaccount_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestImportedConnectionsAreSignedInAgain(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	signIn(p)
	transferTo(p, 1001, nil)
	var export bytes.Buffer
	require.NoError(t, p.App.Databases.ExportByName(t.Context(), p.Name, &export))
	archive := filepath.Join(t.TempDir(), "export.zip")
	require.NoError(t, os.WriteFile(archive, export.Bytes(), 0o600))

	imported, err := p.App.Databases.Import(t.Context(), userdb.ImportRequest{File: archive, Email: "copy@example.com", Create: true})
	require.NoError(t, err)
	user, err := p.App.FindAuthRecordByEmail("users", "copy@example.com")
	require.NoError(t, err)
	user.SetPassword(apptest.Password)
	require.NoError(t, p.App.Save(user))
	auth := p.SignIn("copy@example.com")
	require.Equal(t, 200, auth.Status, auth.Raw)
	copied := apptest.Person{
		Server: p.Server, ID: user.Id, Token: auth.Text("token"), Name: imported.Name,
		DatabaseURL: auth.Text("meta.database.url"), Session: auth.Text("meta.database.token"),
	}
	connection := checked(copied)
	assert.Equal(t, "invalid", connection["status"])
	assert.Empty(t, connection["abilities"])
	assert.Nil(t, connection["details"])
	assert.Equal(t, transferOf(p, 1001)["share_url"], transferOf(copied, 1001)["share_url"])
	assert.Equal(t, 400, copied.Own("GET", "/api/loom/folders", nil).Status)

	assert.Equal(t, "ready", details(signIn(copied))["state"])
	assert.Equal(t, "ready", details(checked(p))["state"])
	assert.Zero(t, p.Simulator.AtlassianStats().Revocations, "the first one's grant is still in use")
}

func TestAccountWithAConnectionIsDeleted(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	signIn(p)
	require.Equal(t, 204, p.Call("DELETE", p.URL+"/api/collections/users/records/"+p.ID, p.Token, nil).Status)
	assert.Equal(t, 401, p.Own("GET", "/api/loom/folders", nil).Status)
	assert.Equal(t, 401, p.Own("POST", "/api/loom/sign-in", map[string]any{"redirect": p.URL}).Status)
}

func TestInterruptedCheckIsRepeated(t *testing.T) {
	t.Parallel()
	p := start(t, withAtlassian(simulator.AtlassianBehaviour{}))
	p.Simulator.InjectAtlassian(simulator.AtlassianFault{Hold: make(chan struct{}), Times: -1})
	saved := p.Own("POST", connectionsPath, map[string]any{"provider": "loom", "secret": simulator.DemoAtlassianToken, "settings": tokenSettings})
	require.Equal(t, 200, saved.Status, saved.Raw)
	p.Simulator.ClearFaults()
	p = p.On(p.Restart())
	assert.Equal(t, "ready", details(checked(p))["state"])
}
