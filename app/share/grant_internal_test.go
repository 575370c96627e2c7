package share

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGrantsAreBoundToTheLinkItsPasswordAndATime(t *testing.T) {
	t.Parallel()
	signer, err := newGrants([]byte("a secret of the server"), nil)
	require.NoError(t, err)
	now := time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)
	share := &Share{ID: "one", password: "hash"}
	grant := signer.sign(share, now.Add(grantLifetime))
	assert.True(t, signer.verify(share, grant, now))
	assert.True(t, signer.verify(share, grant, now.Add(grantLifetime-time.Second)))
	assert.False(t, signer.verify(share, grant, now.Add(grantLifetime)))
	assert.False(t, signer.verify(&Share{ID: "two", password: "hash"}, grant, now))
	assert.False(t, signer.verify(&Share{ID: "one", password: "other"}, grant, now))
	assert.False(t, signer.verify(&Share{ID: "one"}, grant, now))
	expires, mac, _ := strings.Cut(grant, ".")
	for _, forged := range []string{"", expires, expires + ".", "." + mac, "zzzzzz." + mac, "-1." + mac, expires + "." + mac + "=", expires + "." + mac[:len(mac)-1], grant + "." + mac} {
		assert.False(t, signer.verify(share, forged, now), forged)
	}

	rotated, err := newGrants([]byte("another secret"), []byte("a secret of the server"))
	require.NoError(t, err)
	assert.True(t, rotated.verify(share, grant, now), "during a rotation, both secrets are valid")
	replaced, err := newGrants([]byte("another secret"), nil)
	require.NoError(t, err)
	assert.False(t, replaced.verify(share, grant, now))
}

func TestIDsCannotBeGuessed(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		id, err := newLinkID()
		require.NoError(t, err)
		parsed, ok := parseID(id.text)
		require.True(t, ok, id.text)
		assert.Equal(t, id, parsed)
		assert.Equal(t, "[redacted]", id.String())
		assert.NotContains(t, id.hash(), id.text)
		seen[id.text] = true
	}
	assert.Len(t, seen, 1000)
	for _, text := range []string{"", "short", strings.Repeat("0", 21), strings.Repeat("0", 23), strings.Repeat("0", 21) + "-", strings.Repeat("é", 11), strings.Repeat("0", 21) + "\x00"} {
		_, ok := parseID(text)
		assert.False(t, ok, text)
	}
}
