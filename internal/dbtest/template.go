package dbtest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
)

// Template returns a function that copies the files of a global database into a directory. At its first
// call it has build create that database in an empty directory and close it. The function is safe for
// concurrent use.
func Template(build func(dir string) error) (copyTo func(dir string) error) {
	contents := sync.OnceValues(func() (_ map[string][]byte, err error) {
		dir, err := os.MkdirTemp("", "fathom-to-loom-template-")
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		if err := build(dir); err != nil {
			return nil, fmt.Errorf("build the template of the global database: %w", err)
		}
		contents := map[string][]byte{}
		for _, file := range []string{sqlite.DataFile, sqlite.AuxiliaryFile} {
			if contents[file], err = os.ReadFile(filepath.Join(dir, file)); err != nil {
				return nil, err
			}
		}
		return contents, nil
	})
	return func(dir string) error {
		files, err := contents()
		if err != nil {
			return err
		}
		for name, content := range files {
			if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
				return err
			}
		}
		return nil
	}
}
