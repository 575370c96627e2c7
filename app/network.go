package app

import "github.com/fathom-to-loom/fathom-to-loom/app/outbound"

// Network returns how the clients of other services reach them, according to the settings.
func (a *App) Network() outbound.Network {
	return outbound.Network{
		Proxy: a.Config.ProxyURL(), NoProxy: a.Config.NoProxy,
		ProxyHosts: a.Config.OutboundProxyHosts, PrivateRanges: a.Config.OutboundPrivateRanges,
	}
}
