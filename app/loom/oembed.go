package loom

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

const (
	oembedOp   = "look up loom video"
	oembedBody = 1 << 20 // bytes
	maxTitle   = 500     // bytes
)

// Video is Loom's description of a public video.
type Video struct {
	Title    string
	Duration time.Duration // 0 when Loom gives none
}

// Video looks up a video through Loom's oEmbed endpoint. It returns ErrNotFound for a video that doesn't
// exist or isn't public, an *[Error] when Loom gives no usable response, and ctx.Err when ctx ends.
// https://dev.loom.com
func (c *Client) Video(ctx context.Context, share ShareURL) (Video, error) {
	query := url.Values{"url": {ShareURL{ID: share.ID, base: c.base.String()}.String()}, "format": {"json"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base.String()+"/v1/oembed?"+query.Encode(), nil)
	if err != nil {
		return Video{}, fmt.Errorf("%s: %w", oembedOp, err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", outbound.UserAgent)

	res, err := c.http.Do(req)
	if err != nil {
		return Video{}, networkError(ctx, err)
	}
	defer res.Body.Close()
	c.logger.DebugContext(ctx, "called loom oembed", "video", share.ID, "status", res.StatusCode)

	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusGone:
		return Video{}, fmt.Errorf("%s: %w", oembedOp, ErrNotFound)
	default:
		failure := &Error{Op: oembedOp, Status: res.StatusCode}
		failure.RetryAfter, _ = outbound.RetryAfter(res.Header, time.Now())
		return Video{}, failure
	}
	body, err := outbound.ReadBody(res.Body, oembedBody)
	if errors.Is(err, outbound.ErrBodyTooLarge) {
		return Video{}, unusable("response is too large")
	}
	if err != nil {
		return Video{}, networkError(ctx, err)
	}
	return decodeVideo(body)
}

func decodeVideo(body []byte) (Video, error) {
	var answer struct {
		Type     string   `json:"type"`
		Title    string   `json:"title"`
		Duration *float64 `json:"duration"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return Video{}, unusable("response is not oEmbed JSON")
	}
	if answer.Type != "video" {
		return Video{}, unusable("response is not about a video")
	}
	v := Video{Title: cleanTitle(answer.Title)}
	if d := answer.Duration; d != nil && *d > 0 && *d < 1e6 {
		v.Duration = time.Duration(math.Round(*d * float64(time.Second)))
	}
	if v.Title == "" && v.Duration == 0 { // such a video would match any recording
		return Video{}, unusable("response has neither title nor duration")
	}
	return v, nil
}

func unusable(detail string) *Error {
	return &Error{Op: oembedOp, Status: http.StatusOK, Detail: detail}
}

func cleanTitle(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return ' '
		}
		return r
	}, s)
	return sanitize.TruncateBytes(strings.Join(strings.Fields(s), " "), maxTitle)
}

func networkError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", oembedOp, ctx.Err())
	}
	return &Error{Op: oembedOp, cause: outbound.WithoutURL(err)}
}
