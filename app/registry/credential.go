package registry

import "github.com/pocketbase/pocketbase/core"

// Credential returns what the sessions and streams of a user or superuser are bound to. Like the key with which
// PocketBase signs their auth tokens, it changes when the record's token key changes (with the password or the
// e-mail address, for example) and when all tokens of the collection are invalidated.
func Credential(user *core.Record) string { return credential(user.TokenKey(), user.Collection()) }

func credential(tokenKey string, users *core.Collection) string {
	return tokenKey + users.AuthToken.Secret
}
