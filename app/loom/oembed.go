package loom

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const (
	oembedOp   = "look up loom video"
	oembedBody = 1 << 20
	maxTitle   = 500 // bytes
)

// Video is what Loom says about a public video. Its HTML is left out: nobody
// should be tempted to put other people's markup into a page.
type Video struct {
	Title        string
	Duration     time.Duration // 0 when Loom does not say
	ThumbnailURL string        // https, or blank
	Width        int           // pixels, 0 when Loom does not say
	Height       int

	// TitleDiffers is set by Verify when the length agrees but the title does not.
	TitleDiffers bool
}

// Video asks Loom's oEmbed about a video. ErrNotFound: not there, or not public.
// *[Error]: Loom gave no usable answer; see its Temporary.
// https://dev.loom.com
func (c *Client) Video(ctx context.Context, share ShareURL) (Video, error) {
	query := url.Values{"url": {ShareURL{ID: share.ID, base: c.base.String()}.String()}, "format": {"json"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base.String()+"/v1/oembed?"+query.Encode(), nil)
	if err != nil {
		return Video{}, fmt.Errorf("%s: %w", oembedOp, err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "fathom-to-loom")

	res, err := c.http.Do(req)
	if err != nil {
		return Video{}, networkError(ctx, err)
	}
	defer res.Body.Close()
	c.log.DebugContext(ctx, "loom oembed", "video", share.ID, "status", res.StatusCode)

	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusGone:
		return Video{}, fmt.Errorf("%s: %w", oembedOp, ErrNotFound)
	default:
		return Video{}, &Error{Op: oembedOp, Status: res.StatusCode, RetryAfter: retryAfter(res.Header, c.now())}
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, oembedBody+1))
	if err != nil {
		return Video{}, networkError(ctx, err)
	}
	if len(body) > oembedBody {
		return Video{}, &Error{Op: oembedOp, Status: res.StatusCode, Detail: "answer is too large"}
	}
	return c.decode(body)
}

func (c *Client) decode(body []byte) (Video, error) {
	var answer struct {
		Type         string   `json:"type"`
		Title        string   `json:"title"`
		Duration     *float64 `json:"duration"`
		ThumbnailURL string   `json:"thumbnail_url"`
		Width        *float64 `json:"width"`
		Height       *float64 `json:"height"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return Video{}, &Error{Op: oembedOp, Status: http.StatusOK, Detail: "answer is not oEmbed JSON"}
	}
	if answer.Type != "video" {
		return Video{}, &Error{Op: oembedOp, Status: http.StatusOK, Detail: "answer is not about a video"}
	}
	v := Video{Title: cleanTitle(answer.Title), Width: pixels(answer.Width), Height: pixels(answer.Height)}
	if d := answer.Duration; d != nil && *d > 0 && *d < 1e6 {
		v.Duration = time.Duration(math.Round(*d * float64(time.Second)))
	}
	if v.Title == "" && v.Duration == 0 { // would prove any recording
		return Video{}, &Error{Op: oembedOp, Status: http.StatusOK, Detail: "answer has neither title nor duration"}
	}
	// It ends up in a page: nothing but a plain link to a picture.
	if u, err := url.Parse(answer.ThumbnailURL); err == nil && u.Host != "" && u.User == nil &&
		(u.Scheme == "https" || u.Scheme == c.base.Scheme) {
		v.ThumbnailURL = u.String()
	}
	return v, nil
}

func cleanTitle(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return ' '
		}
		return r
	}, s)
	return cutBytes(strings.Join(strings.Fields(s), " "), maxTitle)
}

func pixels(n *float64) int {
	if n == nil || *n < 0 || *n > 1e5 {
		return 0
	}
	return int(*n)
}

func networkError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", oembedOp, ctx.Err())
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	return &Error{Op: oembedOp, cause: err}
}

func retryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if s, err := strconv.ParseUint(v, 10, 16); err == nil {
		return time.Duration(s) * time.Second
	}
	if t, err := http.ParseTime(v); err == nil {
		return max(t.Sub(now), 0)
	}
	return 0
}

// cutBytes shortens s to at most n bytes at a rune boundary.
func cutBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
