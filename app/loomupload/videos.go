package loomupload

import (
	"context"
	"slices"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

// pageSize is how many videos a page has, if the schema allows.
const pageSize = 50

// Folder is a folder at Loom.
type Folder struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// List returns a page of the account's own videos that are published, in Loom's order. It may be empty. cursor is blank for the first page, and next for the
// following one; a blank next means that there is none. Errors are *[Problem] or that of ctx.
func (u *Uploads) List(ctx context.Context, account Account, cursor string) (videos []Video, next string, err error) {
	l := u.open(account)
	defer l.close()
	found, next, err := l.list(ctx, cursor)
	for _, video := range found {
		if !video.unpublished {
			videos = append(videos, video.Video)
		}
	}
	return videos, next, err
}

// Get returns a video, which is named by an id or by its share link. The error is a *[Problem] of KindNotFound if Loom has
// no such video or the account can't see it, another *[Problem], or that of ctx.
func (u *Uploads) Get(ctx context.Context, account Account, idOrURL string) (Video, error) {
	id := strings.TrimSpace(idOrURL)
	if shares := u.loom.FindShareURLs(id); len(shares) == 1 {
		id = shares[0].ID
	}
	l := u.open(account)
	defer l.close()
	video, err := l.get(ctx, id)
	return video.Video, err
}

// Folders returns the folders of the account, at most a thousand. Errors are *[Problem] or that of ctx.
func (u *Uploads) Folders(ctx context.Context, account Account) ([]Folder, error) {
	l := u.open(account)
	defer l.close()
	return l.folders(ctx)
}

// get looks up a video.
func (l *line) get(ctx context.Context, id string) (answered, error) {
	answer, err := l.call(ctx, opGet, true, l.fillVideo(l.uploads.videoValues(id)))
	if isKind(err, KindNotFound, KindContract) && id == hexID(id) && id != "" {
		// Some operations know videos by their resource names only.
		if answer2, err2 := l.call(ctx, opGet, true, l.fillVideo(l.uploads.videoValues(resourceName(id)))); err2 == nil {
			answer, err = answer2, nil
		}
	}
	if err != nil {
		return answered{}, err
	}
	video, ok := l.uploads.readVideo(decodeAnswer(answer))
	if !ok {
		return answered{}, contractProblem("Loom's answer about a video has neither its title nor its length.")
	}
	if video.ShareURL == "" {
		video.ShareURL = l.uploads.shareURLOf(video.ID)
	}
	return video, nil
}

// videoValues name a video in each way that operations may want.
func (u *Uploads) videoValues(id string) values {
	v := values{meansVideo: {plain: id}}
	if hex := hexID(id); hex != "" {
		v[meansVideo] = value{plain: id, forms: []any{hex, resourceName(hex)}}
		v.setText(meansShareURL, u.shareURLOf(hex))
	}
	return v
}

func resourceName(hex string) string { return "ari:cloud:loom::video/" + hex }

// shareURLOf returns the link to a video, or a blank string if its id doesn't have the form that links have.
func (u *Uploads) shareURLOf(id string) string {
	share, ok := u.loom.ShareURLOf(strings.ToLower(id))
	if !ok {
		return ""
	}
	return share.String()
}

// list returns a page of videos.
func (l *line) list(ctx context.Context, cursor string) (videos []answered, next string, err error) {
	known := values{meansLimit: {plain: int64(pageSize), shorten: true}}
	known.setText(meansCursor, cursor)
	var must []meaning
	if cursor != "" {
		must = append(must, meansCursor)
	}
	answer, err := l.call(ctx, opList, true, l.fillWith(known, must...))
	if err != nil {
		return nil, "", err
	}
	items, next, ok := readList(decodeList(answer), "videos", "looms")
	if !ok {
		return nil, "", contractProblem("Loom's answer has no list of videos.")
	}
	for _, item := range items {
		video, ok := l.uploads.readVideoObject(item)
		if !ok {
			continue
		}
		if video.ShareURL == "" {
			video.ShareURL = l.uploads.shareURLOf(video.ID)
		}
		videos = append(videos, video)
	}
	if next == cursor {
		next = ""
	}
	return videos, next, nil
}

const maxFolders = 1000

func (l *line) folders(ctx context.Context) (folders []Folder, err error) {
	cursor := ""
	for len(folders) < maxFolders {
		known := values{meansLimit: {plain: int64(pageSize), shorten: true}}
		known.setText(meansCursor, cursor)
		answer, err := l.call(ctx, opFolders, true, l.fillWith(known))
		if err != nil {
			return nil, err
		}
		items, next, ok := readList(decodeList(answer), "folders")
		if !ok {
			return nil, contractProblem("Loom's answer has no list of folders.")
		}
		for _, item := range items {
			folder := Folder{ID: item.id("id", "folderid", "ari"), Name: sanitize.Truncate(sanitize.SingleLine(item.text("name", "title")), maxTitle)}
			if folder.ID != "" && !slices.Contains(folders, folder) {
				folders = append(folders, folder)
			}
		}
		if next == "" || next == cursor || len(items) == 0 {
			break
		}
		cursor = next
	}
	return folders[:min(len(folders), maxFolders)], nil
}
