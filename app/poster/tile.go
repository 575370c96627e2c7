package poster

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"hash/fnv"
	"strings"
	"unicode"
)

// colours are the grounds of tiles. White letters are legible on all of them. The web app draws the same tiles in its
// lists, with these colours in app.css.
var colours = []string{"#0e6a55", "#1f5f8b", "#6a4c93", "#8a3b4e", "#7a5c12", "#3d6b35", "#4a5568", "#8b4a1f"}

// untitled stands for a blank title.
const untitled = "Untitled meeting"

const tileSVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180" width="640" height="360" role="img" aria-label="%s">` +
	`<rect width="320" height="180" fill="%s"/>` +
	`<text x="160" y="113" fill="#fff" font-family="system-ui, sans-serif" font-size="66" font-weight="600" text-anchor="middle">%s</text></svg>`

// Tile draws the tile of a meeting as an SVG: its initials, on a colour that depends on the id of its record. It contains
// no scripts and refers to nothing.
func Tile(id, title string) []byte {
	initials := escape(Initials(title))
	return fmt.Appendf(nil, tileSVG, initials, colours[colourOf(id)], initials)
}

// Initials returns the first letters or digits of the first two words of a title that have any, in upper case.
func Initials(title string) string {
	var initials []rune
	for _, word := range strings.Fields(cmp.Or(strings.TrimSpace(title), untitled)) {
		first := strings.IndexFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
		if first < 0 {
			continue
		}
		initials = append(initials, unicode.ToUpper([]rune(word[first:])[0]))
		if len(initials) == 2 {
			break
		}
	}
	return string(initials)
}

// colourOf returns the index of a meeting's colour.
func colourOf(id string) int {
	hash := fnv.New32a()
	hash.Write([]byte(id)) // never fails
	return int(hash.Sum32() % uint32(len(colours)))
}

func escape(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer accepts everything
	return b.String()
}
