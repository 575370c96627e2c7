package hooks

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"
)

// Parameters of PocketBase record what the environment has set, so that it can be undone when the variable is removed,
// while what people have set in the admin UI stays.
const (
	smtpSource         = "smtpFromEnvironment"         // describes the mail server; earlier versions wrote true
	superuserIPsSource = "superuserIPsFromEnvironment" // the addresses
	superuserSource    = "superuserFromEnvironment"    // an environmentSuperuser
)

// readSource decodes what the environment has set. It returns nil if it has set nothing.
func readSource(pb core.App, id string, into any) (*core.Param, error) {
	source := new(core.Param)
	err := pb.ModelQuery(source).Model(id, source)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what the environment has set (%s): %w", id, err)
	}
	_ = json.Unmarshal(source.Value, into) // of an earlier version, or changed by hand: nothing is known
	return source, nil
}

// writeSource records what the environment sets, before it takes effect.
func writeSource(pb core.App, source *core.Param, id string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encode what the environment sets (%s): %w", id, err)
	}
	if source == nil {
		source = &core.Param{}
		source.Id = id
	} else if string(source.Value) == string(text) {
		return nil
	}
	source.Value = text
	if err := pb.Save(source); err != nil {
		return fmt.Errorf("record what the environment sets (%s): %w", id, err)
	}
	return nil
}

// environmentSetting is a part of PocketBase's settings that follows the environment.
type environmentSetting struct {
	source  string
	isSet   bool   // in the environment
	present string // describes what is in effect, without secrets
	applied string // describes what apply sets
	apply   func() // sets what the environment says
	clear   func() // sets nothing
}

// follow applies a setting of the environment. If its variable has been removed, it clears what the environment had set,
// unless somebody has changed that in the admin UI since. Call forget once the settings are saved.
func (s environmentSetting) follow(pb core.App) (forget func() error, err error) {
	forget = func() error { return nil }
	var applied string
	source, err := readSource(pb, s.source, &applied)
	switch {
	case err != nil:
		return nil, err
	case s.isSet:
		s.apply()
		return forget, writeSource(pb, source, s.source, s.applied)
	case source == nil:
		return forget, nil
	case applied == "" || applied == s.present:
		s.clear()
	}
	return func() error {
		if err := pb.Delete(source); err != nil {
			return fmt.Errorf("forget what the environment had set (%s): %w", s.source, err)
		}
		return nil
	}, nil
}
