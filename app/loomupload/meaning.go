package loomupload

import (
	"strings"
	"unicode"
)

// meaning is what an input of an operation stands for. The names of inputs are unpublished, so that several names have
// the same meaning.
type meaning string

const (
	meansTitle       meaning = "title"
	meansFileName    meaning = "file name"
	meansFilePath    meaning = "file path"
	meansSize        meaning = "size in bytes"
	meansContentType meaning = "content type"
	meansSeconds     meaning = "length in seconds"
	meansMillis      meaning = "length in milliseconds"
	meansSite        meaning = "site"
	meansFolder      meaning = "folder"
	meansVisibility  meaning = "visibility"
	meansVideo       meaning = "video"
	meansShareURL    meaning = "share link"
	meansFile        meaning = "uploaded file"
	meansCursor      meaning = "page"
	meansLimit       meaning = "number of results"
	meansParts       meaning = "parts"
	meansPartNumber  meaning = "number of a part"
	meansETag        meaning = "ETag of a part"
)

// aliases are the names of inputs by meaning, as simplify returns them.
var aliases = map[meaning][]string{
	meansTitle:    {"title", "name", "videotitle", "videoname", "displayname", "loomtitle", "newtitle", "newname"},
	meansFileName: {"filename", "originalfilename", "sourcefilename", "filetitle"},
	meansFilePath: {"filepath", "localfilepath", "localpath", "videopath"},
	meansSize: {
		"size", "filesize", "contentlength", "sizebytes", "sizeinbytes", "filesizebytes", "filesizeinbytes", "contentlengthbytes", "bytesize",
		"totalsize", "totalbytes", "contentsize", "videosize",
	},
	meansContentType: {"contenttype", "mimetype", "mediatype", "filetype", "filemimetype", "filecontenttype", "videotype", "fileformat"},
	meansSeconds:     {"durationseconds", "durationinseconds", "durationsec", "durationsecs", "videodurationseconds", "lengthseconds", "lengthinseconds"},
	meansMillis:      {"durationms", "durationmillis", "durationmilliseconds", "durationinmilliseconds", "durationinms"},
	meansSite:        {"cloudid"},
	meansFolder:      {"folderid", "folder", "parentfolderid", "destinationfolderid", "targetfolderid", "loomfolderid", "folderari"},
	meansVisibility: {
		"visibility", "permission", "permissions", "privacy", "access", "accesslevel", "sharing", "privacylevel", "videovisibility", "videoprivacy",
		"sharingpermission", "visibilitylevel", "permissionlevel", "linkaccess",
	},
	meansVideo:      {"videoid", "id", "loomid", "loomvideoid", "video", "videoari", "ari", "loomvideoari", "videoids", "videoidorurl"},
	meansShareURL:   {"url", "shareurl", "videourl", "link", "sharelink", "videolink", "loomurl", "loomvideourl"},
	meansFile:       {"fileid", "mediaid", "mediafileid", "uploadedfileid", "attachmentid"},
	meansCursor:     {"cursor", "after", "pagetoken", "nextcursor", "nextpagetoken", "startcursor"},
	meansLimit:      {"limit", "first", "pagesize", "maxresults", "count", "perpage"},
	meansParts:      {"parts", "uploadedparts", "completedparts", "uploadparts", "multipartparts"},
	meansPartNumber: {"partnumber", "part", "number", "partno"},
	meansETag:       {"etag", "parttag"},
}

// containers are names of objects that group inputs. The name of such an object is part of what the inputs within it
// mean, unless it is neutral: file.name is the name of the file, but inputs.name is the title.
var containers = map[string]string{
	"inputs": "", "input": "", "params": "", "parameters": "", "arguments": "", "args": "", "body": "", "request": "", "payload": "", "data": "",
	"options": "", "metadata": "", "upload": "", "details": "", "pagination": "", "page": "", "settings": "",
	"file": "file", "video": "video", "media": "file", "source": "file", "folder": "folder", "part": "part", "item": "part",
}

// contextual are the names within containers that mean something else there.
var contextual = map[string]meaning{
	"file/name": meansFileName, "file/path": meansFilePath, "file/type": meansContentType, "file/format": meansContentType, "file/length": meansSize,
	"file/id": meansFile, "file/title": "", "file/url": "",
	"video/type": meansContentType, "folder/id": meansFolder, "folder/name": "", "folder/title": "", "folder/url": "",
	"part/id": "", "part/name": "", "part/url": "", "part/title": "",
}

// byName is the inverse of aliases.
var byName = func() map[string]meaning {
	index := map[string]meaning{}
	for meaning, names := range aliases {
		for _, name := range names {
			index[name] = meaning
		}
	}
	return index
}()

// meaningOf returns what an input means, or a blank meaning. container is the kind of the object around it.
func meaningOf(container, name string) meaning {
	name = simplify(name)
	if m, ok := contextual[container+"/"+name]; ok {
		return m
	}
	return byName[name]
}

// simplify removes what differs between spellings of a name: case and everything but letters and digits.
func simplify(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}
