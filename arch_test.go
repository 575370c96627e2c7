package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/fathom-to-loom/fathom-to-loom"

// The diagram in docs/architecture.md assigns every package to a row. A package may import only packages in
// lower rows; tests may import any package.
func TestImportsPointDownward(t *testing.T) {
	row := layers(t)
	seen := map[string]bool{}
	for _, p := range productPackages(t) {
		seen[p.name] = true
		own, ok := row[p.name]
		if !assert.True(t, ok, "%s is missing from the diagram in docs/architecture.md", p.name) {
			continue
		}
		for _, imported := range p.imports {
			assert.Greater(t, row[imported], own, "%s must not import %s, which is in the same row or a higher one", p.name, imported)
		}
	}
	for name := range row {
		assert.True(t, seen[name], "docs/architecture.md shows %s, which doesn't exist", name)
	}
}

// restricted lists who may import a package that others must be given or must not know.
var restricted = map[string][]string{
	"app/config": {".", "app", "app/cli", "app/cli/demo", "app/doctor", "hooks"}, // others are passed the values they need
	"app/pool":   {"app/userdb"},                                                 // user databases are opened through userdb.Service
	"hooks":      {"."},
	"simulator":  {"app/cli", "app/cli/demo"}, // never in the path of a request
}

func TestRestrictedPackagesAreImportedOnlyWhereAllowed(t *testing.T) {
	for _, p := range productPackages(t) {
		for _, imported := range p.imports {
			if allowed, ok := restricted[imported]; ok {
				assert.Contains(t, allowed, p.name, "%s must not import %s", p.name, imported)
			}
		}
	}
}

// restrictedCalls lists what only some files, or the files in some folders, may contain, and what others use instead.
var restrictedCalls = []struct {
	call    *regexp.Regexp
	allowed []string
	advice  string
}{
	{
		regexp.MustCompile(`\bos\.(Getenv|LookupEnv|Environ|Setenv|Unsetenv|ExpandEnv|Clearenv)\(`),
		[]string{
			"app/config/load.go",
			"app/lifecycle.go",       // passes PocketBase its settings key
			"app/cli/demo/server.go", // starts the server as a process
		},
		"settings belong in app/config",
	},
	{
		regexp.MustCompile(`\bmigrations\.UserDatabases\b|\buser_databases\b`),
		[]string{
			"app/registry/",
			"migrations/",
			"app/account/unused.go", // an account with a database, wherever it is, is used; package registry imports this one
			"app/share/find.go",     // one query for a link and its database, so that all answers take the same time
			"app/rotate.go",         // counts the keys of all tables at once
			"app/doctor/clock.go",   // the latest date of some tables
			"app/data_directory.go", // whether the table exists
			"app/diagnose.go",
			"hooks/audit_databases.go", // changes of records
			"hooks/realtime_owners.go",
			"hooks/superuser_guards.go",
			"hooks/user_databases.go",
		},
		"app/registry reads and writes the registry, because it alone knows which databases this server has",
	},
	{regexp.MustCompile(`"cell"|\[\[cell\]\]|\bd\.cell\b`), []string{"app/registry/", "migrations/"}, "see registry.Entry.IsElsewhere"},
	{
		regexp.MustCompile(`\bcore\.NewBaseApp\(`),
		[]string{"app/userdb/open.go", "app/gateway/router.go"}, // the latter only builds routes, with an app that opens nothing
		"user databases are opened by userdb.Service",
	},
	{regexp.MustCompile(`"/db/|\bPathPrefix \+`), []string{"app/gateway/"}, "app/gateway composes the addresses of user databases"},
	{regexp.MustCompile(`\.TransactionalContext\(`), nil, "it may lose changes without an error; use sqlite.Transaction"},
}

func TestRestrictedCallsAreMadeOnlyWhereAllowed(t *testing.T) {
	for _, p := range productPackages(t) {
		files, err := filepath.Glob(filepath.Join(p.name, "*.go"))
		require.NoError(t, err)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, restricted := range restrictedCalls {
				if !isAllowed(restricted.allowed, filepath.ToSlash(file)) {
					assert.Empty(t, string(restricted.call.Find(source)), "%s: %s", file, restricted.advice)
				}
			}
		}
	}
}

// isAllowed reports whether a list contains a file or, with a slash at its end, the folder of the file.
func isAllowed(allowed []string, file string) bool {
	return slices.ContainsFunc(allowed, func(name string) bool {
		return name == file || strings.HasSuffix(name, "/") && strings.HasPrefix(file, name)
	})
}

type productPackage struct {
	name    string   // relative to the module, such as app/queue
	imports []string // packages of this module, also relative
}

func productPackages(t *testing.T) (packages []productPackage) {
	t.Helper()
	command := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	command.Stderr = os.Stderr
	out, err := command.Output()
	require.NoError(t, err)
	for decoder := json.NewDecoder(strings.NewReader(string(out))); decoder.More(); {
		var listed struct {
			ImportPath string
			Imports    []string
		}
		require.NoError(t, decoder.Decode(&listed))
		p := productPackage{name: relative(listed.ImportPath)}
		if isTestCode(p.name) {
			continue
		}
		for _, imported := range listed.Imports {
			if imported == module || strings.HasPrefix(imported, module+"/") {
				p.imports = append(p.imports, relative(imported))
			}
		}
		packages = append(packages, p)
	}
	require.NotEmpty(t, packages)
	return packages
}

func relative(path string) string {
	name := strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
	if name == "" {
		return "."
	}
	return name
}

// isTestCode reports whether a package is used in tests and benchmarks only. Such packages may import any package.
func isTestCode(name string) bool {
	return strings.HasPrefix(name+"/", "internal/") || strings.HasPrefix(name+"/", "bench/") || name == "e2e" || name == "app/queue/queuetest"
}

// layers reads the diagram and returns the row of each package, counted from the top.
func layers(t *testing.T) map[string]int {
	t.Helper()
	page, err := os.ReadFile("docs/architecture.md")
	require.NoError(t, err)
	diagram := regexp.MustCompile("(?s)```layers\n(.*?)```").FindSubmatch(page)
	require.NotNil(t, diagram, "docs/architecture.md has no diagram")
	row := map[string]int{}
	for i, line := range strings.Split(string(diagram[1]), "\n") {
		names := strings.Fields(line)
		if slices.Equal(names, []string{"|"}) {
			continue
		}
		for _, name := range names {
			_, twice := row[name]
			assert.False(t, twice, "docs/architecture.md shows %s twice", name)
			row[name] = i
		}
	}
	return row
}
