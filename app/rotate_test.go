package app_test

import (
	"net/http"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/operator"
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
func rotate(s *apptest.Server, id string) ([]operator.Rotation, error) {
	client := control.Dial(filepath.Join(s.Dir, "pb_data"))
	defer client.Close()
	return operator.RotateKey.Collect(s.T.Context(), client, operator.RotateRequest{Key: "AES_MASTER_KEY", ID: id})
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

	s = s.Restart("AES_MASTER_KEY="+newMasterKey.Reveal(), "AES_MASTER_KEY_PREVIOUS="+former.Reveal())
	s.SignUp("bob@example.com") // whose key is wrapped with the new one
	_, err = rotate(s, "another")
	require.ErrorContains(t, err, "the running server has another AES_MASTER_KEY: restart it first")

	addRemoval(s, "damaged", removal) // which belongs to another
	_, err = rotate(s, s.App.Config.KeyID("AES_MASTER_KEY"))
	require.ErrorContains(t, err, "webhook damaged: rewrap data key: value is corrupt or belongs to another location")
	apptest.Execute(t, s.GlobalFile(), "DELETE FROM fathom_removals WHERE endpoint = 'damaged'")

	progress, err := rotate(s, s.App.Config.KeyID("AES_MASTER_KEY"))
	require.NoError(t, err)
	assert.True(t, slices.ContainsFunc(progress, func(r operator.Rotation) bool { return r.Finished }))
	var removalKey string
	apptest.QueryRow(t, s.GlobalFile(), "SELECT data_key FROM fathom_removals", &removalKey)
	_, err = vaultOf(t, newMasterKey).Unwrap("fathom_removals/endpoint", removalKey)
	require.NoError(t, err)

	s = s.Restart("AES_MASTER_KEY=" + newMasterKey.Reveal())
	ada.Server = s
	again := s.SignIn("ada@example.com")
	require.Equal(t, 200, again.Status, again.Raw)
	ada.Token = again.Text("token")
	require.Equal(t, "completed", ada.RunJob("fathom.sync", map[string]any{}).Text("status"), "the key to Fathom can be decrypted")
}
