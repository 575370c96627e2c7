package loomaccount

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian/oauth"
	"github.com/fathom-to-loom/fathom-to-loom/app/notice"
	"github.com/fathom-to-loom/fathom-to-loom/app/registry"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

const (
	revocationMaxAge  = 72 * time.Hour      // of a revocation that fails for now
	revocationForget  = 30 * 24 * time.Hour // of one whose failure can't be reported, because the database is archived
	revocationTimeout = 20 * time.Second
	revocationRetry   = 50 * time.Minute // less than the hour between two runs, so that each of them tries again
	doubtsPerRun      = 100

	// doubtFor is how long a change of a connection may take. What began before this process has ended.
	doubtFor = 5 * time.Minute
)

// Start revokes the grants whose revocation an earlier process has not ended, and from then on those that
// RevokeGrantsLater announces. It ends with Stop.
func (s *Service) Start() error {
	s.RevokeGrantsLater()
	return s.revoking.Go(func(ctx context.Context) {
		for {
			select {
			case <-ctx.Done():
				return
			case <-s.revokeWake.C():
			}
			if err := s.revokeGrants(ctx); err != nil && ctx.Err() == nil {
				s.logger.ErrorContext(ctx, "failed to revoke grants of atlassian", "error", err)
			}
		}
	})
}

// RevokeGrantsLater revokes the grants that are recorded as to be revoked, in the background. Call it every hour, because
// those whose revocation fails are tried again then.
func (s *Service) RevokeGrantsLater() { s.revokeWake.Signal() }

func (s *Service) revokeGrants(ctx context.Context) error {
	if err := s.settleDoubts(ctx); err != nil {
		return err
	}
	for {
		kept, err := s.nextRevocation(ctx)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		failure := s.endRevocation(ctx, kept, s.revoke(ctx, kept))
		if failure == nil {
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err() // the next process tries again at once
		}
		s.logger.WarnContext(ctx, "failed to revoke a grant of atlassian, which is tried again", "user", kept.User, "error", failure)
		if err := s.postpone(ctx, kept); err != nil {
			return err
		}
	}
}

// postpone records that a grant could not be revoked with the token in kept.
func (s *Service) postpone(ctx context.Context, kept keptGrant) error {
	_, err := s.global.NonconcurrentDB().NewQuery("UPDATE " + migrations.LoomGrants + " SET tried = {:now} WHERE id = {:id} AND secret = {:secret}").
		Bind(dbx.Params{"id": kept.ID, "secret": kept.Secret, "now": s.timestamp(0)}).WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("record the failed revocation of grant %s: %w", kept.ID, err)
	}
	return nil
}

// nextRevocation returns the grant to revoke next: first those that were not tried yet, so that they don't wait for others
// that Atlassian doesn't answer. It returns sql.ErrNoRows if there is none at this time.
func (s *Service) nextRevocation(ctx context.Context) (kept keptGrant, err error) {
	err = s.global.NonconcurrentDB().NewQuery("SELECT " + keptColumns + " FROM " + migrations.LoomGrants +
		" WHERE state = {:ending} AND tried < {:before} ORDER BY tried, changed LIMIT 1").
		Bind(dbx.Params{"ending": keptEnding, "before": s.timestamp(-revocationRetry)}).WithContext(ctx).One(&kept)
	if err != nil {
		return kept, fmt.Errorf("find a grant to revoke: %w", err)
	}
	return kept, nil
}

// errGrantStays means that a grant may stay alive at Atlassian, because nothing can revoke it.
var errGrantStays = errors.New("the grant can't be revoked")

// revoke revokes a grant at Atlassian. It returns errGrantStays if that is impossible.
func (s *Service) revoke(ctx context.Context, kept keptGrant) error {
	key, err := s.databases.UnwrapKey(kept.keyName(), kept.DataKey)
	if err != nil {
		return errors.Join(errGrantStays, err)
	}
	plain, err := key.Open(kept.location(kept.keyName()), kept.Secret)
	if err != nil {
		return errors.Join(errGrantStays, err)
	}
	g, err := decodeGrant(string(plain))
	if err != nil {
		return errors.Join(errGrantStays, err)
	}
	ctx, cancel := context.WithTimeout(ctx, revocationTimeout)
	defer cancel()
	err = s.oauth.Revoke(ctx, g.Server, g.Registration, g.Token)
	failure, ok := errors.AsType[*oauth.Error](err)
	switch {
	case ok && failure.Kind == oauth.KindDead:
		return nil // it had ended
	case ok && (failure.Kind == oauth.KindClient || failure.Kind == oauth.KindUnsupported):
		return errors.Join(errGrantStays, err)
	}
	return err // a proxy may have answered with anything else
}

