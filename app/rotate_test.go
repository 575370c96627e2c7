package app_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/operator"
	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
	"github.com/fathom-to-loom/fathom-to-loom/app/vault"
	"github.com/fathom-to-loom/fathom-to-loom/internal/apptest"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

const newMasterKey = config.Secret("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")

func vaultOf(t *testing.T, master config.Secret) *vault.Vault {
	t.Helper()
	raw, err := master.Bytes()
	require.NoError(t, err)
	keys, err := vault.New(raw)
	require.NoError(t, err)
	return keys
}

// rotate finishes the rotation of the master key, as the command does.
func rotate(s *apptest.Server, id string) (result operator.Rotation, reported []progress.Progress, err error) {
	client := control.Dial(filepath.Join(s.Dir, "pb_data"))
	defer client.Close()
	ctx := progress.With(s.T.Context(), func(p progress.Progress) { reported = append(reported, p) })
	result, err = operator.RotateKey.One(ctx, client, operator.RotateRequest{Key: "AES_MASTER_KEY", ID: id})
	return result, reported, err
}

func TestRotationRewrapsEveryDataKey(t *testing.T) {
	t.Parallel()
	former := apptest.Secrets().AESMasterKey
	s := apptest.Start(t, apptest.Options{SimulatorConfig: simulator.Config{}})
	ada := s.SignUpWithMeetings("ada@example.com")
	key, removal, err := vaultOf(t, former).NewDataKey("fathom_removals/endpoint")
	require.NoError(t, err)
	sealed, err := key.Seal(vault.Location{Database: "fathom_removals/endpoint", Collection: "fathom_removals", Record: "endpoint", Field: "key"}, []byte("a-key"))
	require.NoError(t, err)
	s.Simulator.Inject(simulator.Fault{Method: http.MethodDelete, Path: "/external/v1/webhooks/*", Status: http.StatusServiceUnavailable, Times: -1})
	addRemoval := func(s *apptest.Server, endpoint, key string) {
		_, err := s.App.NonconcurrentDB().Insert("fathom_removals", dbx.Params{
			"endpoint": endpoint, "user": ada.ID, "fathom_id": "x", "data_key": key, "key": sealed, "created": "2999-01-01 00:00:00.000Z",
		}).Execute()
		require.NoError(t, err)
	}
	addRemoval(s, "endpoint", removal)
	_, grant, err := vaultOf(t, former).NewDataKey("loom_grants/grant")
	require.NoError(t, err)
	_, err = s.App.NonconcurrentDB().Insert("loom_grants", dbx.Params{
		"id": "grant", "user": ada.ID, "state": "kept", "data_key": grant, "secret": "x", "changed": "2999-01-01 00:00:00.000Z",
	}).Execute()
	require.NoError(t, err)

	s = s.Restart("AES_MASTER_KEY="+newMasterKey.Reveal(), "AES_MASTER_KEY_PREVIOUS="+former.Reveal())
	s.SignUp("bob@example.com") // whose key is wrapped with the new one
	_, _, err = rotate(s, "another")
	require.ErrorContains(t, err, "the running server has another AES_MASTER_KEY: restart it first")

	addRemoval(s, "damaged", removal) // which belongs to another
	_, _, err = rotate(s, s.App.Config.KeyID("AES_MASTER_KEY"))
	require.ErrorContains(t, err, "row damaged of fathom_removals: rewrap data key: value is corrupt or belongs to another location")
	apptest.Execute(t, s.GlobalFile(), "DELETE FROM fathom_removals WHERE endpoint = 'damaged'")

	// An interruption after the keys were rewrapped: the files in the folders still have the former ones.
	ownerFile := filepath.Join(s.FolderPath(ada.Name), userdb.OwnerFile)
	formerOwner, err := os.ReadFile(ownerFile)
	require.NoError(t, err)
	result, reported, err := rotate(s, s.App.Config.KeyID("AES_MASTER_KEY"))
	require.NoError(t, err)
	assert.True(t, result.Finished)
	assert.Contains(t, reported, progress.Progress{Stage: "record owners", Done: 2, Total: 2, Unit: progress.Databases})
	current, err := os.ReadFile(ownerFile)
	require.NoError(t, err)
	assert.NotEqual(t, formerOwner, current)
	require.NoError(t, os.WriteFile(ownerFile, formerOwner, 0o600))
	again, _, err := rotate(s, s.App.Config.KeyID("AES_MASTER_KEY"))
	require.NoError(t, err)
	assert.Equal(t, operator.Rotation{Finished: true}, again)
	repaired, err := os.ReadFile(ownerFile)
	require.NoError(t, err)
	assert.Equal(t, current, repaired)
	var removalKey string
	apptest.QueryRow(t, s.GlobalFile(), "SELECT data_key FROM fathom_removals", &removalKey)
	_, err = vaultOf(t, newMasterKey).Unwrap("fathom_removals/endpoint", removalKey)
	require.NoError(t, err)
	var grantKey string
	apptest.QueryRow(t, s.GlobalFile(), "SELECT data_key FROM loom_grants", &grantKey)
	_, err = vaultOf(t, newMasterKey).Unwrap("loom_grants/grant", grantKey)
	require.NoError(t, err)

	s = s.Restart("AES_MASTER_KEY=" + newMasterKey.Reveal())
	ada.Server = s
	signedIn := s.SignIn("ada@example.com")
	require.Equal(t, 200, signedIn.Status, signedIn.Raw)
	ada.Token = signedIn.Text("token")
	require.Equal(t, "completed", ada.RunJob("fathom.sync", map[string]any{}).Text("status"), "the key to Fathom can be decrypted")
}
