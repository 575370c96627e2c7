package transfer_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

func TestOperatorLearnsWhyTransfersWait(t *testing.T) {
	t.Parallel()
	bucket, p := startWithS3(t, 3<<20)
	bucket.Fail(s3test.CreateMultipartUpload, s3test.Always, 403, "AccessDenied")
	for _, recordingID := range []int64{1001, 1002, 1003} {
		created := enqueueTransfer(p, recordingID)
		p.Eventually(func() bool { return p.Job(created.Text("id")).Text("error") != "" })
	}
	var reports []string
	for line := range strings.Lines(p.Log.String()) {
		if strings.Contains(line, "failed to use the storage for recordings") {
			reports = append(reports, line)
		}
	}
	require.Len(t, reports, 1, "at most one a minute")
	assert.Contains(t, reports[0], "level=ERROR")
	assert.Contains(t, reports[0], `advice="The S3 storage refuses the credentials: check S3_ACCESS_KEY`)
	assert.Contains(t, reports[0], "database="+p.Name)
}
