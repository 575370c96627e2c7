package blob

import (
	"context"
	"time"
)

// Sweep implements Store. Unfinished uploads are named by their ID.
func (d *Disk) Sweep(
	ctx context.Context, database string, before time.Time, isNamed func(string) bool,
) (removed int, err error) {
	var unnamed []string
	for info, err := range d.List(ctx, database) {
		if err != nil {
			return 0, err
		}
		if info.Modified.Before(before) && !isNamed(info.Key) {
			unnamed = append(unnamed, info.Key)
		}
	}
	for _, key := range unnamed {
		if err := d.Delete(ctx, key); err != nil {
			return removed, err
		}
		removed++
	}
	partials, err := d.sweepPartials(ctx, database, before, isNamed)
	return removed + partials, err
}
