package blob

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/s3utils"

	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/app/parts"
)

const (
	defaultRegion      = "us-east-1" // services without regions expect it
	defaultIdleTimeout = 60 * time.Second
)

// S3Config configures an S3. Endpoint, Bucket, AccessKey and SecretKey are required.
type S3Config struct {
	Endpoint  string // URL without a path, which browsers must reach too
	Bucket    string
	Region    string // blank: the one in the host name of Amazon's endpoints, otherwise us-east-1
	AccessKey string
	SecretKey string
	PathStyle bool   // the bucket is in the path of URLs, not in the host name
	Prefix    string // of all keys in the bucket, without slashes at the ends; blank: none

	Network outbound.Network // how the service is reached

	Logger *slog.Logger // nil discards everything
	Now    func() time.Time
	Sleep  func(ctx context.Context, d time.Duration) error // nil means outbound.Sleep

	PartSize int64 // bytes of the parts of uploads; 0 means 16 MiB. Most services refuse less than 5 MiB

	// IdleTimeout is how long the service may send and accept nothing. 0 means 60 s.
	IdleTimeout time.Duration
}

// S3 is the engine that stores recordings in a bucket of an S3-compatible service, under the keys
// {prefix}/{database}/{recording}/{source}-{random}. A key is never used twice, so uploads of the same recording never
// mix. An upload is a multipart upload. It keeps two parts in memory, whatever the size of the recording.
type S3 struct {
	core   *minio.Core
	bucket string
	prefix string // blank, or with a slash at the end
	origin string

	logger    *slog.Logger
	now       func() time.Time
	sleep     func(ctx context.Context, d time.Duration) error
	transport *http.Transport
	partSize  int64
	signBody  bool // without TLS, a signature must protect the content of parts

	inUse   inUse // by the IDs of uploads
	buffers *parts.Buffers
}

var _ Store = (*S3)(nil)

// NewS3 creates the engine. It doesn't access the service; call Check for that. Errors never repeat the keys.
func NewS3(cfg S3Config) (*S3, error) {
	endpoint, err := outbound.ParseBaseURL(cfg.Endpoint)
	if err != nil {
		return nil, fmt.Errorf("parse S3 endpoint: %w", err)
	}
	if endpoint.Path != "" {
		return nil, errors.New("parse S3 endpoint: a path is not allowed")
	}
	if err := s3utils.CheckValidBucketName(cfg.Bucket); err != nil {
		return nil, errors.New("configure S3: bucket has an invalid name")
	}
	if cfg.AccessKey == "" || cfg.SecretKey == "" {
		return nil, errors.New("configure S3: access key and secret key are required")
	}
	transport := cfg.Network.BulkTransport()
	lookup := minio.BucketLookupDNS
	if cfg.PathStyle || net.ParseIP(endpoint.Hostname()) != nil || endpoint.Hostname() == "localhost" {
		lookup = minio.BucketLookupPath
	}
	core, err := minio.NewCore(endpoint.Host, &minio.Options{
		Creds:              credentials.NewStaticV4(cfg.AccessKey, cfg.SecretKey, ""),
		Secure:             endpoint.Scheme == "https",
		Transport:          outbound.Watch(transport, orDefault(cfg.IdleTimeout, defaultIdleTimeout)),
		Region:             cfg.Region,
		CustomRegionViaURL: regionOf,
		BucketLookup:       lookup,
		MaxRetries:         1, // S3.retry does that, for all kinds of calls
	})
	if err != nil {
		return nil, fmt.Errorf("configure S3: %w", outbound.WithoutURL(err))
	}
	core.SetAppInfo(outbound.UserAgent, "1")
	s := &S3{
		core: core, bucket: cfg.Bucket, logger: cfg.Logger, now: cfg.Now, sleep: cfg.Sleep,
		transport: transport, signBody: endpoint.Scheme == "http", partSize: cfg.PartSize,
	}
	if s.partSize == 0 {
		s.partSize = defaultPartSize
	}
	if prefix := strings.Trim(cfg.Prefix, "/"); prefix != "" {
		s.prefix = prefix + "/"
	}
	if s.logger == nil {
		s.logger = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.sleep == nil {
		s.sleep = outbound.Sleep
	}
	s.buffers = parts.NewBuffers(s.partSize)
	return s, s.findOrigin()
}

// findOrigin derives the origin of links from a link, because the client may use another host for Amazon's buckets.
func (s *S3) findOrigin() error {
	link, err := s.core.PresignedGetObject(context.Background(), s.bucket, "origin", time.Minute, nil) // needs no request
	if err != nil {
		return fmt.Errorf("configure S3: %w", outbound.WithoutURL(err))
	}
	s.origin = link.Scheme + "://" + link.Host
	return nil
}

// regionOf returns the region in the host name of an endpoint, or the default.
func regionOf(endpoint url.URL) string {
	host := endpoint.Hostname()
	if !strings.HasSuffix(host, ".amazonaws.com") {
		return defaultRegion
	}
	for label := range strings.SplitSeq(strings.TrimSuffix(host, ".amazonaws.com"), ".") {
		if strings.Count(label, "-") >= 2 && !strings.HasPrefix(label, "s3-") { // such as eu-central-1
			return label
		}
	}
	return defaultRegion
}

// Engine implements Store.
func (s *S3) Engine() Engine { return EngineS3 }

// Origin returns the scheme and host of all links, for a Content-Security-Policy.
func (s *S3) Origin() string { return s.origin }

// Location names the bucket and the prefix in it.
func (s *S3) Location() string { return s.origin + "/" + s.bucket + "/" + s.prefix }

// Close closes idle connections. The S3 remains usable.
func (s *S3) Close() { s.transport.CloseIdleConnections() }

// object returns the name of a key in the bucket.
func (s *S3) object(key string) string { return s.prefix + key }

func orDefault(d, fallback time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return fallback
}
