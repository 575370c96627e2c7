package loom

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The values of Options.Visibility.
const (
	VisibilityOwner     = "owner"     // only the owner; the default
	VisibilityWorkspace = "workspace" // everybody in the owner's Loom workspace
	VisibilityPublic    = "public"    // everybody with the link
)

// FolderNone is the Options.Folder of videos that are not put into a folder.
const FolderNone = "none"

const maxFolder = 300 // characters of a folder's id

// Options are what people choose for a video at Loom. Blank fields are not chosen.
type Options struct {
	Visibility string `json:"visibility,omitempty"`
	Folder     string `json:"folder,omitempty"` // the id of a folder at Loom, or FolderNone
}

// Problem returns a sentence for the user that says why the options can't be used, or a blank string.
func (o Options) Problem() string {
	visibilities := []string{"", VisibilityOwner, VisibilityWorkspace, VisibilityPublic}
	isForbidden := func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }
	switch {
	case !slices.Contains(visibilities, o.Visibility):
		return "Visibility must be owner, workspace or public."
	case utf8.RuneCountInString(o.Folder) > maxFolder || strings.ContainsFunc(o.Folder, isForbidden):
		return "Folder must be the id of a folder at Loom, or none."
	}
	return ""
}

// Or returns the options with those of defaults where nothing is chosen.
func (o Options) Or(defaults Options) Options {
	return Options{Visibility: cmp.Or(o.Visibility, defaults.Visibility), Folder: cmp.Or(o.Folder, defaults.Folder)}
}

// Resolved returns the options as an uploader applies them: the visibility is set, and a blank folder means none.
func (o Options) Resolved() Options {
	o.Visibility = cmp.Or(o.Visibility, VisibilityOwner)
	if o.Folder == FolderNone {
		o.Folder = ""
	}
	return o
}
