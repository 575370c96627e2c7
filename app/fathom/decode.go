package fathom

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/app/sanitize"
)

// Limits of a response. Compression makes a few bytes from the network many, and a few bytes of JSON can
// become large values in memory, so both are limited.
const (
	smallBody      = 1 << 20  // bytes after decompression: one summary, one download
	pageBody       = 8 << 20  // one page of meetings
	textPageBody   = 24 << 20 // one page of meetings with their texts
	transcriptBody = 32 << 20 // as much as a user database stores

	smallValues      = 100_000 // JSON values
	pageValues       = 500_000
	textPageValues   = 4_000_000
	transcriptValues = 2_000_000

	maxPageItems  = 100     // Fathom sends ten
	maxUtterances = 200_000 // of a transcript
	maxCursor     = 1 << 10 // bytes
	maxDepth      = 64

	errorBody   = 4 << 10
	discardBody = 64 << 10 // of a response whose status alone matters; reading it keeps the connection usable

	// A response beyond largeBody waits until fewer than maxLargeBodies others of this size are being read
	// in the process.
	largeBody      = 1 << 20
	maxLargeBodies = 2
)

// streamDecoder is a result that reads a response value by value, so that the response is never in memory
// as a whole.
type streamDecoder interface {
	decodeStream(decoder *json.Decoder) error
}

// decodeResponse decodes a successful response into out, which is nil if only the status matters. Its errors
// don't quote the body, because the body of a download contains a signed URL.
func (c *Client) decodeResponse(ctx context.Context, call call, res *http.Response, out any) error {
	if out == nil {
		_, _ = io.CopyN(io.Discard, res.Body, discardBody)
		return nil
	}
	body := &boundedBody{
		ctx: ctx, source: res.Body, limit: cmp.Or(call.limit, smallBody), values: cmp.Or(call.values, smallValues), large: c.largeBodies,
	}
	defer body.release()
	err := decodeBody(json.NewDecoder(body), out)
	invalid := &Error{Op: call.op, Status: res.StatusCode, Kind: KindInvalidResponse}
	syntax, isSyntax := errors.AsType[*json.SyntaxError](err)
	switch {
	case err == nil:
		return nil
	case body.exceeded != nil:
		invalid.Detail = body.exceeded.Error()
	case body.failed != nil:
		return &Error{Op: call.op, Status: res.StatusCode, Kind: KindUnavailable, cause: fmt.Errorf("read response: %w", outbound.WithoutURL(body.failed))}
	case isSyntax:
		invalid.Detail = fmt.Sprintf("not JSON at byte %d", syntax.Offset)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		invalid.Detail = fmt.Sprintf("JSON ends after %d bytes", body.read)
	default:
		invalid.Detail = sanitize.TruncateBytes(err.Error(), maxDetail)
	}
	return invalid
}

// decodeBody decodes the only value of a body.
func decodeBody(decoder *json.Decoder, out any) error {
	var err error
	if stream, ok := out.(streamDecoder); ok {
		err = stream.decodeStream(decoder)
	} else {
		err = decoder.Decode(out)
	}
	if err != nil {
		return err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return errors.New("data after the JSON value")
	}
	return nil
}

// decodeObject reads an object and calls the function of each known field, whose name is in lower case. It
// skips other fields without building their values.
func decodeObject(decoder *json.Decoder, fields map[string]func() error) error {
	if err := expect(decoder, '{'); err != nil {
		return err
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return err
		}
		decode := fields[strings.ToLower(fmt.Sprint(name))]
		if decode == nil {
			decode = func() error { return skipValue(decoder) }
		}
		if err := decode(); err != nil {
			return err
		}
	}
	return expect(decoder, '}')
}

// decodeArray reads an array, which may be null, and calls decode for each of its items.
func decodeArray(decoder *json.Decoder, decode func() error) error {
	switch token, err := decoder.Token(); {
	case err != nil:
		return err
	case token == nil:
		return nil
	case token != json.Delim('['):
		return errors.New("not a list")
	}
	for decoder.More() {
		if err := decode(); err != nil {
			return err
		}
	}
	return expect(decoder, ']')
}

func expect(decoder *json.Decoder, want json.Delim) error {
	token, err := decoder.Token()
	if err == nil && token != want {
		err = fmt.Errorf("no %s where one was expected", want)
	}
	return err
}

// skipValue reads a value token by token and drops it.
func skipValue(decoder *json.Decoder) error {
	for depth := 0; ; {
		token, err := decoder.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}
