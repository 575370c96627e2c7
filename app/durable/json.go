package durable

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ReadJSON reads a small file that WriteJSON has written. It returns false if there is none, and leaves the fields that
// the file lacks as they are.
func ReadJSON(path string, into any) (found bool, err error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return false, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return true, nil
}

// WriteJSON replaces a file, which only this account of the system may read, as WriteFile does.
func WriteJSON(path string, value any) error {
	return WriteFile(path, 0o600, func(to io.Writer) error { return json.NewEncoder(to).Encode(value) })
}
