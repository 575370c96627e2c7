package fathom

import "mime"

// OtherMediaType is the media type of a file that is neither audio nor video as far as this program knows.
const OtherMediaType = "application/octet-stream"

// mediaTypes are the types that browsers play and never show as a page, with their file name extensions.
var mediaTypes = map[string]string{
	"video/mp4":       ".mp4",
	"video/quicktime": ".mov",
	"video/webm":      ".webm",
	"audio/mp4":       ".m4a",
	"audio/x-m4a":     ".m4a",
	"audio/mpeg":      ".mp3",
}

// MediaType returns the audio or video type that a Content-Type stands for, without parameters, or
// OtherMediaType. A file must be stored and served under this type only: the Content-Type is text from another
// party, and browsers read "video/mp4,text/html" as a page.
func MediaType(contentType string) string {
	mediaType, _, err := mime.ParseMediaType(contentType)
	if _, ok := mediaTypes[mediaType]; err != nil || !ok {
		return OtherMediaType
	}
	return mediaType
}
