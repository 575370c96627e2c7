package share

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
)

// Lengths of a password in bytes. Bcrypt ignores what exceeds its maximum.
const (
	minPassword = 8
	maxPassword = 72
)

// maxHashing is how many passwords are hashed at the same time, each of which occupies a processor for some 60 ms.
const maxHashing = 2

// passwords checks passwords slowly: a network has to pause after each wrong one of a link, and all networks together may
// be wrong limit.MaxShareFailuresPerHour times. Those who have a grant aren't affected.
type passwords struct {
	pauses   *limit.Pauses
	failures *limit.Failures // by link
	attempts *limit.Rate     // by network, at all links
	hashing  chan struct{}
}

func newPasswords(now func() time.Time) passwords {
	return passwords{
		pauses: limit.NewPauses(now), failures: limit.NewFailures(limit.MaxShareFailuresPerHour, now),
		attempts: limit.NewRate(limit.SharePasswordsPerSecond, limit.SharePasswordBurst, now), hashing: make(chan struct{}, maxHashing),
	}
}

// hash returns the hash of a new password, blank for a blank one, or an *InvalidError.
func (p passwords) hash(ctx context.Context, password string) (string, error) {
	if password == "" {
		return "", nil
	}
	if len(password) < minPassword || len(password) > maxPassword {
		return "", &InvalidError{"password", fmt.Sprintf("Choose a password of %d to %d characters.", minPassword, maxPassword)}
	}
	if err := p.acquire(ctx); err != nil {
		return "", err
	}
	defer p.release()
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
	if err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	return string(hash), nil
}

// check returns nil if a password is right, ErrPassword, a *RateError or ctx.Err.
func (p passwords) check(ctx context.Context, share *Share, password string, network limit.Caller) error {
	if wait, ok := p.attempts.Take(network); !ok {
		return &RateError{Wait: wait}
	}
	attempt, wait, err := p.pauses.Begin(ctx, share.ID, network)
	if err != nil {
		return err
	}
	if wait > 0 {
		return &RateError{Wait: wait}
	}
	defer attempt.End()
	end, ok := p.failures.Begin(share.ID)
	if !ok {
		return &RateError{Wait: max(p.failures.Wait(share.ID), time.Minute)}
	}
	defer end(false)
	if err := p.acquire(ctx); err != nil {
		return err
	}
	defer p.release()
	err = bcrypt.CompareHashAndPassword([]byte(share.password), []byte(password))
	switch {
	case err == nil:
		attempt.Succeeded()
		return nil
	case errors.Is(err, bcrypt.ErrMismatchedHashAndPassword):
		attempt.Failed()
		end(true)
		return ErrPassword
	}
	return fmt.Errorf("check password of link %s: %w", share.ID, err)
}

func (p passwords) acquire(ctx context.Context) error {
	select {
	case p.hashing <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p passwords) release() { <-p.hashing }
