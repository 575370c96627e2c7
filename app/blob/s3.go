package blob

// S3 is the engine that stores recordings in a bucket of an S3-compatible service.
type S3 struct{ Store }
