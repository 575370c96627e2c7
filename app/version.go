package app

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"runtime/debug"
	"sync"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// Version is the version of the program, set at build time. Use BuildVersion to show or compare it.
var Version = unreleased

// unreleased is the version of a build that was given none.
const unreleased = "dev"

// shownDigits is how many hexadecimal digits identify a build. Git shows as many.
const shownDigits = 7

// Versions are what an operator compares before an upgrade.
type Versions struct {
	Program string `json:"version"`
	// The newest migrations. Names start with the time of their creation, so that newer schemas have higher names.
	GlobalSchema string `json:"global_schema"` // of the global database
	UserSchema   string `json:"user_schema"`   // of user databases
}

// CurrentVersions returns the versions of this program. It is safe for concurrent use.
func CurrentVersions() Versions {
	return Versions{Program: BuildVersion(), GlobalSchema: migrations.Version(), UserSchema: schema.Version()}
}

// BuildVersion returns the version of the program. A build that was given none has the revision that it was built from
// or, if its source was changed or isn't in Git, a hash of the executable, as in dev-1a2b3c4: two builds that may differ
// have different versions. It is safe for concurrent use.
func BuildVersion() string {
	if Version != unreleased {
		return Version
	}
	return unreleasedVersion()
}

var unreleasedVersion = sync.OnceValue(func() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		if revision := revisionOf(info); revision != "" {
			return unreleased + "-" + revision
		}
	}
	path, err := os.Executable()
	if err != nil {
		return unreleased
	}
	hash, err := hashOfFile(path)
	if err != nil {
		return unreleased
	}
	return unreleased + "-" + hash
})

// revisionOf returns the revision that a program was built from, or a blank string if it doesn't identify the program.
func revisionOf(info *debug.BuildInfo) string {
	settings := map[string]string{}
	for _, setting := range info.Settings {
		settings[setting.Key] = setting.Value
	}
	revision := settings["vcs.revision"]
	if settings["vcs.modified"] != "false" || len(revision) < shownDigits {
		return ""
	}
	return revision[:shownDigits]
}

func hashOfFile(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil))[:shownDigits], nil
}
