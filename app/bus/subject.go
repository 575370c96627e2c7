package bus

import (
	"errors"
	"strings"
)

var errSubject = errors.New("invalid subject")

// matches reports whether a subscription to pattern gets messages of a subject: * stands for any token, and > at the end
// for one or more.
func matches(pattern, subject string) bool {
	for {
		head, rest, more := strings.Cut(pattern, ".")
		token, others, left := strings.Cut(subject, ".")
		switch {
		case head == ">" && !more:
			return true
		case head != "*" && head != token:
			return false
		case !more || !left:
			return more == left
		}
		pattern, subject = rest, others
	}
}

// checkSubject refuses what nats.go refuses.
func checkSubject(subject string) error {
	if subject == "" || strings.ContainsAny(subject, " \t\r\n") {
		return errSubject
	}
	for token := range strings.SplitSeq(subject, ".") {
		if token == "" {
			return errSubject
		}
	}
	return nil
}
