package userdb

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/fileperm"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
)

// SparePrefix is what the names of folders begin with that a running server keeps for new users.
const SparePrefix = sparePrefix

// Survey is what a folder of user databases contains, by name.
type Survey struct {
	Folders    map[string]bool      // databases
	Archives   map[string]bool      // archived databases
	Unfinished map[string]time.Time // files and folders of unfinished work, with the time of their last change
}

// SurveyFolder lists what is in a folder of user databases, and changes nothing. A folder that doesn't exist is empty.
func SurveyFolder(dir string) (Survey, error) {
	s := Survey{Folders: map[string]bool{}, Archives: map[string]bool{}, Unfinished: map[string]time.Time{}}
	err := s.list(dir, s.Folders, func(file string) string {
		if registry.ValidName(file) {
			return file
		}
		return ""
	})
	return s, errors.Join(err, s.list(filepath.Join(dir, archiveFolder), s.Archives, archivedName))
}

func (s Survey) list(dir string, names map[string]bool, nameOf func(file string) string) error {
	files, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("list user databases: %w", fileperm.Explain(dir, err))
	}
	for _, file := range files {
		if name := nameOf(file.Name()); name != "" {
			names[name] = true
		} else if isUnfinished(file.Name()) {
			if info, err := file.Info(); err == nil { // otherwise it has just been removed
				s.Unfinished[file.Name()] = info.ModTime()
			}
		}
	}
	return nil
}
