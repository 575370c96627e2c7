package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/joho/godotenv"

	"github.com/fathom-to-loom/fathom-to-loom/app/fileperm"
)

const maxDotEnvBytes = 64 << 10

// readDotEnvFiles returns the settings that .env and .env.local in dir set to a value that is not
// blank; .env takes precedence. Problems and warnings are added to the Config.
func (c *Config) readDotEnvFiles(dir string) map[string]string {
	settings := map[string]string{}
	for _, name := range []string{".env.local", ".env"} {
		file := readDotEnv(dir, name)
		c.hasDotEnv = file.exists // that of .env, which comes last
		c.problems = append(file.problems, c.problems...)
		c.warnings = append(file.warnings, c.warnings...)
		for key, value := range file.values {
			if isSetting(key) && !isBlank(value) {
				settings[key] = value
			}
		}
	}
	return settings
}

// dotEnvFile is the content of a .env file. Its messages contain line numbers and the names of keys
// but no other text of the file, because a syntax error may be in a secret.
type dotEnvFile struct {
	name     string
	exists   bool
	values   map[string]string
	problems []Problem
	warnings []string
}

// readDotEnv reads a .env file. A file that does not exist counts as empty. After a syntax error, the
// values before the error are used, except those that span several lines, which a forgotten quote
// produces.
func readDotEnv(dir, name string) dotEnvFile {
	file := dotEnvFile{name: name}
	text, err := readText(filepath.Join(dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return file
	}
	file.exists = true
	if warning := fileperm.Exposed(filepath.Join(dir, name)); warning != "" {
		file.warnings = append(file.warnings, warning)
	}
	if err != nil {
		file.problems = append(file.problems, Problem{
			Key: name, Message: "cannot be read: " + err.Error(), Hint: "Replace it with a readable text file, or remove it",
		})
		return file
	}
	file.values, err = godotenv.Unmarshal(text)
	if err != nil {
		file.addSyntaxError(errorLine(text, err), "The rest of the file was ignored. Put secrets in single quotes")
		maps.DeleteFunc(file.values, func(_, value string) bool { return strings.Contains(value, "\n") })
	}
	file.checkLines(text)
	file.checkKeys(text)
	return file
}

// readText reads a UTF-8 text file and removes what Windows editors add to it.
func readText(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", withoutPath(err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return "", errors.New("the path is a directory (Docker creates one if the file to mount does not exist)")
	}
	raw, err := io.ReadAll(io.LimitReader(f, maxDotEnvBytes+1))
	if err != nil {
		return "", withoutPath(err)
	}
	text := strings.TrimPrefix(string(raw), "\ufeff")
	switch {
	case len(raw) > maxDotEnvBytes:
		return "", fmt.Errorf("the file is larger than %d KiB", maxDotEnvBytes>>10)
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return "", errors.New("the file is not UTF-8 text (redirection in Windows PowerShell writes UTF-16)")
	}
	return strings.ReplaceAll(text, "\r\n", "\n"), nil
}

// withoutPath removes the path from an error, because the problem already names the file.
func withoutPath(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// addSyntaxError reports the first syntax error of the file. Line 0 means unknown.
func (f *dotEnvFile) addSyntaxError(line int, hint string) {
	if slices.ContainsFunc(f.problems, func(p Problem) bool { return p.Key == f.name }) {
		return
	}
	subject := "has a line that is not valid"
	if line > 0 {
		subject = fmt.Sprintf("line %d is not valid", line)
	}
	f.problems = append(f.problems, Problem{
		Key:     f.name,
		Message: subject + ": expected KEY=value, a # comment or an empty line, and a closing quote for every opening one",
		Hint:    hint,
	})
}

// errorLine returns the line of a godotenv error, or 0 if it is unknown. The error itself must not be
// shown, because it quotes the file: either from the error to the end, or from an opening quote to
// the end of its line. That quotation locates the error.
func errorLine(text string, err error) int {
	quotation, ok := strings.CutPrefix(err.Error(), "unterminated quoted value ")
	if !ok {
		_, near, _ := strings.Cut(err.Error(), " near ")
		quotation, _ = strconv.Unquote(near)
	}
	at := strings.LastIndex(text, quotation)
	if quotation == "" || at < 0 {
		return 0
	}
	return 1 + strings.Count(text[:at], "\n")
}
