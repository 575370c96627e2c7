// Package testseed makes random tests reproducible. Their seed is 1 unless TEST_SEED sets another, and
// a failed test's log contains it.
package testseed

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// Variable is the environment variable that sets the seed.
const Variable = "TEST_SEED"

// Seed returns the seed of this test run. It panics when the variable is malformed.
func Seed() uint64 {
	text, ok := os.LookupEnv(Variable)
	if !ok {
		return 1
	}
	seed, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		panic(fmt.Sprintf("parse %s: %v", Variable, err))
	}
	return seed
}

// New returns a source of random values for one test and logs how to repeat them. It is not safe for
// concurrent use.
func New(t testing.TB) *rand.Rand {
	t.Helper()
	seed := Seed()
	t.Logf("random values: %s=%d", Variable, seed)
	return rand.New(rand.NewPCG(seed, 0))
}
