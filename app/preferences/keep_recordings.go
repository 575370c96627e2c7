package preferences

import (
	"encoding/json"
	"math"

	"github.com/pocketbase/pocketbase/core"
)

const maxKeptDays = 3650

// KeepRecordings returns for how many days the file of a delivered recording is kept; 0 means for ever, the default.
func KeepRecordings(app core.App) (days int) {
	days, ok := decodeDays(read(app, KeyKeepRecordings))
	if !ok {
		return 0
	}
	return days
}

// decodeDays accepts null and whole numbers from 1.
func decodeDays(value json.RawMessage) (days int, ok bool) {
	var number *float64
	if json.Unmarshal(value, &number) != nil {
		return 0, false
	}
	if number == nil {
		return 0, true
	}
	if *number < 1 || *number > maxKeptDays || *number != math.Trunc(*number) {
		return 0, false
	}
	return int(*number), true
}
