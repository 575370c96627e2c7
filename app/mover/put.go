package mover

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/backoff"
	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

const (
	maxAttempts = 6               // to store a part
	retryFor    = 3 * time.Minute // no further attempt begins after this time
	maxAnswer   = 64 << 10        // bytes of a response that are read
)

var (
	retryDelay = backoff.Policy{Base: 250 * time.Millisecond, Max: 8 * time.Second, Jitter: 0.5}

	// answerCode finds the code in an error response of S3. The rest of the response may quote anything.
	answerCode = regexp.MustCompile(`<Code>([A-Za-z]{1,64})</Code>`)
	// expiredCodes are those with which some services refuse expired addresses, with status 400.
	expiredCodes = map[string]bool{"ExpiredToken": true, "RequestExpired": true, "TokenRefreshRequired": true}
)

// put stores a part. All attempts send the same bytes. The error is a *dispatch.Failure or that of ctx.
func (m *Mover) put(ctx context.Context, address string, number int, content []byte) (etag string, err error) {
	began := time.Now()
	for attempt := 1; ; attempt++ {
		etag, failure, mayPass := m.putOnce(ctx, address, content)
		if failure == nil {
			return etag, nil
		}
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		failure.Detail = fmt.Sprintf("store part %d: %s", number, failure.Detail)
		wait := retryDelay.Delay(attempt)
		if !mayPass || attempt >= maxAttempts || time.Since(began)+wait > retryFor {
			return "", failure
		}
		m.logger.DebugContext(ctx, "retrying to store a part", "attempt", attempt, "wait", wait, "error", failure)
		if err := m.sleep(ctx, wait); err != nil {
			return "", err
		}
	}
}

// putOnce sends a part. mayPass reports whether a failure may have passed after some seconds.
func (m *Mover) putOnce(ctx context.Context, address string, content []byte) (etag string, failure *dispatch.Failure, mayPass bool) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, address, io.NopCloser(bytes.NewReader(content)))
	if err != nil {
		return "", invalid("unusable address"), false
	}
	req.ContentLength = int64(len(content))
	req.Header.Set("User-Agent", outbound.UserAgent)
	res, err := m.storage.Do(req)
	if err != nil {
		return "", m.networkFailure(ctx, address, err), !isRefusal(err)
	}
	defer res.Body.Close()
	answer, _ := outbound.ReadBody(res.Body, maxAnswer) // so that the connection can be used again
	if res.StatusCode >= 200 && res.StatusCode < 300 {
		if etag := res.Header.Get("ETag"); etag != "" {
			return etag, nil, false
		}
		return "", &dispatch.Failure{Kind: dispatch.KindStorage, Status: res.StatusCode, Detail: "response has no ETag"}, false
	}
	failure, mayPass = statusFailure(res.StatusCode, answer)
	return "", failure, mayPass
}

func statusFailure(status int, answer []byte) (failure *dispatch.Failure, mayPass bool) {
	failure = &dispatch.Failure{Kind: dispatch.KindStorage, Status: status, Detail: fmt.Sprintf("status %d", status)}
	code := ""
	if found := answerCode.FindSubmatch(answer); found != nil {
		code = string(found[1])
		failure.Detail += " " + code
	}
	switch {
	case status == http.StatusForbidden, status == http.StatusUnauthorized, expiredCodes[code]:
		failure.Kind = dispatch.KindAddresses
	case status == http.StatusNotFound:
		failure.Kind = dispatch.KindUploadLost
	case status == http.StatusInsufficientStorage: // nobody frees space within seconds
	case status >= 500, status == http.StatusRequestTimeout, status == http.StatusTooManyRequests:
		mayPass = true
	}
	return failure, mayPass
}

func (m *Mover) networkFailure(ctx context.Context, address string, err error) *dispatch.Failure {
	if isRefusal(err) {
		m.logger.WarnContext(ctx, "refused to store a part: the storage is not allowed", "error", outbound.WithoutPartsOf(err, address))
		return invalid("host of the storage is not allowed")
	}
	return &dispatch.Failure{Kind: dispatch.KindStorage, Detail: outbound.WithoutPartsOf(err, address).Error()}
}

// isRefusal reports whether the guard has refused the storage for good.
func isRefusal(err error) bool {
	refusal, ok := errors.AsType[*outbound.Refusal](err)
	return ok && !refusal.Temporary
}
