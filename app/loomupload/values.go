package loomupload

import (
	"slices"
	"strings"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
)

// value is something that an operation can be told.
type value struct {
	plain any // a string, an int64, or a []values for an array of objects

	// words have the same meaning, as simplify returns them: an input that allows only certain values gets the one that
	// is among words. Without words, it must allow plain itself.
	words []string

	// described means that an optional free text gets the value only if its description contains it as a word.
	// Otherwise the name of the input would not be enough to know what is expected.
	described bool

	ifRequired bool  // optional inputs stay blank
	shorten    bool  // a text that is too long may be shortened, and a number that is too large reduced
	forms      []any // other forms of plain, for an input whose pattern plain doesn't match
	// tooLarge is the refusal of a number above the maximum, and notListed that of a value which isn't allowed; nil means
	// that the input stays blank if it may.
	tooLarge  func(limit float64) error
	notListed func() error
}

// values are what is known, by meaning.
type values map[meaning]value

// with returns v with more values, which replace those of the same meaning.
func (v values) with(more values) values {
	merged := values{}
	for _, of := range []values{v, more} {
		for meaning, value := range of {
			merged[meaning] = value
		}
	}
	return merged
}

func text(s string) value { return value{plain: s} }

// setText adds a text unless it is blank.
func (v values) setText(m meaning, s string) {
	if s != "" {
		v[m] = text(s)
	}
}

// visibilityWords are the words for each visibility, as simplify returns them. A word that could mean another group of
// people is not among them.
var visibilityWords = map[string][]string{
	loom.VisibilityOwner:     {"owner", "owneronly", "onlyowner", "onlyme", "justme", "me", "private"},
	loom.VisibilityWorkspace: {"workspace", "workspaceonly", "workspacemembers", "anyoneinworkspace", "everyoneinworkspace", "organization", "organisation"},
	loom.VisibilityPublic: {
		"public", "anyone", "anyonewithlink", "anyonewiththelink", "everyone", "everyonewiththelink", "link", "publiclink", "unlisted",
	},
}

func visibilityValue(visibility string) value {
	return value{plain: visibility, words: visibilityWords[visibility], described: true}
}

// visibilityOf returns the visibility that a word of the server means, or a blank string.
func visibilityOf(word string) string {
	word = simplify(word)
	for visibility, words := range visibilityWords {
		if slices.Contains(words, word) {
			return visibility
		}
	}
	return ""
}

// contentTypes are those of the files that Loom accepts, by extension.
var contentTypes = map[string]string{
	".mp4": "video/mp4", ".m4v": "video/x-m4v", ".mov": "video/quicktime", ".webm": "video/webm", ".avi": "video/x-msvideo", ".wmv": "video/x-ms-wmv",
}

// contentTypeValue returns the content type of a file with an extension such as .mp4.
func contentTypeValue(ext string) value {
	ext = strings.ToLower(ext)
	kind := contentTypes[ext]
	return value{
		plain: kind, words: []string{simplify(kind), simplify(ext)},
		notListed: func() error { return refuse(ReasonType, "Loom's upload doesn't accept files of the type "+ext+".") },
	}
}
