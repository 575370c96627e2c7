// Package preferences reads what people have chosen in their database's collection preferences. A value that can't be
// used means the default.
package preferences

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
	_ "time/tzdata" // servers may have no time zones

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/filename"
	schema "github.com/fathom-to-loom/fathom-to-loom/migrations/userdb"
)

// The keys whose values the server uses. People and programs may save others.
const (
	KeyTimeZone = "time_zone" // a name of the IANA time zone database, such as Europe/Berlin
	KeyFileName = "file_name" // a template of package filename
	KeyMyEmails = "my_emails" // the owner's e-mail addresses at Fathom
	KeyNotify   = "notify"    // an object with the fields of Notify

	// Whether Fathom may call the server, with a webhook and about files that are ready, true or false. The default is true.
	KeyWebhook = "webhook"

	// For how many days the files of delivered recordings are kept; null means for ever.
	KeyKeepRecordings = "keep_recordings"

	// Whether calls that other people recorded are synced, an object like Others.
	KeySyncOthers = "sync_others"

	// Who may see videos that are uploaded to Loom, and their folder, an object like loom.Options.
	KeyLoom = "loom"
)

// checks return a sentence for the user, or a blank string, for the JSON value of a key.
var checks = map[string]func(value json.RawMessage) string{
	KeyTimeZone: func(value json.RawMessage) string {
		if _, ok := decodeZone(value); !ok {
			return "This must be the name of a time zone, such as Europe/Berlin."
		}
		return ""
	},
	KeyFileName: func(value json.RawMessage) string {
		var text string
		if json.Unmarshal(value, &text) != nil {
			return "This must be a text, such as " + filename.Default + "."
		}
		if _, err := filename.Parse(text); err != nil {
			return err.(*filename.TemplateError).Message
		}
		return ""
	},
	KeyWebhook: func(value json.RawMessage) string {
		var enabled bool
		if json.Unmarshal(value, &enabled) != nil || string(value) == "null" {
			return "This must be true or false."
		}
		return ""
	},
	KeyKeepRecordings: func(value json.RawMessage) string {
		if _, ok := decodeDays(value); !ok {
			return fmt.Sprintf("This must be a number of days from 1 to %d, or null for ever.", maxKeptDays)
		}
		return ""
	},
	KeyMyEmails: func(value json.RawMessage) string {
		if len(decodeEmails(value)) == 0 {
			return fmt.Sprintf("This must be a list of up to %d e-mail addresses.", maxEmails)
		}
		return ""
	},
	KeyNotify: func(value json.RawMessage) string {
		if _, ok := decodeNotify(value); !ok {
			return `This must be an object such as {"failed": true, "your_turn": true, "digest": false}.`
		}
		return ""
	},
	KeyLoom: func(value json.RawMessage) string {
		_, problem := decodeLoomOptions(value)
		return problem
	},
	KeySyncOthers: func(value json.RawMessage) string {
		others, err := decodeOthers(value)
		switch {
		case err != nil:
			return `This must be {"enabled": true or false, "people": [e-mail addresses], "teams": [names of teams]}.`
		case len(others.People)+len(others.Teams) > maxOthers:
			return fmt.Sprintf("Choose at most %d people and teams.", maxOthers)
		}
		return ""
	},
}

// Check returns a sentence that says why a value can't be saved under a key, or a blank string.
func Check(key string, value json.RawMessage) string {
	if check, ok := checks[key]; ok {
		return check(value)
	}
	return ""
}

// TimeZone returns the time zone of dates in names; the default is UTC.
func TimeZone(app core.App) *time.Location {
	zone, ok := decodeZone(read(app, KeyTimeZone))
	if !ok {
		return time.UTC
	}
	return zone
}

func decodeZone(value json.RawMessage) (zone *time.Location, ok bool) {
	var name string
	if json.Unmarshal(value, &name) != nil || name == "" || name == "Local" {
		return nil, false
	}
	zone, err := time.LoadLocation(name)
	return zone, err == nil
}

// FileNames returns the template of the names of recordings.
func FileNames(app core.App) filename.Template {
	var text string
	if json.Unmarshal(read(app, KeyFileName), &text) != nil {
		return filename.Template{}
	}
	template, err := filename.Parse(text)
	if err != nil {
		return filename.Template{}
	}
	return template
}

// read returns the JSON value of a key, or nil.
func read(app core.App, key string) json.RawMessage {
	record, err := app.FindFirstRecordByData(schema.Preferences, "key", key)
	if err != nil {
		return nil
	}
	var value json.RawMessage
	if record.UnmarshalJSONField("value", &value) != nil {
		return nil
	}
	return value
}

// decodeStrict decodes a value into target. It returns an error if the value has a field that target does not have.
func decodeStrict(value json.RawMessage, target any) error {
	decoder := json.NewDecoder(bytes.NewReader(value))
	decoder.DisallowUnknownFields()
	return decoder.Decode(target)
}
