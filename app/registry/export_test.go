package registry

var (
	FormatName   = formatName
	UsernameFrom = usernameFrom
)
