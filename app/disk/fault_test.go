package disk_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"syscall"
	"testing"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/tools/router"
	"github.com/stretchr/testify/assert"
	_ "modernc.org/sqlite"

	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
	"github.com/fathom-to-loom/fathom-to-loom/internal/dbtest"
)

func TestFaultOfAnError(t *testing.T) {
	full := dbtest.FailedInsert(t, "PRAGMA max_page_count = 2")
	readOnly := dbtest.FailedInsert(t, "PRAGMA query_only = 1")
	other := dbtest.FailedInsert(t, "DROP TABLE t")
	for name, c := range map[string]struct {
		err  error
		want disk.Fault
	}{
		"none":                     {nil, disk.NoFault},
		"SQLite is full":           {full, disk.Full},
		"SQLite is read-only":      {readOnly, disk.ReadOnly},
		"another error of SQLite":  {other, disk.NoFault},
		"no space":                 {&fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, disk.Full},
		"quota of the system":      {fmt.Errorf("write: %w", syscall.EDQUOT), disk.Full},
		"read-only file system":    {fmt.Errorf("write: %w", syscall.EROFS), disk.ReadOnly},
		"broken disk":              {syscall.EIO, disk.Failing},
		"no permission":            {syscall.EACCES, disk.NoFault},
		"joined":                   {errors.Join(errors.New("other"), full), disk.Full},
		"failed rollback":          {dbx.Errors{full, errors.New("no transaction is active")}, disk.Full},
		"failed rollback, wrapped": {fmt.Errorf("save: %w", dbx.Errors{errors.New("other"), readOnly}), disk.ReadOnly},
		"API error":                {router.NewBadRequestError("Failed to create record.", full), disk.Full},
		"validation":               {router.NewBadRequestError("", validation.Errors{"file": full}), disk.Full},
		"the text of a user":       {router.NewBadRequestError(full.Error(), errors.New(full.Error())), disk.NoFault},
		"API error without cause":  {router.NewBadRequestError("", nil), disk.NoFault},
		"inside a batch": {&router.ApiError{Status: http.StatusBadRequest, Data: map[string]any{"requests": map[string]any{
			"1": map[string]any{"response": router.NewBadRequestError("Failed to create record.", full)},
		}}}, disk.Full},
	} {
		assert.Equal(t, c.want, disk.FaultOf(c.err), name)
	}
}

func TestFilesThatCannotBeOpened(t *testing.T) {
	exhausted := &fs.PathError{Op: "open", Path: "x", Err: syscall.EMFILE}
	assert.True(t, disk.CantOpen(router.NewBadRequestError("Failed to create record.", exhausted)))
	assert.True(t, disk.CantOpen(fmt.Errorf("open: %w", syscall.ENFILE)))
	assert.False(t, disk.CantOpen(syscall.ENOSPC))
	assert.False(t, disk.CantOpen(nil))
	assert.Equal(t, disk.NoFault, disk.FaultOf(exhausted), "the disk is well")

	db, err := dbx.Open("sqlite", t.TempDir()+"/missing/data.db")
	if assert.NoError(t, err) {
		_, err = db.NewQuery("SELECT 1").Execute()
		assert.True(t, disk.CantOpen(err), err)
		assert.NoError(t, db.Close())
	}
}

func TestLockedDatabaseIsNoFaultOfTheDisk(t *testing.T) {
	locked := dbtest.LockedInsert(t)
	for name, err := range map[string]error{
		"plain":        fmt.Errorf("save: %w", locked),
		"API error":    router.NewBadRequestError("Failed to create record.", locked),
		"inside batch": router.NewBadRequestError("", validation.Errors{"requests": locked}),
	} {
		assert.True(t, disk.IsLocked(err), name)
		assert.Equal(t, disk.NoFault, disk.FaultOf(err), name)
	}
	for name, err := range map[string]error{
		"none": nil, "full": syscall.ENOSPC, "the text of a user": router.NewBadRequestError(locked.Error(), errors.New(locked.Error())),
	} {
		assert.False(t, disk.IsLocked(err), name)
	}
}
