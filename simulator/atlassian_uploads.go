package simulator

import (
	"cmp"
	"encoding"
	"path"
	"slices"
	"strings"
	"time"
)

// Refusals of uploads, as the simulator words them: the real texts are unknown.
const (
	RefusalPlan     = "Your plan does not include video uploads. Upgrade to Business to upload videos."
	RefusalQuota    = "You have reached the video limit of your plan."
	RefusalSize     = "The file exceeds the maximum upload size."
	RefusalDuration = "The video exceeds the maximum length of your plan."
	RefusalType     = "Unsupported file type. Supported types are .mp4, .mov, .webm, .wmv, .avi and .m4v."
)

// Defaults of AtlassianBehaviour.
const (
	defaultPartSize = 5 << 20
	defaultMaxSize  = 4 << 30
)

// upload is an upload that createLoomVideoUpload created.
type upload struct {
	AtlassianUpload
	form     UploadForm
	secret   string        // in the address
	key      string        // the bearer token of UploadCurl and the signature of UploadMultipart
	partSize int64         // of UploadParts
	parts    []*uploadPart // of UploadParts, by number; missing ones are nil
}

// uploadPart is a part that has arrived.
type uploadPart struct {
	size int64
	sum  []byte // state of the checksum after this part; nil if the part before it was missing
}

// AtlassianUpload is the ground truth about an upload through the MCP server. Its bytes are not kept.
type AtlassianUpload struct {
	ID          string        `json:"id"` // 32 hex digits: the id of the video as soon as it is published
	Owner       string        `json:"owner"`
	Site        string        `json:"site"`
	Title       string        `json:"title"`
	FileName    string        `json:"file_name"`
	ContentType string        `json:"content_type,omitempty"`
	Announced   int64         `json:"announced_bytes"` // 0 if the client wasn't asked
	Created     time.Time     `json:"created"`
	Expires     time.Time     `json:"expires"`
	Requests    int           `json:"requests"` // at the host of uploads
	Sent        bool          `json:"sent"`
	Size        int64         `json:"size_bytes"`
	SHA256      string        `json:"sha256,omitempty"` // in hex
	Duration    time.Duration `json:"duration_ns"`
	Published   bool          `json:"published"`
	Publishes   int           `json:"publishes"` // calls of publishLoomVideo that named it
}

// uploadInputs are the inputs of createLoomVideoUpload. With a curl command, the server needs the path of the file only,
// as the attachments of Jira and Confluence do.
func uploadInputs(b AtlassianBehaviour) []input {
	inputs := []input{{name: "title", kind: "string", description: "Title of the video"}}
	if b.form() == UploadCurl {
		inputs = append(inputs, input{name: "filePath", kind: "string", description: "Path of the local file", required: true})
	} else {
		inputs = append(inputs,
			input{name: "fileName", kind: "string", required: true},
			input{name: "fileSize", kind: "integer", description: "Size in bytes", required: true},
			input{name: "contentType", kind: "string"})
	}
	if b.ExtraInput != "" {
		inputs = append(inputs, input{name: b.ExtraInput, kind: "string", required: true})
	}
	for i := range inputs {
		inputs[i].name = cmp.Or(b.InputNames[inputs[i].name], inputs[i].name)
	}
	return inputs
}

func (b AtlassianBehaviour) form() UploadForm { return cmp.Or(b.Form, UploadPut) }

// createLoomUpload answers step 1.
func (a *atlassian) createLoomUpload(c call) (any, error) {
	b := a.currentBehaviour()
	name := func(own string) string { return cmp.Or(b.InputNames[own], own) }
	u := &upload{form: b.form(), secret: newID(24), key: newID(16), partSize: cmp.Or(b.PartSize, defaultPartSize)}
	u.ID, u.Owner, u.Site = newID(16), c.email, c.site.ID
	u.Title, u.ContentType, u.Announced = c.text(name("title")), c.text(name("contentType")), c.number(name("fileSize"))
	u.FileName = path.Base(strings.ReplaceAll(cmp.Or(c.text(name("fileName")), c.text(name("filePath"))), `\`, "/"))
	u.Created = a.now()
	u.Expires = u.Created.Add(time.Duration(cmp.Or(b.ExpirySeconds, DefaultUploadExpiry.Seconds()) * float64(time.Second)))
	switch {
	case !slices.Contains(uploadTypes, strings.ToLower(path.Ext(u.FileName))):
		return nil, refusal(RefusalType)
	case u.Announced > cmp.Or(b.MaxSize, defaultMaxSize):
		return nil, refusal(RefusalSize)
	case b.MaxVideos > 0 && a.countVideos(c) >= b.MaxVideos:
		return nil, refusal(RefusalQuota)
	}
	if u.form == UploadParts {
		u.parts = make([]*uploadPart, max((u.Announced+u.partSize-1)/u.partSize, 1))
	}
	a.mu.Lock()
	a.uploads = append(a.uploads, u)
	a.mu.Unlock()
	answer := u.describe(c.base)
	if !b.HideUploadID {
		answer["videoId"] = a.videoRef(u.ID, u.Site)
	}
	return answer, nil
}

func (a *atlassian) countVideos(c call) (count int) {
	for _, v := range a.videos.list() {
		if v.Owner == c.email {
			count++
		}
	}
	return count
}

// publishLoomVideo answers step 2.
func (a *atlassian) publishLoomVideo(c call) (any, error) {
	id, _ := loomID(c.text("videoId"))
	a.mu.Lock()
	defer a.mu.Unlock()
	i := slices.IndexFunc(a.uploads, func(u *upload) bool { return u.ID == id && u.Owner == c.email && u.Site == c.site.ID })
	if i < 0 {
		return nil, refusal("Upload not found")
	}
	u, b := a.uploads[i], a.behaviour
	u.Publishes++
	u.completeParts()
	switch {
	case u.Published:
		a.violations = append(a.violations, "publishLoomVideo was called again for the published video "+u.ID)
		return nil, refusal("The video has already been published")
	case !u.Sent:
		return nil, refusal("The file has not been uploaded")
	case u.Size > cmp.Or(b.MaxSize, defaultMaxSize):
		return nil, refusal(RefusalSize)
	case b.MaxSeconds > 0 && u.Duration.Seconds() > b.MaxSeconds:
		return nil, refusal(RefusalDuration)
	}
	u.Published = true
	title := cmp.Or(u.Title, strings.TrimSuffix(u.FileName, path.Ext(u.FileName)))
	v := a.videos.add(Video{
		ID: u.ID, Title: title, Filename: u.FileName, Size: u.Size, SHA256: u.SHA256, Duration: u.Duration,
		Owner: u.Owner, Site: u.Site, Visibility: cmp.Or(b.Visibility, VisibilityPublic),
	}, c.base)
	if b.PublishBlank {
		return map[string]any{"success": true}, nil
	}
	id = v.ID
	if b.ResourceIDs {
		id = "ari:cloud:loom::video/" + v.ID
	}
	return map[string]any{"id": id, "url": v.ShareURL, "isComplete": false}, nil
}

// completeParts marks an upload in parts as sent once all have arrived.
func (u *upload) completeParts() {
	if u.form != UploadParts || u.Sent || slices.Contains(u.parts, nil) {
		return
	}
	for _, part := range u.parts {
		u.Size += part.size
	}
	u.SHA256, u.Sent = checksum(u.parts[len(u.parts)-1].sum), true
}

// resumable is a checksum whose state can be kept.
type resumable interface {
	encoding.BinaryMarshaler
	encoding.BinaryUnmarshaler
}
