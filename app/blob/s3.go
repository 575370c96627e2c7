package blob

import "context"

// S3 is the engine that stores recordings in a bucket of an S3-compatible service.
type S3 struct{ Store }

type S3Config struct {
	Endpoint, Bucket, Region, AccessKey, SecretKey, Prefix string
	PathStyle                                              bool
	Logger                                                 any
}

func NewS3(S3Config) (*S3, error) { return nil, nil }

func (s *S3) DeleteUploads(ctx context.Context, database, recording string) error { return nil }
