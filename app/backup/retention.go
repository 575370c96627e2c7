package backup

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Keep is how many sets are kept: the newest of each of the last so many days, weeks and months that have one, in UTC. The zero value
// keeps all sets. Sets that lack something never take the place of complete ones: those that are older than the newest complete one
// aren't kept, and the newer ones are kept in addition, by the same rule. The newest set is always kept.
type Keep struct{ Days, Weeks, Months int }

// minObjectAge is how old an object must be before it is removed because no set refers to it.
const minObjectAge = 24 * time.Hour

// keeps returns the names of the sets that are kept. The sets must be sorted, oldest first.
func (k Keep) keeps(sets []Set) map[string]bool {
	kept := map[string]bool{}
	var complete, incomplete []Set
	for _, set := range sets {
		switch {
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
			name := period.of(set.Created.UTC())
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
	kept, err := s.keptSets(ctx, sets)
	if err != nil {
		return removed, err
	}
	named, unreadable := map[string]bool{}, []string{}
	for _, set := range sets {
		switch {
		case !kept[set.Name]:
			if err := s.Repository.remove(ctx, set.Name); err != nil {
				return removed, err
			}
			removed = append(removed, set.Name)
			s.Logger.InfoContext(ctx, "backup removed", "backup", set.Name)
		case set.Problem != "":
			unreadable = append(unreadable, set.Name)
		default:
			if _, err := s.Repository.readIndex(ctx, set.index, func(object Object) { named[object.Key] = true }); err != nil {
				return removed, err
			}
		}
	}
	return removed, s.sweep(ctx, kept, named, unreadable)
}

// keptSets returns the names that Keep keeps. Sets that can't be read, or that this server can't prove to be its own, don't count: they are
// kept only in addition, so that adding some to the repository doesn't remove any other.
func (s *Service) keptSets(ctx context.Context, sets []Set) (map[string]bool, error) {
	var all, genuine []Set
	for _, set := range sets {
		if set.Problem == "" && s.Repository.prove(ctx, set) == nil {
			genuine = append(genuine, set)
		} else {
			set.Created = set.named // the index may say anything
		}
		all = append(all, set)
	}
	kept := s.Keep.keeps(all)
	maps.Copy(kept, s.Keep.keeps(genuine))
	return kept, ctx.Err()
}

// sweep removes the objects that no kept set names. While the index of one can't be read, nobody knows its objects, and all stay.
func (s *Service) sweep(ctx context.Context, kept, named map[string]bool, unreadable []string) error {
	before := s.Now().Add(-minObjectAge)
	if len(unreadable) > 0 {
		s.Logger.WarnContext(ctx, "no files of removed backups are deleted, because backups can't be read", "backups", unreadable)
	} else {
		isKept := func(key string) bool { return named[key] || !objectPattern.MatchString(key) }
		objects, err := s.Repository.store.Sweep(ctx, objectsFolder, before, isKept)
		if err != nil {
			return err
		}
		if objects > 0 {
			s.Logger.InfoContext(ctx, "removed files of earlier backups", "files", objects)
		}
	}
	_, err := s.Repository.store.Sweep(ctx, setsFolder, before, func(key string) bool {
		match := setPattern.FindStringSubmatch(key)
		return match == nil || kept[match[1]]
	})
	return err
}

// remove removes the index of a set, and then its contents, so that a set is never incomplete.
func (r *Repository) remove(ctx context.Context, name string) error {
	var contents []string
	for info, err := range r.store.List(ctx, setsFolder) {
		if err != nil {
			return err
		}
		match := setPattern.FindStringSubmatch(info.Key)
		if match == nil || match[1] != name {
			continue
		}
		if _, _, isIndex := setOf(info.Key); !isIndex {
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
