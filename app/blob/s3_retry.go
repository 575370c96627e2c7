package blob

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/fathom-to-loom/fathom-to-loom/app/backoff"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

// errNoUpload means that the service doesn't know a multipart upload: it was completed, aborted or swept.
var errNoUpload = errors.New("multipart upload doesn't exist")

// errWrongParts means that the service has other parts than the state of the upload names.
var errWrongParts = errors.New("multipart upload has other parts")

// patience limits the attempts at one call.
type patience struct {
	attempts int
	total    time.Duration // no further attempt begins after this time
}

var (
	once     = patience{attempts: 1}                          // the caller retries
	briefly  = patience{attempts: 3, total: 10 * time.Second} // somebody waits for the answer
	steadily = patience{attempts: 6, total: 3 * time.Minute}  // a part that is in memory
)

var retryDelay = backoff.Policy{Base: 250 * time.Millisecond, Max: 8 * time.Second, Jitter: 0.5}

// retry calls the service until it succeeds, fails for a reason that won't pass, or patience runs out. The error is
// one of those that Store documents, or errNoUpload or errWrongParts.
func (s *S3) retry(ctx context.Context, op string, limit patience, call func() error) error {
	began := s.now()
	for attempt := 1; ; attempt++ {
		err := s.explain(ctx, op, call())
		failure, ok := errors.AsType[*Error](err)
		if !ok || !failure.mayPass() || attempt >= limit.attempts {
			return err
		}
		wait := retryDelay.Delay(attempt)
		if s.now().Sub(began)+wait > limit.total {
			return err
		}
		s.logger.DebugContext(ctx, "retrying request to S3", "operation", op, "attempt", attempt, "wait", wait, "error", err)
		if s.sleep(ctx, wait) != nil {
			return s.explain(ctx, op, ctx.Err())
		}
	}
}

// mayPass reports whether a failure may have passed after some seconds.
func (e *Error) mayPass() bool {
	return e.Kind == KindUnreachable || e.Kind == KindSlow || (e.Kind == KindFailed && e.Temporary())
}

// kindOfCode classifies the error codes of S3 and of the services that speak its protocol.
var kindOfCode = map[string]Kind{
	"AccessDenied": KindCredentials, "AllAccessDisabled": KindCredentials, "AccountProblem": KindCredentials,
	"InvalidAccessKeyId": KindCredentials, "SignatureDoesNotMatch": KindCredentials, "InvalidSecurity": KindCredentials,
	"NotSignedUp": KindCredentials, "InvalidToken": KindCredentials, "ExpiredToken": KindCredentials,
	"Unauthorized": KindCredentials, "Forbidden": KindCredentials, "UnauthorizedAccess": KindCredentials,

	"RequestTimeTooSkewed": KindClock, "RequestExpired": KindClock, "RequestInTheFuture": KindClock,

	"NoSuchBucket": KindNoBucket, "InvalidBucketName": KindNoBucket,

	"AuthorizationHeaderMalformed": KindRegion, "InvalidRegion": KindRegion, "PermanentRedirect": KindRegion,
	"TemporaryRedirect": KindRegion, "IllegalLocationConstraintException": KindRegion, "MovedPermanently": KindRegion,

	"QuotaExceeded": KindFull, "XMinioStorageFull": KindFull, "XMinioAdminBucketQuotaExceeded": KindFull,
	"InsufficientStorage": KindFull, "InsufficientCapacity": KindFull, "StorageFull": KindFull,

	"SlowDown": KindSlow, "SlowDownRead": KindSlow, "SlowDownWrite": KindSlow, "RequestTimeout": KindSlow,
	"Throttling": KindSlow, "ThrottlingException": KindSlow, "RequestLimitExceeded": KindSlow,
	"RequestThrottled": KindSlow, "TooManyRequests": KindSlow, "ServiceUnavailable": KindSlow,
	"OperationTimedOut": KindSlow,
}

// kindOfStatus classifies responses whose code isn't known, for instance those of a proxy.
var kindOfStatus = map[int]Kind{
	http.StatusUnauthorized: KindCredentials, http.StatusForbidden: KindCredentials,
	http.StatusMovedPermanently: KindRegion, http.StatusTemporaryRedirect: KindRegion,
	http.StatusInsufficientStorage: KindFull, http.StatusRequestTimeout: KindSlow, http.StatusTooManyRequests: KindSlow,
	http.StatusServiceUnavailable: KindSlow, http.StatusGatewayTimeout: KindSlow,
}

var (
	codePattern   = regexp.MustCompile(`^[A-Za-z]{1,64}$`)
	regionPattern = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)
)

// explain turns an error of the client into one that Store documents. It drops the service's message, which may quote
// anything.
func (s *S3) explain(ctx context.Context, op string, err error) error {
	if err == nil {
		return nil
	}
	if ctxErr := ctx.Err(); ctxErr != nil {
		return ctxErr
	}
	if failure, ok := errors.AsType[*Error](err); ok {
		return failure
	}
	if errors.Is(err, outbound.ErrStalled) {
		return &Error{Op: op, Kind: KindSlow, cause: outbound.ErrStalled}
	}
	response, ok := errors.AsType[minio.ErrorResponse](err)
	if !ok {
		if isOwnError(err) {
			return err
		}
		return &Error{Op: op, Kind: KindUnreachable, cause: outbound.WithoutURL(err)}
	}
	switch response.Code {
	case "NoSuchKey":
		return ErrNotFound
	case "NoSuchUpload":
		return errNoUpload
	case "InvalidPart", "InvalidPartOrder", "EntityTooSmall":
		return errWrongParts
	}
	failure := &Error{Op: op, Kind: KindFailed, Status: response.StatusCode}
	if codePattern.MatchString(response.Code) {
		failure.Code = response.Code
	}
	if kind, ok := kindOfCode[response.Code]; ok {
		failure.Kind = kind
	} else if kind, ok := kindOfStatus[response.StatusCode]; ok {
		failure.Kind = kind
	}
	if failure.Kind == KindRegion && regionPattern.MatchString(response.Region) {
		failure.Region = response.Region
	} else if response.Code == "AuthorizationHeaderMalformed" && !strings.Contains(response.Message, "region") {
		failure.Kind = KindCredentials // the access key is malformed
	}
	return failure
}

// isOwnError reports whether an error comes from this package.
func isOwnError(err error) bool {
	for _, ours := range []error{ErrNotFound, ErrUploadLost, errNoUpload, errWrongParts} {
		if errors.Is(err, ours) {
			return true
		}
	}
	return false
}
