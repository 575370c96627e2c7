package loomupload

import (
	"regexp"
	"strings"
)

// maxCommand is the length of the longest command that is read.
const maxCommand = 32 << 10 // bytes

// curlStart matches the beginning of a command in a text: at the start of a line, perhaps behind a prompt, or as code
// within a line.
var curlStart = regexp.MustCompile("(?m)(?:^[ \t]*(?:\\$ )?|(`))curl[ \t]+")

// findCurl returns the words of the only curl command in a text, without curl itself. ok is false if there is none. It
// returns a *[Problem] if there are several, or one that a shell would not take literally.
func findCurl(text string) (words []string, ok bool, err error) {
	starts := curlStart.FindAllStringSubmatchIndex(text, 2)
	if len(starts) == 0 {
		return nil, false, nil
	}
	if len(starts) > 1 {
		return nil, false, contractProblem("Atlassian's answer has several curl commands.")
	}
	command := text[starts[0][1]:]
	if starts[0][2] >= 0 {
		code, _, closed := strings.Cut(command, "`")
		if !closed {
			return nil, false, curlProblem("it isn't complete")
		}
		command = code
	}
	words, err = splitWords(command)
	return words, err == nil, err
}

// curlProblem returns a *[Problem] about a command. reason must not repeat what the command contains.
func curlProblem(reason string) error {
	return contractProblem("Atlassian's answer has a curl command that this version doesn't understand: %s.", reason)
}

// splitWords splits a command into words as a POSIX shell does, up to the end of the first line that isn't continued. It
// refuses everything that a shell would not take literally: variables, substitutions, patterns, redirections, comments
// and further commands.
func splitWords(command string) (words []string, err error) {
	if len(command) > maxCommand {
		return nil, curlProblem("it is too long")
	}
	command = strings.ReplaceAll(command, "\r\n", "\n")
	var word strings.Builder
	inWord := false
	end := func() {
		if inWord {
			words = append(words, word.String())
		}
		word.Reset()
		inWord = false
	}
	for i := 0; i < len(command); i++ {
		switch c := command[i]; c {
		case '\n':
			end()
			return words, nil
		case ' ', '\t':
			end()
		case '\'':
			length := strings.IndexByte(command[i+1:], '\'')
			if length < 0 {
				return nil, curlProblem("a quotation isn't closed")
			}
			word.WriteString(command[i+1 : i+1+length])
			i += length + 1
			inWord = true
		case '"':
			next, err := readQuoted(command, i+1, &word)
			if err != nil {
				return nil, err
			}
			i, inWord = next, true
		case '\\':
			i++
			switch {
			case i == len(command):
				return nil, curlProblem("it ends with a backslash")
			case command[i] != '\n': // a newline continues the command on the next line
				word.WriteByte(command[i])
				inWord = true
			}
		case '#', '~':
			if !inWord {
				return nil, curlProblem("a shell would not take it literally")
			}
			word.WriteByte(c)
		case '$', '`', '|', '&', ';', '<', '>', '(', ')', '{', '}', '*', '[', ']', '!', 0:
			return nil, curlProblem("a shell would not take it literally")
		default:
			word.WriteByte(c)
			inWord = true
		}
	}
	end()
	return words, nil
}

// readQuoted reads what follows a double quote and returns the position of the closing one.
func readQuoted(command string, i int, word *strings.Builder) (int, error) {
	for ; i < len(command); i++ {
		switch c := command[i]; c {
		case '"':
			return i, nil
		case '$', '`', 0:
			return 0, curlProblem("a shell would not take it literally")
		case '\\':
			if i++; i == len(command) {
				return 0, curlProblem("a quotation isn't closed")
			}
			switch command[i] {
			case '"', '\\', '$', '`':
			case '\n':
				continue
			default:
				word.WriteByte('\\')
			}
			word.WriteByte(command[i])
		default:
			word.WriteByte(c)
		}
	}
	return 0, curlProblem("a quotation isn't closed")
}
