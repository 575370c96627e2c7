package loom_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
)

func TestOptionsAreChecked(t *testing.T) {
	for _, valid := range []loom.Options{
		{},
		{Visibility: "owner"},
		{Visibility: "public", Folder: "none"},
		{Folder: "ari:cloud:loom:7b0e:folder/0123"},
		{Visibility: "workspace", Folder: strings.Repeat("é", 300)},
	} {
		assert.Empty(t, valid.Problem(), "%+v", valid)
	}
	for _, refused := range []loom.Options{
		{Visibility: "everybody"},
		{Visibility: "Owner"},
		{Folder: "Team calls"},
		{Folder: "a\x00b"},
		{Folder: strings.Repeat("f", 301)},
	} {
		assert.NotEmpty(t, refused.Problem(), "%+v", refused)
	}
}

func TestOptionsPrecedence(t *testing.T) {
	preference := loom.Options{Visibility: "workspace", Folder: "f1"}
	assert.Equal(t, loom.Options{Visibility: "public", Folder: "f1"}, loom.Options{Visibility: "public"}.Or(preference))
	assert.Equal(t, loom.Options{Visibility: "workspace"}, loom.Options{Folder: "none"}.Or(preference).Resolved())
	assert.Equal(t, loom.Options{Visibility: "owner"}, loom.Options{}.Resolved(), "only the owner sees a video unless more is chosen")
}
