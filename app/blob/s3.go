package blob

import "log/slog"

// S3 is the engine that stores recordings in a bucket of an S3-compatible service.
type S3 struct{ Store }
type S3Config struct{ Endpoint, Bucket, Region, AccessKey, SecretKey, Prefix string; PathStyle bool; Logger *slog.Logger }
func NewS3(S3Config) (*S3, error) { return nil, nil }
