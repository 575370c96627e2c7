package registry

var (
	FormatName = formatName
	Username   = username
)
