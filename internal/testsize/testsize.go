// Package testsize makes long tests small in everyday runs and large in a soak.
package testsize

import "os"

// Variable is the environment variable that selects the size: "1" for a soak.
const Variable = "SOAK"

// Of returns the size of a test, such as a count or a duration: full in a soak, normal otherwise.
func Of[T any](normal, full T) T {
	if os.Getenv(Variable) == "1" {
		return full
	}
	return normal
}
