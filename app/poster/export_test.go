package poster

// Clean checks a picture and encodes it again.
var Clean = clean

// ColourOf returns the colour of a meeting's tile, with its number.
func ColourOf(id string) (int, string) { return colourOf(id), colours[colourOf(id)] }
