package simulator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Visibilities of a Loom video.
const (
	VisibilityOwner     = "owner"
	VisibilityWorkspace = "workspace"
	VisibilityPublic    = "public"
)

var visibilities = []string{VisibilityOwner, VisibilityWorkspace, VisibilityPublic}

// maxListed is the largest page of listLoomVideos.
const maxListed = 50

// atlassianFolder is a folder of the Loom workspace of a site.
type atlassianFolder struct {
	id, name, site string
}

func defaultFolders(sites []AtlassianSite) (out []atlassianFolder) {
	for _, site := range sites {
		for _, name := range []string{"Customer calls", "Team meetings"} {
			out = append(out, atlassianFolder{id: newID(16), name: name, site: site.ID})
		}
	}
	return out
}

// isOwnedBy reports whether a video is in the library of the caller. Uploads through Loom's own page have no owner,
// because the simulated page has no accounts, and are in everybody's.
func (v Video) isOwnedBy(c call) bool {
	return v.Owner == "" || v.Owner == c.email && v.Site == c.site.ID
}

// findVideo returns a video of the caller by any form of its id.
func (a *atlassian) findVideo(c call) (Video, error) {
	id, _ := loomID(c.text("videoId"))
	if v, ok := a.videos.find(id); ok && v.isOwnedBy(c) {
		return v, nil
	}
	return Video{}, refusal("Loom video not found")
}

// loomID extracts the 32 hex digits from an id, a resource identifier or a share URL.
func loomID(text string) (string, bool) {
	if strings.HasPrefix(text, "ari:cloud:loom:") {
		text = text[strings.LastIndex(text, "/")+1:]
	}
	return videoID(text)
}

// videoRef returns the id under which a video is known to clients.
func (a *atlassian) videoRef(id, site string) string {
	if !a.currentBehaviour().ResourceIDs {
		return id
	}
	return fmt.Sprintf("ari:cloud:loom:%s:video/activation/0d9f5a3e-52aa-4b61-8c0f-3f2f6e5b7c10/%s", site, id)
}

// describe returns a video as getLoomVideo and listLoomVideos answer it. The names of most keys are those of Loom's
// published read model.
func (a *atlassian) describe(v Video, site string) map[string]any {
	visibility := v.Visibility
	if visibility == "" {
		visibility = VisibilityPublic
	}
	if v.Private {
		visibility = VisibilityOwner
	}
	complete := !a.isProcessing(v)
	out := map[string]any{
		"id": a.videoRef(v.ID, site), "name": v.Title, "url": v.ShareURL, "isComplete": complete, "isArchived": false,
		"sourceDuration": v.Duration.Seconds(), "playableDuration": nil, "visibility": visibility,
		"createdAt": v.Uploaded.UTC().Format(time.RFC3339), "folderId": nullable(v.Folder),
	}
	if complete {
		out["playableDuration"] = v.Duration.Seconds()
	}
	return out
}

// isProcessing reports whether a video isn't complete yet.
func (a *atlassian) isProcessing(v Video) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if v.Owner == "" {
		return false
	}
	reads := a.behaviour.ProcessingReads
	if reads == 0 {
		reads = 1
	}
	return a.behaviour.NeverComplete || a.polls[v.ID] < reads
}

func (a *atlassian) getLoomVideo(c call) (any, error) {
	v, err := a.findVideo(c)
	if err != nil {
		return nil, err
	}
	answer := a.describe(v, c.site.ID)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.polls[v.ID]++
	return answer, nil
}

// listLoomVideos lists the videos of the caller, newest first. Drafts come before them.
func (a *atlassian) listLoomVideos(c call) (any, error) {
	var owned []Video
	for _, v := range a.videos.list() {
		if v.isOwnedBy(c) {
			owned = append(owned, v)
		}
	}
	slices.Reverse(owned)
	start := 0
	if after := c.text("after"); after != "" {
		var err error
		if start, err = strconv.Atoi(after); err != nil || start < 0 || start > len(owned) {
			return nil, refusal("Invalid cursor")
		}
	}
	size := int(c.number("first"))
	if size <= 0 || size > maxListed {
		size = maxListed
	}
	end := min(start+size, len(owned))
	videos := []map[string]any{}
	if start == 0 {
		videos = a.describeDrafts(c)
	}
	for _, v := range owned[start:end] {
		videos = append(videos, a.describe(v, c.site.ID))
	}
	page := map[string]any{"hasNextPage": end < len(owned), "endCursor": nil}
	if end < len(owned) {
		page["endCursor"] = strconv.Itoa(end)
	}
	return map[string]any{"videos": videos, "pageInfo": page}, nil
}

// describeDrafts describes the caller's uploads that aren't published, newest first, if they are to be listed.
func (a *atlassian) describeDrafts(c call) []map[string]any {
	a.mu.Lock()
	defer a.mu.Unlock()
	drafts := []map[string]any{}
	for _, u := range slices.Backward(a.uploads) {
		if !a.behaviour.ListDrafts || u.Published || u.Owner != c.email || u.Site != c.site.ID {
			continue
		}
		drafts = append(drafts, map[string]any{
			"id": u.ID, "name": u.Title, "url": c.base + "/share/" + u.ID, "status": "draft", "isComplete": false,
			"sourceDuration": nil, "createdAt": u.Created.UTC().Format(time.RFC3339),
		})
	}
	return drafts
}

func (a *atlassian) renameLoomVideo(c call) (any, error) {
	return a.changeVideo(c, func(v *Video) { v.Title = c.text("title") })
}

func (a *atlassian) shareLoomVideo(c call) (any, error) {
	b := a.currentBehaviour()
	return a.changeVideo(c, func(v *Video) {
		if !b.FixedSharing {
			v.Visibility, v.Private = c.text("visibility"), false
		}
	})
}

func (a *atlassian) moveLoomVideo(c call) (any, error) {
	id := c.text("folderId")
	a.mu.Lock()
	known := slices.ContainsFunc(a.folders, func(f atlassianFolder) bool { return f.id == id && f.site == c.site.ID })
	a.mu.Unlock()
	if !known {
		return nil, refusal("Loom folder not found")
	}
	return a.changeVideo(c, func(v *Video) { v.Folder = id })
}

// changeVideo applies f to a video of the caller. The answer says nothing about the video.
func (a *atlassian) changeVideo(c call, f func(*Video)) (any, error) {
	v, err := a.findVideo(c)
	if err != nil {
		return nil, err
	}
	if err := a.videos.change(v.ID, f); err != nil {
		return nil, refusal("Loom video not found") // it was removed just now
	}
	return map[string]any{"success": true, "id": a.videoRef(v.ID, c.site.ID)}, nil
}

func (a *atlassian) listLoomFolders(c call) (any, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	folders := []map[string]any{}
	for _, f := range a.folders {
		if f.site == c.site.ID {
			folders = append(folders, map[string]any{"id": f.id, "name": f.name})
		}
	}
	return map[string]any{"folders": folders}, nil
}

func (a *atlassian) createLoomFolder(c call) (any, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	f := atlassianFolder{id: newID(16), name: c.text("name"), site: c.site.ID}
	a.folders = append(a.folders, f)
	return map[string]any{"id": f.id, "name": f.name}, nil
}
