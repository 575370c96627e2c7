package config

import "strings"

// Problem is one thing wrong with the settings. It never contains a value.
type Problem struct {
	Key     string // the setting, or the name of the .env file
	Message string // what is wrong and what it must look like
	Hint    string // what to do about it; may be empty
}

// String is the problem in one line.
func (p Problem) String() string {
	line := p.Key + " " + p.Message
	if p.Hint != "" {
		line += ". " + p.Hint
	}
	return line
}

// ValidationError is everything wrong with the settings at once.
type ValidationError struct {
	Problems []Problem
}

// Error is one line a problem.
func (e *ValidationError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}
