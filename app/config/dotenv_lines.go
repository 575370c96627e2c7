package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/joho/godotenv"
)

var keyName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.]*$`)

// checkLines parses each line on its own and reports what the values of the whole file do not show:
// settings that are set twice and secrets that were changed by the expansion of a $. Syntax errors
// are ignored, because they are reported for the whole file or belong to a value of several lines.
func (f *dotEnvFile) checkLines(text string) {
	lines := map[string][]int{}
	for i, line := range strings.Split(text, "\n") {
		values, _ := godotenv.Unmarshal(line)
		for key, value := range values {
			expanded := strings.Count(value, "$") < strings.Count(line, "$")
			if fieldIndex(key) < 0 || isBlank(value) && !expanded {
				continue
			}
			lines[key] = append(lines[key], i+1)
			if expanded && fields[fieldIndex(key)].Secret {
				f.warnings = append(f.warnings, fmt.Sprintf("%s: the $ in %s on line %d is expanded; put the value in single quotes", f.name, key, i+1))
			}
		}
	}
	f.checkRepeats(lines)
}

// checkRepeats reports settings that are set on several lines. The last one wins, so appending a
// second set of generated keys would silently replace the master key. A repeated required setting is
// therefore a problem, any other a warning.
func (f *dotEnvFile) checkRepeats(lines map[string][]int) {
	for _, field := range fields {
		at := lines[field.Key]
		if len(at) < 2 {
			continue
		}
		message := fmt.Sprintf("is set on lines %d and %d of %s, and the last one wins", at[len(at)-2], at[len(at)-1], f.name)
		if field.Required {
			f.problems = append(f.problems, Problem{Key: field.Key, Message: message, Hint: "Keep the one your data was encrypted with"})
		} else {
			f.warnings = append(f.warnings, field.Key+" "+message)
		}
	}
}

// checkKeys reports keys that are not settings: malformed ones, which godotenv accepts (a line
// without = sets the key ""), and those that are probably misspelt.
func (f *dotEnvFile) checkKeys(text string) {
	malformed, found := "", false
	for _, key := range slices.Sorted(maps.Keys(f.values)) {
		if !keyName.MatchString(key) {
			malformed, found = key, true
		} else if !isSetting(key) {
			if warning := suggest(key); warning != "" {
				f.warnings = append(f.warnings, f.name+": "+warning)
			}
		}
	}
	if found {
		f.addSyntaxError(lineOf(text, malformed), "")
	}
}

// lineOf returns the first line that sets a key, or 0 if it is not on a line of its own.
func lineOf(text, key string) int {
	for i, line := range strings.Split(text, "\n") {
		values, _ := godotenv.Unmarshal(line)
		if _, ok := values[key]; ok {
			return i + 1
		}
	}
	return 0
}
