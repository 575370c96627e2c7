package inspect

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Preparing a file can take long. The run looks at it after 1, 2, 4 … seconds.
const (
	maxPreparation = 10 * time.Minute
	maxPoll        = 2 * time.Minute
)

// askDownload has a recording's file prepared, and reads its first bytes.
func (p *probe) askDownload(ctx context.Context) error {
	if p.cfg.Download == 0 {
		return nil
	}
	path := fmt.Sprintf("/recordings/%d/download", p.cfg.Download)
	post := request{method: http.MethodPost, path: path, body: struct{}{}}
	first, err := p.send(ctx, post)
	if err != nil {
		return err
	}
	id, _ := first.field("download_id").(string)
	p.answer("A requested file", "status %d, %v", first.status, p.redactor.Value("status", first.field("status")))
	if id == "" {
		return nil
	}
	second, err := p.send(ctx, post)
	if err != nil {
		return err
	}
	p.answer("A second request for the same file is the same download", "%t", second.field("download_id") == id)
	ready, waited, err := p.waitForFile(ctx, fmt.Sprintf("/recordings/%d/downloads/%s", p.cfg.Download, url.PathEscape(id)), first)
	if err != nil {
		return err
	}
	p.answer("The file", "%v after %.0f s", p.redactor.Value("status", ready.field("status")), waited.Seconds())
	return p.askFile(ctx, ready)
}

// askDestination requests the file once more, with an address that Fathom posts to when it is ready. Whether that
// arrives, only its receiver can see.
func (p *probe) askDestination(ctx context.Context) error {
	if p.cfg.Download == 0 || p.cfg.DestinationURL == "" {
		return nil
	}
	path := fmt.Sprintf("/recordings/%d/download", p.cfg.Download)
	got, err := p.send(ctx, request{method: http.MethodPost, path: path, body: map[string]string{"destination_url": p.cfg.DestinationURL}})
	if err != nil {
		return err
	}
	p.answer("A requested file with a destination", "status %d, %s", got.status, shapeOf(got))
	return nil
}

// waitForFile polls until a download is no longer being prepared.
func (p *probe) waitForFile(ctx context.Context, path string, got response) (response, time.Duration, error) {
	var waited time.Duration
	for poll := time.Second; got.field("status") == "processing" && waited < maxPreparation; poll = min(2*poll, maxPoll) {
		if err := p.cfg.Sleep(ctx, poll); err != nil {
			return response{}, 0, err
		}
		waited += poll
		var err error
		if got, err = p.get(ctx, path, nil); err != nil {
			return response{}, 0, err
		}
	}
	return got, waited, nil
}

// askFile asks the file's host for the first bytes of the file, without the key.
func (p *probe) askFile(ctx context.Context, ready response) error {
	for _, kind := range []string{"video", "audio"} {
		file, _ := ready.field(kind).(map[string]any)
		link, _ := file["url"].(string)
		if link == "" {
			continue
		}
		ranged, err := p.send(ctx, request{method: http.MethodGet, url: link, header: map[string]string{"Range": "bytes=0-1023"}})
		if err != nil {
			return err
		}
		p.answer("Range at the file's host", "status %d, %d bytes, Content-Range %q", ranged.status, len(ranged.body), ranged.header.Get("Content-Range"))
		head, err := p.send(ctx, request{method: http.MethodHead, url: link})
		if err != nil {
			return err
		}
		p.answer("HEAD at the file's host", "status %d, Content-Length %q", head.status, head.header.Get("Content-Length"))
	}
	return nil
}
