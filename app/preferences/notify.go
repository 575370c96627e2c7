package preferences

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// Notify is what a person wants to receive by e-mail.
type Notify struct {
	Failed   bool `json:"failed"`    // something has failed or stopped
	YourTurn bool `json:"your_turn"` // a recording waits to be uploaded to Loom
	Digest   bool `json:"digest"`    // a summary of each week
}

// The groups of mail, named as in the preference.
const (
	GroupFailed   = "failed"
	GroupYourTurn = "your_turn"
	GroupDigest   = "digest"
)

// Wants reports whether a person wants the mail of a group.
func (n Notify) Wants(group string) bool {
	switch group {
	case GroupFailed:
		return n.Failed
	case GroupYourTurn:
		return n.YourTurn
	case GroupDigest:
		return n.Digest
	}
	return false
}

// without returns the preference with the mail of a group switched off.
func (n Notify) without(group string) Notify {
	switch group {
	case GroupFailed:
		n.Failed = false
	case GroupYourTurn:
		n.YourTurn = false
	case GroupDigest:
		n.Digest = false
	}
	return n
}

var defaultNotify = Notify{Failed: true, YourTurn: true}

// NotifyOf returns what the owner of a database wants to receive; the default is everything but the digest.
func NotifyOf(app core.App) Notify {
	notify, ok := decodeNotify(read(app, KeyNotify))
	if !ok {
		return defaultNotify
	}
	return notify
}

// decodeNotify reads a preference, in which fields may be missing.
func decodeNotify(value json.RawMessage) (notify Notify, ok bool) {
	notify = defaultNotify
	if !bytes.HasPrefix(bytes.TrimSpace(value), []byte("{")) {
		return notify, false
	}
	err := decodeStrict(value, &notify)
	return notify, err == nil
}

// Unsubscribe switches the mail of a group off.
func Unsubscribe(app core.App, group string) error {
	return app.RunInTransaction(func(tx core.App) error {
		record, err := tx.FindFirstRecordByData(schema.Preferences, "key", KeyNotify)
		if errors.Is(err, sql.ErrNoRows) {
			collection, err := tx.FindCachedCollectionByNameOrId(schema.Preferences)
			if err != nil {
				return err
			}
			record = core.NewRecord(collection)
			record.Set("key", KeyNotify)
		} else if err != nil {
			return fmt.Errorf("read the preference for mail: %w", err)
		}
		record.Set("value", NotifyOf(tx).without(group))
		return tx.Save(record)
	})
}
