package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/joho/godotenv"
)

const (
	maxDotEnvBytes = 64 << 10
	// Finding the line of a syntax error reads the file once per line.
	maxDotEnvLines = 2000
)

var (
	keyName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.]*$`)
	// A line that gives a key a value, not KEY= or KEY=''.
	assignment = regexp.MustCompile(`^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*[=:]\s*(.*?)\s*$`)
	expansion  = regexp.MustCompile(`\$[({A-Z0-9_]`)
)

// dotenvFile is what one .env file gave. Its messages name the file, a line and
// keys of ours, never any other content: a syntax error may sit in a secret.
type dotenvFile struct {
	values   map[string]string
	problems []Problem
	warnings []string
}

// readDotEnv reads one file; one that does not exist is empty.
func readDotEnv(dir, name string) dotenvFile {
	src, err := readText(filepath.Join(dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return dotenvFile{}
	}
	if err != nil {
		return dotenvFile{problems: []Problem{{Key: name, Message: "cannot be read: " + err.Error(), Hint: "Make it a text file this user may read, or remove it"}}}
	}

	var file dotenvFile
	file.values, err = parseDotEnv(src)
	if err != nil {
		line := 0
		file.values, line = parseUntilError(src)
		where := "has a line that is not valid"
		if line > 0 {
			where = fmt.Sprintf("line %d is not valid", line)
		}
		file.problems = append(file.problems, Problem{
			Key:     name,
			Message: where + ": a line is KEY=value, # a comment, or empty, and a quote that opens must close",
			Hint:    "Nothing from there on was read. Put secrets in single quotes",
		})
	}
	file.findRepeats(name, src)
	file.findTypos(name)
	return file
}

func readText(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", cause(err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return "", errors.New("it is a directory (Docker makes one when the file to mount does not exist)")
	}
	raw, err := io.ReadAll(io.LimitReader(f, maxDotEnvBytes+1))
	if err != nil {
		return "", cause(err)
	}
	src := strings.TrimPrefix(string(raw), "\ufeff")
	switch {
	case len(raw) > maxDotEnvBytes:
		return "", fmt.Errorf("it is larger than %d KiB", maxDotEnvBytes>>10)
	case !utf8.ValidString(src) || strings.ContainsRune(src, 0):
		return "", errors.New("it is not UTF-8 text (PowerShell's > writes UTF-16)")
	}
	return src, nil
}

// cause leaves out the path, which the problem names already.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// parseDotEnv is godotenv, and refuses the names it lets through: a line without
// a = becomes the value of "" there, and FOO BAR=1 a key with a space.
func parseDotEnv(src string) (map[string]string, error) {
	values, err := godotenv.Unmarshal(src)
	if err != nil {
		return nil, errors.New("syntax error") // godotenv's own prints the line
	}
	for key := range values {
		if !keyName.MatchString(key) {
			return nil, errors.New("syntax error")
		}
	}
	return values, nil
}

// parseUntilError reads as many whole lines as parse, and says which line is the
// first that does not; 0 when that would take too long. The longest prefix that
// parses is the answer because a value may run over several lines.
func parseUntilError(src string) (values map[string]string, line int) {
	lines := strings.SplitAfter(src, "\n")
	if len(lines) > maxDotEnvLines {
		return nil, 0
	}
	for n := len(lines) - 1; n > 0; n-- {
		if values, err := parseDotEnv(strings.Join(lines[:n], "")); err == nil {
			return values, n + 1
		}
	}
	return nil, 1
}

// findRepeats reports keys with two values in one file. The last one wins, so
// appending fresh keys to a file that has some would quietly change the master
// key: for what is required it is a problem, for the rest a warning. It also
// warns of secrets godotenv would change by expanding a $.
func (f *dotenvFile) findRepeats(name, src string) {
	lines := map[string][]int{}
	for i, line := range strings.Split(src, "\n") {
		m := assignment.FindStringSubmatch(line)
		if m == nil || m[2] == "" || m[2] == "''" || m[2] == `""` || position(m[1]) < 0 {
			continue
		}
		lines[m[1]] = append(lines[m[1]], i+1)
		if fields[position(m[1])].Secret && m[2][0] != '\'' && expansion.MatchString(m[2]) {
			f.warnings = append(f.warnings, fmt.Sprintf("%s: the $ in %s on line %d is expanded; put the value in single quotes", name, m[1], i+1))
		}
	}
	for _, field := range fields {
		at := lines[field.Key]
		if len(at) < 2 {
			continue
		}
		message := fmt.Sprintf("is set on lines %d and %d of %s, and the last one wins", at[len(at)-2], at[len(at)-1], name)
		if field.Required {
			f.problems = append(f.problems, Problem{Key: field.Key, Message: message, Hint: "Keep the one your data was encrypted with"})
		} else {
			f.warnings = append(f.warnings, field.Key+" "+message)
		}
	}
}

// findTypos warns of keys that look like ours but are not.
func (f *dotenvFile) findTypos(name string) {
	var unknown []string
	for key := range f.values {
		if position(key) < 0 {
			unknown = append(unknown, key)
		}
	}
	slices.Sort(unknown)
	for _, key := range unknown {
		similar := nearest(key)
		if similar == "" && !sameFamily(key) {
			continue
		}
		warning := name + ": " + key + " is not a setting and has no effect"
		if similar != "" {
			warning += "; did you mean " + similar + "?"
		}
		f.warnings = append(f.warnings, warning)
	}
}
