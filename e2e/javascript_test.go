package e2e

import (
	"testing"

	"github.com/fathom-to-loom/fathom-to-loom/app/simulator"
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
