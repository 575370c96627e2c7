package userdb

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

func TestVerificationLeavesS3AloneOnceItHasFailed(t *testing.T) {
	t.Parallel()
	for name, verify := range map[string]func(*s3Harness, context.Context, func(Verification)) error{
		"databases, one after the other": func(h *s3Harness, ctx context.Context, report func(Verification)) error {
			return h.Verify(ctx, nil, 1, report)
		},
		"databases, all at once": func(h *s3Harness, ctx context.Context, report func(Verification)) error {
			return h.Verify(ctx, nil, 4, report)
		},
		"recordings": func(h *s3Harness, ctx context.Context, report func(Verification)) error {
			return h.VerifyRecordings(ctx, nil, true, report)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newS3Harness(t)
			const count = 4
			for i := range count {
				handle := h.acquire(h.provision(fmt.Sprintf("%d@example.com", i)).Name)
				h.storeRecording(handle.Database, 1, "in S3")
				lost := h.saveRecording(handle.Database, 2, "", "on disk")
				require.NoError(t, os.Remove(h.writeRecording(handle.Name, lost, "on disk")))
				handle.Release()
			}
			h.s3.Disconnect(s3test.ListObjects, s3test.Always)
			h.s3.Disconnect(s3test.HeadObject, s3test.Always)
			var problems []string
			require.NoError(t, verify(h, t.Context(), func(v Verification) {
				assert.False(t, v.Skipped)
				problems = append(problems, v.Problems...)
			}))
			text := strings.Join(problems, "\n")
			assert.Equal(t, 1, strings.Count(text, "storage can't be reached"), text)
			assert.Equal(t, 1, strings.Count(text, "aren't checked in this and all further databases"), text)
			assert.Equal(t, count, strings.Count(text, "is missing"), "what is on disk is still checked: %s", text)
			assert.NotContains(t, text, "missing in S3")
			requests := h.s3.Count(s3test.ListObjects) + h.s3.Count(s3test.HeadObject)
			if strings.Contains(name, "all at once") {
				assert.LessOrEqual(t, requests, 3*count)
			} else {
				assert.Equal(t, 3, requests, "the attempts at one request")
			}

			h.s3.ClearFaults()
			require.NoError(t, h.Verify(t.Context(), nil, 1, func(v Verification) {
				assert.NotContains(t, strings.Join(v.Problems, "\n"), "S3", "the next verification tries again")
			}))
		})
	}
}

func TestChecksumsOfRecordingsAreNotReadOnceS3HasFailed(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	for i := range 3 {
		handle := h.acquire(h.provision(fmt.Sprintf("%d@example.com", i)).Name)
		for number := range 2 {
			recording := h.storeRecording(handle.Database, number+1, "video")
			recording.Set("sha256", strings.Repeat("0", 64))
			require.NoError(t, handle.App.UnsafeWithoutHooks().SaveNoValidate(recording))
		}
		handle.Release()
	}
	verify := func() string {
		var problems []string
		require.NoError(t, h.VerifyRecordings(t.Context(), nil, true, func(v Verification) {
			problems = append(problems, v.Problems...)
		}))
		return strings.Join(problems, "\n")
	}
	assert.Equal(t, 6, strings.Count(verify(), "is damaged"))
	h.s3.Fail(s3test.HeadObject, s3test.Always, 403, "AccessDenied")
	before := h.s3.Count(s3test.HeadObject)
	text := verify()
	assert.Equal(t, 1, strings.Count(text, "refused the credentials"), text)
	assert.Equal(t, 1, strings.Count(text, "\n")+1, text)
	assert.Equal(t, 1, h.s3.Count(s3test.HeadObject)-before)
}

func (h *harness) problems(name string) (problems []string) {
	h.t.Helper()
	require.NoError(h.t, h.Verify(h.t.Context(), []string{name}, 1, func(v Verification) { problems = v.Problems }))
	return problems
}

func TestVerifyChecksRecordingsInS3WithOneList(t *testing.T) {
	t.Parallel()
	h := newS3Harness(t)
	handle := h.acquire(h.provision("ada@example.com").Name)
	defer handle.Release()
	for i := 1; i <= 20; i++ {
		h.storeRecording(handle.Database, i, "video")
	}
	missing, shorter := h.storeRecording(handle.Database, 21, "video"), h.storeRecording(handle.Database, 22, "video")
	assert.Empty(t, h.problems(handle.Name))
	assert.Equal(t, 1, h.s3.Count(s3test.ListObjects))
	assert.Zero(t, h.s3.Count(s3test.HeadObject))

	h.s3.Remove(missing.GetString("blob"))
	h.s3.Put(t, shorter.GetString("blob"), []byte("vid"))
	problems := strings.Join(h.problems(handle.Name), "\n")
	assert.Contains(t, problems, "file of recording "+missing.Id+" is missing in S3")
	assert.Contains(t, problems, "file of recording "+shorter.Id+" has 3 bytes in S3 instead of 5")
	assert.Equal(t, 2, strings.Count(problems, "recording "))

	h.s3.Before(s3test.ListObjects, 1, func() { // deleted during the verification
		for _, recording := range []*core.Record{missing, shorter} {
			_, err := handle.App.NonconcurrentDB().Delete(schema.Recordings, dbx.HashExp{"id": recording.Id}).Execute()
			assert.NoError(t, err)
		}
	})
	assert.Empty(t, h.problems(handle.Name))

	h.s3.Fail(s3test.ListObjects, s3test.Always, 403, "AccessDenied")
	problems = strings.Join(h.problems(handle.Name), "\n")
	assert.Equal(t, 1, strings.Count(problems, "AccessDenied"), problems)
	h.blobs.S3 = nil
	problems = strings.Join(h.problems(handle.Name), "\n")
	assert.Equal(t, 1, strings.Count(problems, "isn't configured"), problems)
}
