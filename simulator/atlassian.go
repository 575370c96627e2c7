package simulator

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Credentials that are accepted when AtlassianConfig names no others. The real Atlassian doesn't accept them.
const (
	DemoAtlassianEmail = "ada@northwind.example"
	DemoAtlassianToken = "simulator-demo-atlassian-token.it-opens-nothing-but-a-simulator-on-this-host"
	DemoAtlassianKey   = "simulator-demo-service-account-key.it-opens-nothing-but-a-simulator-on-this-host"
)

// Paths of the Atlassian side. At Atlassian, the MCP server, the authorization server and the host of uploads are
// three hosts.
const (
	mcpPath             = "/v2/mcp"
	authPath            = "/atlassian-auth"
	atlassianUploadPath = "/atlassian-upload/"
)

// AtlassianConfig configures the simulated MCP server of Atlassian with its Loom operations, the authorization server
// in front of it and the host of uploads behind it. The zero value is valid.
//
// The names of the operations, the transport and the ways of signing in follow Atlassian's pages and what other
// clients have observed. The inputs and answers of the Loom operations are unpublished: those of the simulator are
// guesses, which is why AtlassianBehaviour can change most of them.
type AtlassianConfig struct {
	Tokens      []AtlassianToken // personal API tokens; default the demo token
	ServiceKeys []string         // API keys of service accounts; default DemoAtlassianKey
	Sites       []AtlassianSite  // sites of every account; default one with Loom
	Tenant      string           // path of the issuer, which is opaque to clients; default a fixed one
	OAuthEmail  string           // account that consents; default the first of Tokens

	JSONResponses bool // answer calls with application/json instead of an event stream

	Behaviour AtlassianBehaviour // behaviour after New and Reset
}

// AppClassic is the App of tokens without scopes. Clients with one connect and see a few tools; those with a token for
// another app see all. The calls of both are refused.
const AppClassic = "classic"

// AtlassianToken is a personal API token, which clients send with the e-mail address as Basic credentials.
type AtlassianToken struct {
	Email  string   `json:"email"`
	Token  string   `json:"token"`
	App    string   `json:"app,omitempty"`    // the app that the token was made for; "" is the MCP server, others have no access, see AppClassic
	Scopes []string `json:"scopes,omitempty"` // nil means all
}

// AtlassianSite is a site of an organisation.
type AtlassianSite struct {
	ID     string `json:"id"` // the cloudId, a UUID
	Name   string `json:"name"`
	URL    string `json:"url"`
	NoLoom bool   `json:"no_loom,omitempty"` // the site has no Loom workspace
}

// withDefaults returns c with its unset fields filled in.
func (c AtlassianConfig) withDefaults() AtlassianConfig {
	if c.Tokens == nil {
		c.Tokens = []AtlassianToken{{Email: DemoAtlassianEmail, Token: DemoAtlassianToken}}
	}
	if c.ServiceKeys == nil {
		c.ServiceKeys = []string{DemoAtlassianKey}
	}
	if c.Sites == nil {
		c.Sites = []AtlassianSite{{
			ID: "5e1ab0c4-6d6f-4b0e-9f57-0d1a2b3c4d5e", Name: "northwind", URL: "https://northwind.atlassian.net",
		}}
	}
	if c.Tenant == "" {
		c.Tenant = "f1c0a9d2-tenant"
	}
	if c.OAuthEmail == "" {
		c.OAuthEmail = DemoAtlassianEmail
		if len(c.Tokens) > 0 {
			c.OAuthEmail = c.Tokens[0].Email
		}
	}
	return c
}

// atlassian is the state of the Atlassian side. Its mutex guards everything below it; the video store has its own.
type atlassian struct {
	cfg     AtlassianConfig
	now     func() time.Time
	videos  *videoStore
	server  *mcp.Server
	handler http.Handler

	mu         sync.Mutex
	behaviour  AtlassianBehaviour
	tokens     []AtlassianToken
	revoked    map[string]bool
	faults     []*AtlassianFault
	uploads    []*upload
	folders    []atlassianFolder
	polls      map[string]int // how often a video was read, by its id
	inFlight   map[string]int // calls, by caller
	stats      AtlassianStats
	violations []string
	oauth      oauthState
}

func newAtlassian(cfg AtlassianConfig, now func() time.Time, videos *videoStore) *atlassian {
	a := &atlassian{cfg: cfg.withDefaults(), now: now, videos: videos}
	a.clear()
	a.server, a.handler = a.newMCPServer()
	return a
}

// clear restores the state that newAtlassian created.
func (a *atlassian) clear() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.behaviour = a.cfg.Behaviour.clone()
	a.tokens = slices.Clone(a.cfg.Tokens)
	a.revoked = map[string]bool{}
	a.faults, a.uploads, a.violations = nil, nil, nil
	a.folders = defaultFolders(a.cfg.Sites)
	a.polls, a.inFlight = map[string]int{}, map[string]int{}
	a.stats = AtlassianStats{Calls: map[string]int{}}
	a.oauth = newOAuthState()
}

// reset is clear, and ends all sessions.
func (a *atlassian) reset() {
	a.clear()
	a.closeSessions()
}

// closeSessions ends the sessions of all clients. The next request of each gets a 404.
func (a *atlassian) closeSessions() {
	for session := range a.server.Sessions() {
		_ = session.Close() // a session that has already ended
	}
}

// AtlassianURL returns the address of the MCP server, or "" before Start.
func (s *Server) AtlassianURL() string {
	if s.URL() == "" {
		return ""
	}
	return s.URL() + mcpPath
}

// bindAtlassian binds the routes of the Atlassian side.
func (s *Server) bindAtlassian(mux *http.ServeMux) {
	mux.HandleFunc(mcpPath, s.serveMCP)
	s.bindOAuth(mux)
	s.bindAtlassianControl(mux)
	mux.HandleFunc(atlassianUploadPath+"{ticket}", s.uploadHost(s.receiveUpload))
	mux.HandleFunc(atlassianUploadPath+"{ticket}/parts/{part}", s.uploadHost(s.receivePart))
}
