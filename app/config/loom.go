package config

import (
	"errors"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// LoomUploader is what delivers recordings to Loom.
type LoomUploader string

// The values of LoomUploader.
const (
	LoomUploaderAuto      LoomUploader = "auto"      // Atlassian for users whose connection can upload, otherwise the hand-over
	LoomUploaderHandover  LoomUploader = "handover"  // users upload all files themselves
	LoomUploaderAtlassian LoomUploader = "atlassian" // transfers fail without a connection that can upload
)

// MCPTools is how the operations of Atlassian's MCP server are found.
type MCPTools string

// The values of MCPTools.
const (
	MCPToolsAll      MCPTools = "all"      // as a flat list of tools
	MCPToolsDiscover MCPTools = "discover" // with the tool discover
)

var (
	errLoomUploader = errors.New("not auto, handover or atlassian")
	errMCPTools     = errors.New("not all or discover")
	errOperations   = errors.New("not a list of operations")
)

// UnmarshalText implements encoding.TextUnmarshaler.
func (u *LoomUploader) UnmarshalText(text []byte) error {
	value := LoomUploader(text)
	if !slices.Contains([]LoomUploader{LoomUploaderAuto, LoomUploaderHandover, LoomUploaderAtlassian}, value) {
		return errLoomUploader
	}
	*u = value
	return nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *MCPTools) UnmarshalText(text []byte) error {
	value := MCPTools(text)
	if value != MCPToolsAll && value != MCPToolsDiscover {
		return errMCPTools
	}
	*m = value
	return nil
}

// Operations are other names of operations, written as publishLoomVideo=finishLoomVideo. They are tried in their order
// before the documented name, which is the key.
type Operations map[string][]string

var operationName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]{0,99}$`)

// UnmarshalText implements encoding.TextUnmarshaler.
func (o *Operations) UnmarshalText(text []byte) error {
	parsed := Operations{}
	for _, entry := range splitList(string(text)) {
		documented, name, _ := strings.Cut(entry, "=")
		documented, name = strings.TrimSpace(documented), strings.TrimSpace(name)
		if !operationName.MatchString(documented) || !operationName.MatchString(name) {
			return errOperations
		}
		parsed[documented] = append(parsed[documented], name)
	}
	*o = parsed
	return nil
}

// Names returns the names to try for each documented operation, of which the documented one is the last.
func (o Operations) Names() map[string][]string {
	names := map[string][]string{}
	for documented, others := range o {
		names[documented] = append(slices.Clone(others), documented)
	}
	return names
}

var (
	protocolVersion = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	scopeList       = regexp.MustCompile(`^[\x21\x23-\x5B\x5D-\x7E]+([ ,]+[\x21\x23-\x5B\x5D-\x7E]+)*$`) // RFC 6749
	uploadHost      = regexp.MustCompile(`^(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:([0-9]{1,5}|\*))?$`)
)

func (v *checker) checkAtlassian() {
	c := v.config
	v.require("ATLASSIAN_MCP_URL", isMCPURL(c.AtlassianMCPURL))
	v.require("ATLASSIAN_MCP_PROTOCOL_VERSION", protocolVersion.MatchString(c.AtlassianMCPProtocolVersion))
	v.require("ATLASSIAN_MCP_SCOPES", c.AtlassianMCPScopes == "" || len(c.AtlassianMCPScopes) <= 2000 && scopeList.MatchString(c.AtlassianMCPScopes))
	v.require("ATLASSIAN_MCP_UPLOAD_HOSTS", !slices.ContainsFunc(c.AtlassianMCPUploadHosts, func(host string) bool {
		return !uploadHost.MatchString(host) || strings.HasPrefix(host, "*.") && !strings.Contains(strings.TrimPrefix(host, "*."), ".")
	}))
	v.require("ATLASSIAN_MCP_MAX_SIZE", c.AtlassianMCPMaxSize >= 1e6 && c.AtlassianMCPMaxSize <= 1e12)
	v.durationBetween("ATLASSIAN_MCP_CALL_TIMEOUT", c.AtlassianMCPCallTimeout, time.Second, 10*time.Minute)
	v.durationBetween("ATLASSIAN_MCP_UPLOAD_IDLE_TIMEOUT", c.AtlassianMCPUploadIdleTimeout, time.Second, 30*time.Minute)
	v.durationBetween("ATLASSIAN_MCP_PROCESSING_WAIT", c.AtlassianMCPProcessingWait, 0, time.Hour)
}

// isMCPURL requires https, because credentials are sent there, unless the server is a simulator on this machine.
func isMCPURL(raw string) bool {
	if !isBaseURL(raw) {
		return false
	}
	u, err := url.Parse(raw)
	return err == nil && (u.Scheme == "https" || isLoopback(u.Hostname()))
}

func isLoopback(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Unmap().IsLoopback()
	}
	return strings.EqualFold(host, "localhost")
}

// LocalAtlassian returns the address of ATLASSIAN_MCP_URL if that is a simulator on this machine, and otherwise nil. Only a
// simulator receives files without encryption and at a loopback address.
func (c *Config) LocalAtlassian() *url.URL {
	u, err := url.Parse(strings.TrimRight(c.AtlassianMCPURL, "/"))
	if err != nil || !isLoopback(u.Hostname()) {
		return nil
	}
	return u
}

// AtlassianUploadHosts returns the hosts that files may be sent to: ATLASSIAN_MCP_UPLOAD_HOSTS and a simulator's.
func (c *Config) AtlassianUploadHosts() []string {
	hosts := slices.Clone(c.AtlassianMCPUploadHosts)
	if local := c.LocalAtlassian(); local != nil {
		hosts = append(hosts, local.Host)
	}
	return hosts
}

// AtlassianProcessingWait returns ATLASSIAN_MCP_PROCESSING_WAIT, or a negative duration if it is 0, because uploads take 0 as
// the default.
func (c *Config) AtlassianProcessingWait() time.Duration {
	if wait := c.AtlassianMCPProcessingWait.Std(); wait > 0 {
		return wait
	}
	return -1
}
