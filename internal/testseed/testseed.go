// Package testseed gives tests random numbers that can be repeated.
package testseed

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// variable names the environment variable that holds the seed: a number, or "random" for a new one.
const variable = "TEST_SEED"

// New returns a generator for one test and logs its seed. The seed is fixed unless TEST_SEED is set; set it
// to the logged number to repeat a run. The generator is not safe for concurrent use.
func New(t testing.TB) *rand.Rand {
	t.Helper()
	seed := uint64(1)
	switch value := os.Getenv(variable); value {
	case "":
	case "random":
		seed = uint64(time.Now().UnixNano())
	default:
		var err error
		if seed, err = strconv.ParseUint(value, 10, 64); err != nil {
			t.Fatalf("%s must be a number or \"random\"", variable)
		}
	}
	t.Logf("random numbers: %s=%d", variable, seed)
	return rand.New(rand.NewPCG(seed, 0))
}
