package backup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Keep is how many sets are kept: the newest of each of the last so many days, weeks and months that have one, in UTC. The zero value
// keeps all sets. Sets that lack something never take the place of complete ones: those that are older than the newest complete one
// aren't kept, and the newer ones are kept in addition, by the same rule. The newest set is always kept, as are those whose index can't be
// read.
type Keep struct{ Days, Weeks, Months int }

// minObjectAge is how old an object must be before it is removed because no set refers to it.
const minObjectAge = 24 * time.Hour

// keeps returns the names of the sets that are kept. The sets must be sorted, oldest first.
func (k Keep) keeps(sets []Set) map[string]bool {
	kept := map[string]bool{}
	var complete, incomplete []Set
	for _, set := range sets {
		switch {
		case set.Unreadable != "":
			kept[set.Name] = true
		case set.Incomplete > 0:
			incomplete = append(incomplete, set)
		default:
			complete, incomplete = append(complete, set), nil
		}
	}
	k.choose(complete, kept)
	k.choose(incomplete, kept)
	return kept
}

func (k Keep) choose(sets []Set, kept map[string]bool) {
	if len(sets) > 0 {
		kept[sets[len(sets)-1].Name] = true
	}
	for _, period := range []struct {
		count int
		of    func(time.Time) string
	}{
		{k.Days, func(t time.Time) string { return t.Format(time.DateOnly) }},
		{k.Weeks, func(t time.Time) string { year, week := t.ISOWeek(); return fmt.Sprintf("%d-W%d", year, week) }},
		{k.Months, func(t time.Time) string { return t.Format("2006-01") }},
	} {
		seen := map[string]bool{}
		for _, set := range slices.Backward(sets) {
			name := period.of(set.at())
			if !seen[name] && len(seen) < period.count {
				seen[name] = true
				kept[set.Name] = true
			}
		}
	}
}

// prune removes the sets that Keep doesn't keep and then the objects that no set refers to. Interrupted, the next call continues:
// an object is removed only when no index names it any more.
func (s *Service) prune(ctx context.Context) (removed []string, err error) {
	removed = []string{}
	if s.Keep == (Keep{}) {
		return removed, nil
	}
	sets, err := s.Repository.Sets(ctx)
	if err != nil {
		return removed, err
	}
	kept := s.Keep.keeps(sets)
	for _, set := range sets {
		if kept[set.Name] {
			continue
		}
		if err := s.Repository.remove(ctx, set.Name); err != nil {
			return removed, err
		}
		removed = append(removed, set.Name)
		s.Logger.Info("backup removed", "backup", set.Name)
	}
	named, err := s.namedObjects(ctx, sets, kept)
	if err != nil {
		return removed, err
	}
	if named == nil {
		return removed, nil
	}
	before := s.Now().Add(-minObjectAge)
	objects, err := s.Repository.store.Sweep(ctx, objectsFolder, before, func(key string) bool { return named[key] })
	if err == nil && objects > 0 {
		s.Logger.Info("removed files of earlier backups", "files", objects)
	}
	_, setsErr := s.Repository.store.Sweep(ctx, setsFolder, before, func(key string) bool {
		parts := strings.Split(key, "/")
		return len(parts) > 1 && kept[parts[1]]
	})
	return removed, errors.Join(err, setsErr)
}

// namedObjects returns the keys of the objects to which kept sets refer, or nil if that can't be found out because an index is
// unreadable.
func (s *Service) namedObjects(ctx context.Context, sets []Set, kept map[string]bool) (named map[string]bool, err error) {
	named = map[string]bool{}
	for _, set := range sets {
		if !kept[set.Name] {
			continue
		}
		if set.Unreadable == "" {
			if set, err = s.Repository.Find(ctx, set.Name); err != nil {
				return nil, err
			}
		}
		if set.Unreadable != "" {
			s.Logger.Warn("kept all files of earlier backups, because the index of a backup can't be read", "backup", set.Name, "error", set.Unreadable)
			return nil, nil
		}
		for _, object := range set.Objects {
			named[object.Key] = true
		}
	}
	return named, nil
}

// remove removes the index of a set, and then its contents, so that a set is never incomplete.
func (r *Repository) remove(ctx context.Context, name string) error {
	var contents []string
	for info, err := range r.store.List(ctx, setsFolder) {
		if err != nil {
			return err
		}
		if !strings.HasPrefix(info.Key, setsFolder+"/"+name+"/") {
			continue
		}
		if _, isIndex := setOf(info.Key); !isIndex {
			contents = append(contents, info.Key)
			continue
		}
		if err := r.store.Delete(ctx, info.Key); err != nil {
			return fmt.Errorf("remove backup %s: %w", name, err)
		}
	}
	for _, key := range contents {
		if err := r.store.Delete(ctx, key); err != nil {
			return fmt.Errorf("remove backup %s: %w", name, err)
		}
	}
	return nil
}
