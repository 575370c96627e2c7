package doctor

import (
	"context"

	"github.com/fathom-to-loom/fathom-to-loom/app/config"
)

// checkKeys reports keys that are not those with which the data was encrypted. That they are well-formed is up to
// checkSettings.
func (e *examination) checkKeys(context.Context) (findings []Finding) {
	for _, key := range []struct {
		name   string
		secret config.Secret
	}{
		{"AES_MASTER_KEY", e.App.Config.AESMasterKey},
		{"JWT_SECRET", e.App.Config.JWTSecret},
		{"PB_ENCRYPTION_KEY", e.App.Config.PBEncryptionKey},
	} {
		if _, err := key.secret.Bytes(); err != nil || !key.secret.IsSet() {
			return notChecked(key.name + " is missing or malformed")
		}
	}
	found := e.diagnosis()
	for _, err := range found.Keys {
		findings = append(findings, failed(Fail, err, "Restore the former key"))
	}
	if len(findings) > 0 {
		return findings
	}
	if found.Unreadable() {
		return notChecked(unreadable)
	}
	if findings = e.checkRotations(found.PreviousKeys); len(findings) > 0 {
		return findings
	}
	if found.DB == nil {
		return one(ok("the keys are set; nothing is encrypted yet"))
	}
	return one(ok("the keys are those that encrypted the data"))
}

// checkRotations reports former keys in the settings. previousKeys is how many data keys need that of AES_MASTER_KEY.
func (e *examination) checkRotations(previousKeys int) (findings []Finding) {
	for _, name := range config.RotatedKeys {
		former := name + config.PreviousSuffix
		_, previous := e.App.Config.Key(name)
		switch {
		case !previous.IsSet():
		case name == "AES_MASTER_KEY" && previousKeys == 0 && e.diagnosis().DB != nil:
			findings = append(findings, warn("no data key uses "+former+" any more", "Run fathom-to-loom keys rotate "+name+" to make sure, and delete "+former+" from the settings"))
		case name == "AES_MASTER_KEY":
			findings = append(findings, warn(countOf(previousKeys, "data key still uses ", "data keys still use ")+former, "Run fathom-to-loom keys rotate "+name))
		default:
			findings = append(findings, warn("the rotation of "+name+" is not finished: "+former+" is set", "Run fathom-to-loom keys rotate "+name+", which says when to delete it"))
		}
	}
	return findings
}
