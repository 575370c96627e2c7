package apptest

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"github.com/stretchr/testify/require"
)

// FilesContaining returns the files below the server's data directories that contain a text.
func (s *Server) FilesContaining(text string) []string {
	s.T.Helper()
	var found []string
	err := filepath.WalkDir(s.Dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, []byte(text)) {
			found = append(found, path)
		}
		return err
	})
	require.NoError(s.T, err)
	return found
}

// FolderPath returns the folder of a user database.
func (s *Server) FolderPath(name string) string { return filepath.Join(s.Dir, "user_dbs", name) }

// ArchivePath returns the archive of a user database.
func (s *Server) ArchivePath(name string) string {
	return filepath.Join(s.Dir, "user_dbs", ".archives", name+".tar.zst")
}

// DatabaseFolders returns the names of the folders of user databases.
func (s *Server) DatabaseFolders() []string {
	s.T.Helper()
	entries, err := os.ReadDir(filepath.Join(s.Dir, "user_dbs"))
	require.NoError(s.T, err)
	var folders []string
	for _, entry := range entries {
		if entry.IsDir() && !strings.HasPrefix(entry.Name(), ".") {
			folders = append(folders, entry.Name())
		}
	}
	return folders
}

// Leftovers returns the unfinished work in the folder of user databases, except the spare database that is
// kept ready for the next user.
func (s *Server) Leftovers() []string {
	s.T.Helper()
	var found []string
	for _, pattern := range []string{".new-*", ".trash-*", ".archives/*.new", ".archives/*.tmp-*"} {
		matches, err := filepath.Glob(filepath.Join(s.Dir, "user_dbs", pattern))
		require.NoError(s.T, err)
		for _, match := range matches {
			if !strings.Contains(match, ".new-spare-") {
				found = append(found, match)
			}
		}
	}
	return found
}
