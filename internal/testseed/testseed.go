// Package testseed makes tests with random values reproducible.
package testseed

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"
)

// Variable is the environment variable that sets the seed: a number, or "random" for a new one.
const Variable = "TEST_SEED"

// Seed returns the seed of this test binary: 1 unless Variable is set. It panics when Variable is malformed.
var Seed = sync.OnceValue(func() uint64 {
	switch value := os.Getenv(Variable); value {
	case "":
		return 1
	case "random":
		return uint64(time.Now().UnixNano())
	default:
		seed, err := strconv.ParseUint(value, 10, 64)
		if err != nil {
			panic(fmt.Sprintf("parse %s: %v", Variable, err))
		}
		return seed
	}
})

// New returns a source of random values for one test and logs how to reproduce them. The source is not
// safe for concurrent use.
func New(t testing.TB) *rand.Rand {
	t.Helper()
	t.Logf("random values: %s=%d", Variable, Seed())
	return rand.New(rand.NewPCG(Seed(), 0))
}
