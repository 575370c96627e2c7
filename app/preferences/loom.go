package preferences

import (
	"bytes"
	"encoding/json"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
)

// LoomOptions returns what the owner of a database has chosen for videos at Loom; by default, nothing.
func LoomOptions(app core.App) loom.Options {
	options, problem := decodeLoomOptions(read(app, KeyLoom))
	if problem != "" {
		return loom.Options{}
	}
	return options
}

// decodeLoomOptions reads a preference, in which fields may be missing.
func decodeLoomOptions(value json.RawMessage) (options loom.Options, problem string) {
	if !bytes.HasPrefix(bytes.TrimSpace(value), []byte("{")) || decodeStrict(value, &options) != nil {
		return loom.Options{}, `This must be an object such as {"visibility": "owner", "folder": "none"}.`
	}
	return options, options.Problem()
}
