package loominspect

import (
	"regexp"
	"strings"
	"unicode"
)

// plainWords are words of the services that don't occur in every list of operations, in lower case.
var plainWords = wordSet(`
	a an the and or not no is are was were be been has have had can cannot could may must should will would to of in on at by for from with without your you
	this that these those it its i please
	loom atlassian rovo jira confluence cloud mcp api oauth http https url uri json id ids uuid sso saml utc iso cloudid ari
	get post put patch delete head options bearer basic curl
	owner workspace public private unlisted link anyone everyone organization organisation admin administrator administrators user users member members creator
	starter business enterprise standard premium education free lite ai plan plans upgrade
	draft pending uploading uploaded processing transcoding encoding published complete completed ready done failed error errored available playable success ok
	video videos file files upload uploads part parts form multipart put post binary data key policy signature fields headers method url address expires
	mp4 mov webm wmv avi m4v mb gb kb seconds minutes hours bytes authentication authorization unauthorized forbidden invalid missing required insufficient
	scope scopes token tokens permission permissions request failed status code operation operations tool tools site sites account accounts
`)

// ownWords are not private even if a person or site is named so, because no report could be read without them.
var ownWords = wordSet(`loom atlassian net com org www http https rovo mcp api video videos upload file test demo admin user site name the and for not`)

func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(text) {
		set[word] = true
	}
	return set
}

var wordPattern = regexp.MustCompile(`[\p{L}\p{N}]+`)

// addWords adds the words of a text in lower case.
func addWords(set map[string]bool, text string) {
	for _, word := range wordPattern.FindAllString(text, -1) {
		set[strings.ToLower(word)] = true
	}
}

// addVocabulary adds the words in a description of an operation: all names, and the words of all texts.
func addVocabulary(set map[string]bool, value any) {
	switch value := value.(type) {
	case string:
		addWords(set, value)
	case []any:
		for _, item := range value {
			addVocabulary(set, item)
		}
	case map[string]any:
		for name, item := range value {
			set[strings.ToLower(name)] = true
			addVocabulary(set, item)
		}
	}
}

func isPlainASCII(word string) bool {
	return strings.IndexFunc(word, func(c rune) bool { return c > unicode.MaxASCII || !unicode.IsLetter(c) }) < 0
}
