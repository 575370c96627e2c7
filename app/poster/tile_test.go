package poster_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/poster"
	"github.com/fathom-to-loom/fathom-to-loom/pb_public"
)

// The web app draws tiles without a request.
func TestTilesAreThoseOfTheWebApp(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../pb_public/test/tiles.json")
	require.NoError(t, err)
	var tiles []struct {
		ID, Title, Initials string
		Colour              int
	}
	require.NoError(t, json.Unmarshal(content, &tiles))
	require.Len(t, tiles, 10)
	styles, err := fs.ReadFile(pb_public.Files, "app.css")
	require.NoError(t, err)
	for _, tile := range tiles {
		assert.Equal(t, tile.Initials, poster.Initials(tile.Title), tile.Title)
		number, colour := poster.ColourOf(tile.ID)
		assert.Equal(t, tile.Colour, number, tile.ID)
		assert.Contains(t, string(styles), fmt.Sprintf(".tile-%d { background: %s; }", number, colour))
	}
}

func TestTileContainsNoMarkupOfTitles(t *testing.T) {
	t.Parallel()
	for _, title := range []string{`<script>alert(1)</script> <b>`, `"onload="x" 'y'`, "a&b ]]> <!--", "\x00\x01 \xff\xfe", "<", ""} {
		tile := string(poster.Tile("abcdefghijklmn1", title))
		names := []string{}
		for decoder := xml.NewDecoder(strings.NewReader(tile)); ; {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err, tile)
			if element, ok := token.(xml.StartElement); ok {
				names = append(names, element.Name.Local)
			}
		}
		assert.Equal(t, []string{"svg", "rect", "text"}, names, tile)
		assert.NotContains(t, tile, "script")
	}
	assert.Equal(t, poster.Tile("abcdefghijklmn1", "Weekly sync"), poster.Tile("abcdefghijklmn1", "Weekly sync"))
	assert.NotEqual(t, poster.Tile("abcdefghijklmn1", "Weekly sync"), poster.Tile("k3j2h1g0f9e8d7c", "Weekly sync"))
}
