package testseed

import (
	"flag"
	"strconv"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
)

// configureRapid sets the seed of all checks, and their number in a soak. It keeps the flags that the
// command line sets.
var configureRapid = sync.OnceValue(func() error {
	given := map[string]bool{}
	flag.Visit(func(f *flag.Flag) { given[f.Name] = true })
	for name, value := range map[string]string{
		"rapid.seed":   strconv.FormatUint(Seed(), 10),
		"rapid.checks": testsize.Of("100", "500"),
	} {
		if given[name] {
			continue
		}
		if err := flag.Set(name, value); err != nil {
			return err
		}
	}
	return nil
})

// Check is rapid.Check with the seed of this test binary, which it logs. A soak makes five times as many
// checks.
func Check(t *testing.T, property func(*rapid.T)) {
	t.Helper()
	if err := configureRapid(); err != nil {
		t.Fatal(err)
	}
	t.Logf("random values: %s=%d", Variable, Seed())
	rapid.Check(t, property)
}
