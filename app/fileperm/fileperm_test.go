package fileperm_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/fileperm"
)

// publicDir returns a folder that other users can reach, unlike t.TempDir.
func publicDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "fileperm-")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	require.NoError(t, os.Chmod(dir, 0o755))
	dir, err = filepath.EvalSymlinks(dir)
	require.NoError(t, err)
	return dir
}

func TestExposedReportsEveryModeThatOthersCanUse(t *testing.T) {
	t.Parallel()
	parent := publicDir(t)
	file, folder := filepath.Join(parent, ".env"), filepath.Join(parent, "pb_data")
	require.NoError(t, os.WriteFile(file, []byte("secret"), 0o600))
	require.NoError(t, os.Mkdir(folder, 0o700))
	for _, path := range []string{file, folder} {
		assert.Empty(t, fileperm.Exposed(path))
		for _, bit := range []os.FileMode{0o040, 0o020, 0o010, 0o004, 0o002, 0o001} {
			require.NoError(t, os.Chmod(path, 0o700|bit))
			warning := fileperm.Exposed(path)
			assert.Contains(t, warning, path+" is accessible to other users", "mode %o", bit)
			assert.Equal(t, 1, strings.Count(warning+"\n", "\n"))
		}
	}
	assert.Contains(t, fileperm.Exposed(file), "run chmod 600 "+file)
	assert.Contains(t, fileperm.Exposed(folder), "run chmod 700 "+folder)
	assert.Empty(t, fileperm.Exposed(filepath.Join(parent, "missing")))
}

func TestExposedIgnoresFoldersThatOthersCannotReach(t *testing.T) {
	t.Parallel()
	parent := publicDir(t)
	file, folder := filepath.Join(parent, ".env"), filepath.Join(parent, "pb_data")
	require.NoError(t, os.WriteFile(file, []byte("secret"), 0o600))
	require.NoError(t, os.Chmod(file, 0o644))
	require.NoError(t, os.Mkdir(folder, 0o700))
	require.NoError(t, os.Chmod(folder, 0o755))
	require.NotEmpty(t, fileperm.Exposed(folder))
	require.NoError(t, os.Chmod(parent, 0o700))
	assert.Empty(t, fileperm.Exposed(folder))
	assert.NotEmpty(t, fileperm.Exposed(file), "copies of a file keep its mode")
}

func TestExposedReportsAParentInWhichOthersCanReplaceIt(t *testing.T) {
	t.Parallel()
	parent := publicDir(t)
	folder := filepath.Join(parent, "pb_data")
	require.NoError(t, os.Mkdir(folder, 0o700))
	require.NoError(t, os.Chmod(parent, 0o777))
	assert.Contains(t, fileperm.Exposed(folder), "run chmod o-w "+parent)
	require.NoError(t, os.Chmod(parent, 0o777|fs.ModeSticky))
	assert.Empty(t, fileperm.Exposed(folder), "nobody can rename another user's folder in a sticky one, such as /tmp")
	require.NoError(t, os.Chmod(parent, 0o775))
	assert.Empty(t, fileperm.Exposed(folder))
}

func TestOnlyWhatDoesNotExistIsReportedAsMissing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "data.db")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	require.NoError(t, fileperm.RequireFolder(dir))
	require.NoError(t, fileperm.RequireFile(file))

	missing := fileperm.RequireFolder(filepath.Join(dir, "missing"))
	require.ErrorIs(t, missing, fs.ErrNotExist)
	require.ErrorIs(t, fileperm.RequireFile(filepath.Join(dir, "missing", "data.db")), fs.ErrNotExist)

	notFolder := fileperm.RequireFolder(file)
	require.ErrorContains(t, notFolder, "is a file, not a folder")
	require.NotErrorIs(t, notFolder, fs.ErrNotExist)
	below := fileperm.RequireFile(filepath.Join(file, "below"))
	require.ErrorContains(t, below, "not a directory")
	require.NotErrorIs(t, below, fs.ErrNotExist)
}

func TestExplainNamesTheObstacleAndTheCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	closed := filepath.Join(dir, "closed")
	require.NoError(t, os.Mkdir(closed, 0o700))
	denied := &fs.PathError{Op: "open", Path: closed, Err: fs.ErrPermission}
	err := fileperm.Explain(closed, denied)
	require.ErrorIs(t, err, fs.ErrPermission)
	assert.Contains(t, err.Error(), "cannot read "+closed)
	assert.Contains(t, err.Error(), "run chmod -R u+rwX "+closed, "the folder belongs to this user")

	below := fileperm.Explain(filepath.Join(closed, "missing", "data.db"), denied)
	require.ErrorIs(t, below, fs.ErrPermission)
	assert.Contains(t, below.Error(), "the folder "+closed+", which belongs to user")
	assert.NotContains(t, below.Error(), "run ch", "a parent may belong to the system")

	other := fs.ErrNotExist
	assert.Equal(t, other, fileperm.Explain(closed, other), "other errors are unchanged")
}
