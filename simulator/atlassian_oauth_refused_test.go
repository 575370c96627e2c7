package simulator_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestConsentCanReturnWithAnError(t *testing.T) {
	t.Parallel()
	s := startAtlassian(t, simulator.AtlassianConfig{})
	o := s.discover()
	o.register(callback)
	for text, want := range map[string][2]string{
		"invalid_request": {"invalid_request", ""},
		"access_denied: Your admin has blocked this domain: 127.0.0.1": {"access_denied", "Your admin has blocked this domain: 127.0.0.1"},
	} {
		s.ChangeAtlassian(func(b *simulator.AtlassianBehaviour) { b.ConsentError = text })
		answer, err := o.consent(o.request(callback))
		require.NoError(t, err)
		assert.Equal(t, want, [2]string{answer.Get("error"), answer.Get("error_description")})
		assert.NotEmpty(t, answer.Get("state"))
		assert.Empty(t, answer.Get("code"))
	}
	s.ChangeAtlassian(func(b *simulator.AtlassianBehaviour) { b.ConsentError = "" })
	answer, err := o.consent(o.request(callback))
	require.NoError(t, err)
	assert.NotEmpty(t, answer.Get("code"))
}
