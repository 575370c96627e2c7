package simulator

import (
	"maps"
	"slices"
	"time"
)

// UploadForm is the form in which createLoomVideoUpload says how to send the file. Which one Loom uses is unpublished.
type UploadForm string

// Forms of uploads.
const (
	UploadPut       UploadForm = "put"       // an address with a method and headers; the default
	UploadMultipart UploadForm = "multipart" // an address with the fields of a form, to which the client adds the file
	UploadCurl      UploadForm = "curl"      // a curl command, as the attachments of Jira and Confluence have it
	UploadParts     UploadForm = "parts"     // an address for each part of the file

	uploadReplayed UploadForm = "replayed" // whatever a recorded answer says
)

// AnswerForm is how the result of a call is packed.
type AnswerForm string

// Forms of answers. Text and arrays have been seen at Atlassian.
const (
	AnswerText       AnswerForm = "text"       // JSON as text; the default
	AnswerStructured AnswerForm = "structured" // structuredContent, with a summary as text
	AnswerArray      AnswerForm = "array"      // structuredContent as an array, against the rules of MCP
	AnswerString     AnswerForm = "string"     // the JSON as a JSON string, as text
)

// DefaultUploadExpiry is how long the address of an upload is valid.
const DefaultUploadExpiry = 5 * time.Minute

// AtlassianBehaviour is what differs between organisations, plans and versions of the service, or what nobody knows
// yet. The zero value is a workspace in which everything works.
type AtlassianBehaviour struct {
	// Connecting.
	APITokensOff    bool `json:"api_tokens_off,omitempty"`    // an administrator has switched API tokens and keys off
	DeadTokenStatus int  `json:"dead_token_status,omitempty"` // status for unknown, expired and revoked tokens; default 401, 400 has been seen
	WriteBlocked    bool `json:"write_blocked,omitempty"`     // the tool group write_loom is off: its operations are missing
	ReadBlocked     bool `json:"read_blocked,omitempty"`      // the tool group read_loom is off
	MaxParallel     int  `json:"max_parallel,omitempty"`      // more calls of one account at the same time get a 429; 0 means no limit

	// Signing in with OAuth. Where consent ends without a return to the client, the client doesn't learn of it.
	AllowedDomains []string `json:"allowed_domains,omitempty"`  // that an administrator has listed, such as https://loom.example; loopback is always allowed
	DomainsBlocked bool     `json:"domains_blocked,omitempty"`  // listed domains are blocked nevertheless, after consent
	ScopesRefused  bool     `json:"scopes_refused,omitempty"`   // an explicit list of scopes ends in invalid_request, after consent
	ConsentRefused string   `json:"consent_refused,omitempty"`  // what the page says after consent instead of returning to the client
	ConsentError   string   `json:"consent_error,omitempty"`    // error, or "error: description", with which consent returns to the client instead of a code
	ClientSecrets  bool     `json:"client_secrets,omitempty"`   // registration returns a client_secret although none was asked for
	DeadRefresh403 bool     `json:"dead_refresh_403,omitempty"` // dead refresh tokens get a 403 instead of a 400

	// Operations.
	Renamed      map[string]string `json:"renamed,omitempty"`        // name of an operation here, by its documented name
	InputNames   map[string]string `json:"input_names,omitempty"`    // name of an input of createLoomVideoUpload here, by the simulator's own
	ExtraInput   string            `json:"extra_input,omitempty"`    // a required input of createLoomVideoUpload that clients can't know
	Answers      AnswerForm        `json:"answers,omitempty"`        // default AnswerText
	FlagErrors   bool              `json:"flag_errors,omitempty"`    // failures within a call also have isError
	ResourceIDs  bool              `json:"resource_ids,omitempty"`   // ids of videos are resource identifiers (ari:cloud:loom:…)
	HideUploadID bool              `json:"hide_upload_id,omitempty"` // the id comes from the host of uploads instead of createLoomVideoUpload
	PublishBlank bool              `json:"publish_blank,omitempty"`  // publishLoomVideo answers without id and address
	ListDrafts   bool              `json:"list_drafts,omitempty"`    // listLoomVideos lists uploads that aren't published, too

	// Uploads.
	Form          UploadForm `json:"form,omitempty"`          // default UploadPut
	ExpirySeconds float64    `json:"expiry,omitempty"`        // of addresses; default DefaultUploadExpiry
	PartSize      int64      `json:"part_size,omitempty"`     // bytes; default 5 MiB
	MaxSize       int64      `json:"max_size,omitempty"`      // bytes; larger files are refused; default 4 GiB
	MaxSeconds    float64    `json:"max_seconds,omitempty"`   // longer videos are refused on publishing; 0 means no limit
	MaxVideos     int        `json:"max_videos,omitempty"`    // an account that has so many is refused; 0 means no limit
	Visibility    string     `json:"visibility,omitempty"`    // of published videos: owner, workspace or public; default public
	FixedSharing  bool       `json:"fixed_sharing,omitempty"` // updateLoomVideoPermissions reports success but changes nothing

	// Processing.
	ProcessingReads int  `json:"processing_reads,omitempty"` // how often a video is read before it is complete; default 1, negative for 0
	NeverComplete   bool `json:"never_complete,omitempty"`
}

func (b AtlassianBehaviour) clone() AtlassianBehaviour {
	b.Renamed = maps.Clone(b.Renamed)
	b.InputNames = maps.Clone(b.InputNames)
	b.AllowedDomains = slices.Clone(b.AllowedDomains)
	return b
}

// ChangeAtlassian changes the behaviour of the Atlassian side until Reset. Sessions remain.
func (s *Server) ChangeAtlassian(change func(*AtlassianBehaviour)) {
	a := s.atlassian
	if a == nil { // this simulator has no Atlassian
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	b := a.behaviour.clone()
	change(&b)
	a.behaviour = b
}

// currentBehaviour returns a copy whose maps nobody changes.
func (a *atlassian) currentBehaviour() AtlassianBehaviour {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.behaviour
}
