package loomupload_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestAdviceFitsTheCredential(t *testing.T) {
	const dead, wrong, onlySignIn = "Authentication failed", "Insufficient scopes", "This tool requires OAuth"
	for name, test := range map[string]struct {
		access  loomupload.Access
		refusal string
		kind    loomupload.Kind
		says    string
		never   string
	}{
		"dead token":            {loomupload.AccessToken, dead, loomupload.KindReconnect, "new API token", "service account"},
		"dead key":              {loomupload.AccessKey, dead, loomupload.KindReconnect, "new API key", "API token"},
		"dead sign-in":          {loomupload.AccessSignIn, dead, loomupload.KindReconnect, "Connect again", "API token"},
		"wrong token":           {loomupload.AccessToken, wrong, loomupload.KindWrongToken, "Create an API token", "Connect Atlassian"},
		"wrong key":             {loomupload.AccessKey, wrong, loomupload.KindWrongToken, "API key of a service account", "API token"},
		"wrong sign-in":         {loomupload.AccessSignIn, wrong, loomupload.KindWrongToken, "Connect Atlassian", "API token"},
		"no tokens at Loom":     {loomupload.AccessToken, onlySignIn, loomupload.KindWrongToken, "Connect Atlassian", "Create"},
		"no keys at Loom":       {loomupload.AccessKey, onlySignIn, loomupload.KindWrongToken, "Connect Atlassian", "Ask"},
		"sign-in that has less": {loomupload.AccessSignIn, onlySignIn, loomupload.KindWrongToken, "accept everything", "instead"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, simulator.AtlassianBehaviour{})
			w.account.Access = test.access
			w.sim.InjectAtlassian(simulator.AtlassianFault{Operation: "createLoomVideoUpload", Message: test.refusal})
			recording, _ := clip(1000)
			p := w.problem(recording, test.kind)
			assert.Contains(t, p.Advice, test.says)
			assert.NotContains(t, p.Message+p.Advice, test.never)
			assert.Equal(t, test.refusal, p.Quote)
			assert.Contains(t, p.Message, test.refusal)
		})
	}
}
