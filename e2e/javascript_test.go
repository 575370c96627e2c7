package e2e

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestPocketBaseSDK(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim)
	in.serve()
	node(t, "pocketbase_sdk.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+simulator.DemoAPIKey)
}

func TestFathomSDKAgainstTheSimulator(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	node(t, "fathom_sdk.test.mjs", "SIM_URL="+sim.URL(), "SIM_KEY="+simulator.DemoAPIKey)
}

func TestWebAppInABrowser(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim)
	in.serve()
	node(t, "browser.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+simulator.DemoAPIKey,
		"ADMIN_EMAIL="+in.keys.AdminEmail, "ADMIN_PASSWORD="+in.keys.AdminPassword.Reveal())
}

// With a port for every database the web app talks to other origins than its own.
func TestWebAppWithPorts(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim, "USER_DB_PORTS=29100-29199")
	in.serve()
	node(t, "browser.test.mjs", "SERVER_URL="+in.url, "SIM_URL="+sim.URL(), "SIM_KEY="+simulator.DemoAPIKey,
		"ONLY=sign up, save the key, sync, transfer, hand over")
	list := in.databases(t)
	assert.NotZero(t, list["ada@example.com"].Port)
}
