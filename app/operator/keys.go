package operator

import "github.com/fathom-to-loom/fathom-to-loom/app/control"

// RotateRequest asks to finish the rotation of a key.
type RotateRequest struct {
	Key string `json:"key"` // the name of the setting
	ID  string `json:"id"`  // of the new key; see config.KeyID
}

// Rotation is the result of finishing the rotation of a key: nothing that is stored needs the previous key any more.
type Rotation struct {
	Changed  int  `json:"changed"` // data keys that were rewrapped
	Finished bool `json:"finished"`
}

// RotateKey finishes the rotation of a key: it encrypts again what is still encrypted with the previous one. An interrupted
// call can be repeated.
var RotateKey = Operation[RotateRequest, Rotation]{Name: "keys/rotate"}

func bindKeys(server *control.Server, cfg Config) { RotateKey.bindOne(server, cfg.RotateKey) }
