package doctor_test

import (
	"testing"

	"github.com/fathom-to-loom/fathom-to-loom/app/doctor"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

func TestS3IsTried(t *testing.T) {
	t.Parallel()
	bucket := s3test.Start(t, s3test.Options{})
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, bucket.Settings()...), "S3", doctor.OK, "stored, read and removed")
	missing := append(bucket.Settings(), "S3_BUCKET=another-bucket")
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, missing...), "S3", doctor.Fail, "The bucket in S3_BUCKET doesn't exist")
	away := append(bucket.Settings(), "S3_ENDPOINT="+nobody)
	requireFinding(t, examine(t, t.TempDir(), doctor.Config{}, away...), "S3", doctor.Warn, "can't be reached")
}
