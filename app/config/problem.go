package config

import "strings"

// Problem is a missing or malformed setting, or an unreadable .env file. It never contains a value.
type Problem struct {
	Key     string // the setting, or the name of the .env file
	Message string // what is wrong, and the expected format
	Hint    string // how to fix it; may be empty
}

// String returns the problem as one line.
func (p Problem) String() string {
	line := p.Key + " " + p.Message
	if p.Hint != "" {
		line += ". " + p.Hint
	}
	return line
}

func missing(key string) Problem {
	return Problem{Key: key, Message: "is missing: expected " + format(key)}
}

func invalid(key string) Problem {
	return Problem{Key: key, Message: "is not valid: expected " + format(key)}
}

func format(key string) string { return fields[fieldIndex(key)].Format }

// ValidationError is returned by Validate and contains all problems.
type ValidationError struct {
	Problems []Problem
}

// Error returns one line per problem.
func (e *ValidationError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}
