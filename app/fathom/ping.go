package fathom

import (
	"context"
	"fmt"
	"net/http"

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

// Ping returns nil if Fathom responds, and otherwise an *[Error] or ctx.Err. It needs no key: a refusal is a response.
// It is sent once, and Config.OnAttempt isn't called.
func (c *Client) Ping(ctx context.Context) error {
	const op = "ping"
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base.String()+"/teams", nil)
	if err != nil {
		return fmt.Errorf("%s: create request: %w", op, outbound.WithoutURL(err))
	}
	req.Header.Set("User-Agent", c.userAgent)
	res, err := c.api.Do(req)
	if err != nil {
		return &Error{Op: op, Kind: KindUnavailable, cause: outbound.WithoutURL(err)}
	}
	defer res.Body.Close()
	if kind := kindOfStatus(res.StatusCode); kind == KindUnavailable || kind == KindRateLimited {
		return &Error{Op: op, Status: res.StatusCode, Kind: kind}
	}
	return nil
}
