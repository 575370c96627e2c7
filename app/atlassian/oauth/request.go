package oauth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

const (
	maxBody    = 256 << 10 // bytes of any response
	maxMessage = 300       // characters
	maxCode    = 60        // bytes of an error code
)

// request is one request to the authorization server or for metadata.
type request struct {
	op      string
	url     *url.URL
	method  string
	form    url.Values // sent as a form unless nil
	json    any        // sent as JSON unless nil
	client  Registration
	secrets []string // that errors must not repeat
}

// send sends a request once and decodes the JSON object in its response into out, unless out is nil.
func (c *Client) send(ctx context.Context, r request, out any) error {
	limited, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	var sent atomic.Bool
	req, err := r.create(httptrace.WithClientTrace(limited, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }}))
	if err != nil {
		return fmt.Errorf("%s: create request: %w", r.op, outbound.WithoutURL(err))
	}
	started := c.now()
	res, err := c.http.Do(req)
	if err != nil {
		return r.networkError(ctx, 0, sent.Load(), err)
	}
	defer res.Body.Close()
	c.logger.DebugContext(ctx, "called atlassian's authorization server", "op", r.op, "status", res.StatusCode, "took", c.now().Sub(started))

	body, err := outbound.ReadBody(res.Body, maxBody)
	if errors.Is(err, outbound.ErrBodyTooLarge) {
		return &Error{Op: r.op, Kind: KindProtocol, Status: res.StatusCode, Unclear: true, Err: err}
	}
	if err != nil {
		return r.networkError(ctx, res.StatusCode, true, err)
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		failed := r.refusal(res.StatusCode, body)
		failed.RetryAfter, _ = outbound.RetryAfter(res.Header, c.now())
		return failed
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(body, out); err != nil {
		return &Error{Op: r.op, Kind: KindProtocol, Status: res.StatusCode, Unclear: true, Err: errors.New("response is not the expected JSON")}
	}
	return nil
}

func (r request) create(ctx context.Context) (*http.Request, error) {
	var body io.Reader
	contentType := ""
	form := r.form
	switch {
	case form != nil:
		if r.client.ClientID != "" && !r.client.usesBasic() {
			form.Set("client_id", r.client.ClientID)
			if r.client.ClientSecret != "" {
				form.Set("client_secret", r.client.ClientSecret)
			}
		}
		body, contentType = strings.NewReader(form.Encode()), "application/x-www-form-urlencoded"
	case r.json != nil:
		encoded, err := json.Marshal(r.json)
		if err != nil {
			return nil, err
		}
		body, contentType = bytes.NewReader(encoded), "application/json"
	}
	req, err := http.NewRequestWithContext(ctx, r.method, r.url.String(), body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", outbound.UserAgent)
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	if r.client.usesBasic() { // RFC 6749, section 2.3.1, wants both encoded like a form
		req.SetBasicAuth(url.QueryEscape(r.client.ClientID), url.QueryEscape(r.client.ClientSecret))
	}
	return req, nil
}

func (r request) networkError(ctx context.Context, status int, sent bool, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", r.op, ctx.Err())
	}
	failed := &Error{Op: r.op, Kind: KindTemporary, Status: status, Unclear: sent, Err: outbound.WithoutURL(err)}
	if refusal, ok := errors.AsType[*outbound.Refusal](err); ok && !refusal.Temporary {
		failed.Kind = KindProtocol // the guard refuses the address every time
	}
	return failed
}

// deadTexts are descriptions of dead refresh tokens. Atlassian also uses them with codes other than invalid_grant.
var deadTexts = regexp.MustCompile(`(?i)refresh[_ ]token.{0,30}(?:invalid|expired|revoked|unknown)|(?:invalid|expired|revoked|unknown).{0,30}refresh[_ ]token`)

// refusal interprets an error response as RFC 6749, section 5.2, defines it.
func (r request) refusal(status int, body []byte) *Error {
	var answer struct {
		Error       any `json:"error"`
		Description any `json:"error_description"`
		Message     any `json:"message"`
	}
	_ = json.Unmarshal(body, &answer) // some responses come from a proxy and are not JSON
	code, _ := answer.Error.(string)
	text, _ := answer.Description.(string)
	if text == "" {
		text, _ = answer.Message.(string)
	}
	failed := &Error{Op: r.op, Kind: KindRefused, Status: status, Code: r.clean(code, maxCode), Message: r.clean(text, maxMessage)}
	switch {
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status >= 500, code == "temporarily_unavailable", code == "server_error":
		failed.Kind, failed.Unclear = KindTemporary, status >= 500
	case status < 400:
		failed.Kind, failed.Err = KindProtocol, errors.New("server redirects")
	case code == "invalid_grant", deadTexts.MatchString(text):
		failed.Kind = KindDead
	case code == "invalid_client", code == "unauthorized_client":
		failed.Kind = KindClient
	case code == "" && (status == http.StatusNotFound || status == http.StatusGone || status == http.StatusMethodNotAllowed):
		failed.Kind, failed.Err = KindProtocol, errors.New("nothing at this address")
	}
	return failed
}

func (r request) clean(text string, limit int) string {
	text = redact.Message(text, append(r.secrets, r.client.ClientSecret)...)
	return sanitize.Truncate(strings.ToValidUTF8(strings.Join(strings.Fields(sanitize.SingleLine(text)), " "), ""), limit)
}
