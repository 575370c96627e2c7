package operator

import (
	"context"

	"github.com/fathom-to-loom/fathom-to-loom/app/control"
)

// RotateRequest asks to finish the rotation of a key.
type RotateRequest struct {
	Key string `json:"key"` // the name of the setting
	ID  string `json:"id"`  // of the new key; see config.KeyID
}

// Rotation is the progress of finishing the rotation of a key. The last one is the result.
type Rotation struct {
	Done     int  `json:"done"`     // data keys
	Total    int  `json:"total"`    // data keys that used the previous key
	Changed  int  `json:"changed"`  // data keys that were rewrapped; only in the result
	Finished bool `json:"finished"` // nothing that is stored needs the previous key any more
}

// RotateKey finishes the rotation of a key: it encrypts again what is still encrypted with the previous one.
var RotateKey = Operation[RotateRequest, Rotation]{Name: "keys/rotate"}

func bindKeys(server *control.Server, cfg Config) {
	RotateKey.bind(server, func(ctx context.Context, request RotateRequest, emit func(Rotation) error) error {
		return cfg.RotateKey(ctx, request, emit)
	})
}
