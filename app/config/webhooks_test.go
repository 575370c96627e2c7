package config_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

func TestWebhooksNeedAPublicAddress(t *testing.T) {
	for public, reachable := range map[string]bool{
		"": false, "http://loom.example.org": false, "https://loom.example.org": true, "https://loom.example.org:8443/": true,
		"https://localhost": false, "https://server": false, "https://nas.local": false, "https://a.home.arpa": false,
		"https://127.0.0.1": false, "https://10.1.2.3": false, "https://192.168.1.2:8443": false, "https://100.64.0.1": false,
		"https://93.184.216.34": true, "https://[fd00::1]": false, "https://[fe80::1]": false, "https://[2606:4700::1]": true,
	} {
		c := config.Config{PublicURL: public, GlobalPort: 8090, Webhooks: config.WebhooksAuto}
		assert.Equal(t, reachable, c.PublicHTTPS(), public)
		assert.Equal(t, reachable, c.WebhookBase() != "", public)
		c.Webhooks = config.WebhooksOff
		assert.Empty(t, c.WebhookBase())
		c.Webhooks = config.WebhooksOn
		assert.Equal(t, c.BaseURL(), c.WebhookBase())
	}
}
