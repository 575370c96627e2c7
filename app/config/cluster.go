package config

import (
	"slices"

	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
)

const (
	maxConcurrency        = 64   // transfers that one machine can sensibly run at once
	maxClusterConcurrency = 1000 // while movers carry the bytes
)

// ClusterEnabled reports whether recordings are offered to movers.
func (c *Config) ClusterEnabled() bool { return len(c.ClusterURL) > 0 }

func (c *Config) maxConcurrency() int {
	if c.ClusterEnabled() {
		return maxClusterConcurrency
	}
	return maxConcurrency
}

// ValidateMover is Validate for a mover, which has no data directory and none of the server's keys.
func (c *Config) ValidateMover() error {
	v := &checker{problems: slices.Clone(c.problems), config: c}
	if !c.ClusterEnabled() {
		v.add(missing("CLUSTER_URL"))
	}
	v.checkBus()
	v.require("FATHOM_API_URL", isBaseURL(c.FathomAPIURL))
	v.require("S3_ENDPOINT", c.S3Endpoint == "" || !notOrigin(c.S3Endpoint))
	v.checkProxy()
	v.checkLog()
	return v.result()
}

// checkCluster requires what a server with movers needs: they store recordings in S3, never on its disk.
func (v *checker) checkCluster() {
	v.checkBus()
	if v.config.ClusterEnabled() && !v.config.S3Enabled() {
		p := missing("S3_ENDPOINT")
		p.Hint = "Movers store recordings in S3: set the S3_ settings, or unset CLUSTER_URL"
		v.add(p)
	}
}

func (v *checker) checkBus() {
	c := v.config
	v.require("CLUSTER_URL", !slices.ContainsFunc(c.ClusterURL, func(text string) bool { return !bus.IsURL(text) }))
	v.require("CLUSTER_NAME", bus.IsName(c.ClusterName))
	v.between("MOVER_SLOTS", c.MoverSlots, 1, 64)
}
