package backup

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"sync"

	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
)

// StateName is the name of the file in DATA_DIR that remembers what is stored already. Without it, the next backup stores
// everything again.
const StateName = ".backup-state.jsonl"

// state remembers which object contains a database or a recording, by a fingerprint of its files. It is a journal: a line is
// appended when an object is stored, so that an interrupted backup continues, and a complete backup replaces the file. A line
// that a crash cut off, or a power cut lost, only means that something is stored again.
type state struct {
	path string
	keys string // identifies the recipients; objects for others aren't used

	mu         sync.Mutex
	journal    *os.File
	databases  map[string]stateLine // by name
	recordings map[string]recording // by mark
}

// stateLine is one line: the keys in the first, then databases, and the recordings of databases that aren't stored yet.
type stateLine struct {
	Keys        string     `json:"keys,omitempty"`
	Database    *database  `json:"database,omitempty"`
	Fingerprint string     `json:"fingerprint,omitempty"` // of the database; blank: it was changing
	Recording   *recording `json:"recording,omitempty"`
}

// openState reads the state and opens its journal. The caller must close it.
func openState(path, keys string) (*state, error) {
	s := &state{path: path, keys: keys, databases: map[string]stateLine{}, recordings: map[string]recording{}}
	if err := s.load(); err != nil {
		return nil, fmt.Errorf("read the state of backups: %w", err)
	}
	// A new file rather than a longer one: the last line of the old one may be cut off.
	if err := s.rewrite(s.lines()); err != nil {
		return nil, err
	}
	var err error
	if s.journal, err = os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0o600); err != nil {
		return nil, fmt.Errorf("open the state of backups: %w", err)
	}
	return s, nil
}

func (s *state) load() (err error) {
	file, err := os.Open(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	lines := json.NewDecoder(bufio.NewReader(file))
	for first := true; ; first = false {
		var line stateLine
		if err := lines.Decode(&line); err != nil { // the end, or a line that a crash cut off
			return nil
		}
		switch {
		case first && line.Keys != s.keys:
			return nil
		case line.Database != nil:
			s.databases[line.Database.Name] = line
			for _, r := range line.Database.Recordings {
				s.recordings[r.Mark] = r
			}
		case line.Recording != nil:
			s.recordings[line.Recording.Mark] = *line.Recording
		}
	}
}

// lines returns the current content of the file, without its first line.
func (s *state) lines() []stateLine {
	var lines []stateLine
	named := map[string]bool{}
	for _, line := range s.databases {
		lines = append(lines, line)
		for _, r := range line.Database.Recordings {
			named[r.Mark] = true
		}
	}
	for mark, r := range s.recordings {
		if !named[mark] {
			lines = append(lines, stateLine{Recording: &r})
		}
	}
	return lines
}

// database returns what is stored of a database whose files have a fingerprint.
func (s *state) database(name, fingerprint string) (database, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	line, ok := s.databases[name]
	if !ok || fingerprint == "" || line.Fingerprint != fingerprint {
		return database{}, false
	}
	return *line.Database, true
}

// latest returns what was stored last of a database.
func (s *state) latest(name string) (database, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	line, ok := s.databases[name]
	if !ok {
		return database{}, false
	}
	return *line.Database, true
}

// recording returns what is stored of a recording with a mark.
func (s *state) recording(mark string) (recording, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.recordings[mark]
	return found, ok && mark != ""
}

// addDatabase remembers a database that is stored, even if it is changing: its recordings aren't.
func (s *state) addDatabase(d database, fingerprint string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	line := stateLine{Database: &d, Fingerprint: fingerprint}
	s.databases[d.Name] = line
	return s.append(line)
}

func (s *state) addRecording(r recording) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Mark == "" {
		return nil
	}
	s.recordings[r.Mark] = r
	return s.append(stateLine{Recording: &r})
}

// append writes a line. The caller must hold mu.
func (s *state) append(line stateLine) error {
	text, err := json.Marshal(line)
	if err != nil {
		return err
	}
	if _, err := s.journal.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("write the state of backups: %w", err)
	}
	return nil
}

// finish forgets all databases that don't exist any more, and all recordings that no database names.
func (s *state) finish(exists func(database string) bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.databases, func(name string, _ stateLine) bool { return !exists(name) })
	clear(s.recordings)
	return s.rewrite(s.lines())
}

func (s *state) rewrite(lines []stateLine) error {
	err := durable.WriteFile(s.path, 0o600, func(to io.Writer) error {
		buffered := bufio.NewWriter(to)
		encoder := json.NewEncoder(buffered)
		if err := encoder.Encode(stateLine{Keys: s.keys}); err != nil {
			return err
		}
		for _, line := range lines {
			if err := encoder.Encode(line); err != nil {
				return err
			}
		}
		return buffered.Flush()
	})
	if err != nil {
		return fmt.Errorf("write the state of backups in %s: %w", filepath.Dir(s.path), err)
	}
	return nil
}

func (s *state) close() error { return s.journal.Close() }