// endRevocation forgets a grant that was revoked, or that stays alive after its owner was told. It returns result if there
// must be another attempt.
func (s *Service) endRevocation(ctx context.Context, kept keptGrant, result error) error {
	ctx = context.WithoutCancel(ctx)
	isOld := func(age time.Duration) bool { return kept.Changed < s.timestamp(-age) }
	if result != nil && !errors.Is(result, errGrantStays) && !isOld(revocationMaxAge) {
		return result
	}
	if result != nil {
		if err := s.reportStayingGrant(ctx, kept); err != nil && !isOld(revocationForget) {
			return errors.Join(result, err)
		}
		s.logger.WarnContext(ctx, "a grant stays alive at atlassian", "user", kept.User, "error", result)
	}
	// A renewal that was under way may have replaced the token meanwhile.
	_, err := s.global.NonconcurrentDB().NewQuery("DELETE FROM " + migrations.LoomGrants + " WHERE id = {:id} AND secret = {:secret}").
		Bind(dbx.Params{"id": kept.ID, "secret": kept.Secret}).WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("forget grant %s: %w", kept.ID, err)
	}
	return nil
}

// reportStayingGrant tells the owner of a grant, unless their database is gone. If it is archived, that must wait.
func (s *Service) reportStayingGrant(ctx context.Context, kept keptGrant) error {
	db, err := s.databases.AcquireForUser(ctx, kept.User)
	if errors.Is(err, registry.ErrNotFound) {
		if dormant, failure := s.databases.IsDormant(ctx, kept.User); dormant || failure != nil {
			return errors.Join(err, failure)
		}
		return nil
	}
	if err != nil {
		return err
	}
	defer db.Release()
	return notice.Add(db.App, notice.Notice{
		Cause: "grant:" + kept.ID, Kind: notice.ConnectionFailed,
		Text: "This server could not end its access to Atlassian, which it no longer uses. Remove it in your Atlassian account, among the connected apps.",
	})
}

// settleDoubts finds out which grants are in use whose connection was being changed when the process ended, or when the
// change could not be recorded.
func (s *Service) settleDoubts(ctx context.Context) error {
	before := s.timestamp(-doubtFor)
	if s.started.After(s.now().Add(-doubtFor)) {
		before = s.started.UTC().Format(types.DefaultDateLayout)
	}
	var grants []keptGrant
	err := s.global.ConcurrentDB().NewQuery("SELECT " + keptColumns + " FROM " + migrations.LoomGrants +
		" WHERE state = {:unsure} AND changed < {:before} ORDER BY changed LIMIT {:limit}").
		Bind(dbx.Params{"unsure": keptUnsure, "before": before, "limit": doubtsPerRun}).WithContext(ctx).All(&grants)
	if err != nil {
		return fmt.Errorf("find grants that may not be used: %w", err)
	}
	for _, kept := range grants {
		if err := s.settleDoubt(ctx, kept); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			s.logger.WarnContext(ctx, "failed to find out whether a grant of atlassian is used, which is tried again", "user", kept.User, "error", err)
		}
	}
	return nil
}

func (s *Service) settleDoubt(ctx context.Context, kept keptGrant) error {
	db, err := s.databases.AcquireForUser(ctx, kept.User)
	if errors.Is(err, registry.ErrNotFound) {
		dormant, failure := s.databases.IsDormant(ctx, kept.User)
		if dormant || failure != nil {
			return failure // it is known when the database is opened or purged
		}
		restorable, failure := registry.FormerOwner(ctx, s.global, kept.User)
		if restorable != "" || failure != nil {
			return failure
		}
		return forgetKept(ctx, s.global, kept)
	}
	if errors.Is(err, registry.ErrElsewhere) {
		return nil // it is known when the database is back
	}
	if err != nil {
		return err
	}
	defer db.Release()
	connection, err := find(db.App)
	switch {
	case err == nil && settingsOf(connection).Grant == kept.ID:
		_, err = s.setState(ctx, kept.ID, kept.User, keptUsed)
		return err
	case err != nil && !errors.Is(err, ErrNotConnected):
		return err
	}
	err = s.global.RunInTransaction(func(tx core.App) error {
		latest, err := findKept(ctx, tx, kept.ID, kept.User)
		if err != nil {
			return err
		}
		return s.endKept(ctx, tx, latest, db.Name, db.Key)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}
