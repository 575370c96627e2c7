package config

import (
	"path/filepath"
	"strings"
)

// FileSuffix is the end of the name of a setting that holds the path of a file with a secret: JWT_SECRET_FILE for
// JWT_SECRET. Docker and systemd pass secrets as files, which neither "docker inspect" nor a child process shows.
const FileSuffix = "_FILE"

// secretOf returns the secret that a setting such as JWT_SECRET_FILE reads from a file, or an empty string.
func secretOf(key string) string {
	name, ok := strings.CutSuffix(key, FileSuffix)
	if i := fieldIndex(name); ok && i >= 0 && fields[i].Secret {
		return name
	}
	return ""
}

// readSecretFiles sets the secrets whose settings name a file. Relative paths start at dir. getenv returns the value of
// a setting. A secret that can't be read is a problem of the secret, which is then not reported as missing as well: the
// advice to generate a new one would be wrong.
func (c *Config) readSecretFiles(dir string, settings []setting, getenv func(key string) string) {
	for _, s := range settings {
		path := strings.TrimSpace(getenv(s.Key + FileSuffix))
		if !s.Secret || path == "" {
			continue
		}
		if !isBlank(getenv(s.Key)) {
			c.problems = append(c.problems, Problem{Key: s.Key, Message: "is set together with " + s.Key + FileSuffix, Hint: "Remove one of the two"})
			continue
		}
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		text, err := readText(path)
		switch {
		case err != nil:
			c.problems = append(c.problems, Problem{
				Key: s.Key, Message: "can't be read from the file in " + s.Key + FileSuffix + ": " + err.Error(),
				Hint: "Name a file that the user of the server can read",
			})
		case isBlank(text):
			c.problems = append(c.problems, Problem{
				Key: s.Key, Message: "can't be read from the file in " + s.Key + FileSuffix + ": the file is empty",
				Hint: "Put the secret into it, or remove the setting",
			})
		default:
			_ = s.Decode(text) // never fails
		}
	}
}
