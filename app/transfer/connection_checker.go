package transfer

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// A Checker checks a secret at its provider, with the settings of the connection, before or after they are saved. The
// error is nil if the provider accepts them, and otherwise a *CheckError. Any other error means that nobody knows.
type Checker func(ctx context.Context, db *userdb.Database, connection *core.Record, secret string) (Finding, error)

// Finding is what a check has found out besides whether a connection works. The zero value is nothing.
type Finding struct {
	Reason    string   // for the owner of a connection that works, but not for everything; whole sentences
	Abilities []string // of the connection, if it works
	Details   any      // as JSON
}

// setIn sets the fields of a connection that show a finding. A connection that may work keeps its abilities.
func (f Finding) setIn(connection *core.Record, status ConnectionStatus) {
	if status != ConnectionUnchecked {
		connection.Set("abilities", f.Abilities)
	}
	connection.Set("details", f.Details)
}

// CheckError is why a provider didn't accept a connection, or couldn't be asked.
type CheckError struct {
	Message   string // a sentence for the owner about what happened
	Advice    string // a sentence about what to do, shown as long as the connection is in this state; may be blank
	Temporary bool   // the provider couldn't be asked
	Err       error  // the cause, for the log
}

// Error returns the cause.
func (e *CheckError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *CheckError) Unwrap() error { return e.Err }

// AddChecker makes the service check the connections of a provider. Call it before databases are opened.
func (s *Service) AddChecker(provider string, check Checker) { s.checkers[provider] = check }

// IsChecked reports whether the connections of a provider are checked.
func (s *Service) IsChecked(provider string) bool { return s.checkers[provider] != nil }

// CheckSecret checks the new values of a connection at its provider before they are saved, which takes 10 s at most, or
// 20 s for a connection to Loom. connection holds the values, and secret is not encrypted. If the provider accepts them,
// CheckSecret records that in connection, which it doesn't save. Otherwise it returns a *CheckError.
func (s *Service) CheckSecret(ctx context.Context, db *userdb.Database, connection *core.Record, secret string) error {
	provider := connection.GetString("provider")
	limits := s.checks.limitsOf(provider)
	ctx, cancel := context.WithTimeout(ctx, limits.request)
	defer cancel()
	var finding Finding
	var result error
	err := s.checks.runWithin(ctx, limits, func(ctx context.Context) {
		finding, result = s.checkers[provider](ctx, db, connection, secret)
	})
	if err := errors.Join(err, result); err != nil {
		return asCheckError(err)
	}
	setConnectionStatus(connection, ConnectionValid)
	connection.Set("reason", finding.Reason)
	connection.Set("checked_at", s.now())
	finding.setIn(connection, ConnectionValid)
	return nil
}

// CheckedSecretSaved starts or continues the user's work with values that CheckSecret has accepted and that are saved now.
func (s *Service) CheckedSecretSaved(db *userdb.Database, connection *core.Record) {
	if connection.GetString("provider") == ProviderLoom {
		s.searchAfterReplacement(db)
		return
	}
	if connection.GetString("provider") != ProviderFathom {
		return
	}
	defer s.keyStates.lock(db.Name)()
	ctx, cancel := context.WithTimeout(context.Background(), keyStateTimeout)
	defer cancel()
	// A job may have found out about the old key during the check.
	if err := errors.Join(s.resumeWork(ctx, db), s.startSync(ctx, db)); err != nil {
		s.logger.ErrorContext(ctx, "failed to continue with a new key", "database", db.Name, "error", err)
	}
}

// searchAfterReplacement searches the videos of transfers that already wait.
func (s *Service) searchAfterReplacement(db *userdb.Database) {
	ctx, cancel := context.WithTimeout(context.Background(), keyStateTimeout)
	defer cancel()
	if err := s.searchVideos(ctx, db); err != nil {
		s.logger.ErrorContext(ctx, "failed to search videos with a new connection to loom", "database", db.Name, "error", err)
	}
}

// checkStored checks the stored secret of a connection.
func (s *Service) checkStored(ctx context.Context, db *userdb.Database, connection *core.Record) (Finding, error) {
	check := s.checkers[connection.GetString("provider")]
	if check == nil {
		return Finding{}, fmt.Errorf("no way to check connections to %s", connection.GetString("provider"))
	}
	secret, err := db.OpenSecret(connection)
	if err != nil {
		return Finding{}, err
	}
	return check(ctx, db, connection, secret)
}

// asCheckError returns an error of a check as a *CheckError.
func asCheckError(err error) *CheckError {
	if failure, ok := errors.AsType[*CheckError](err); ok {
		return failure
	}
	return &CheckError{
		Message: "The connection couldn't be checked.", Advice: "It will be checked when it is used.", Temporary: true, Err: err,
	}
}

// checkKey is the Checker of Fathom's keys.
func (s *Service) checkKey(ctx context.Context, _ *userdb.Database, _ *core.Record, secret string) (Finding, error) {
	return Finding{}, explainKey(explainList(s.fathom.Account(secret).Check(ctx)))
}

// explainKey turns the error of a call that any key may make into a *CheckError.
func explainKey(err error) error {
	const advice = "Create a new one at Fathom and replace this one."
	const later = "The key will be checked when it is used."
	_, listing := errors.AsType[listRefused](err)
	failure, ok := errors.AsType[*fathom.Error](err)
	switch {
	case err == nil:
		return nil
	case listing:
		return &CheckError{Message: "Fathom doesn't allow this API key to list meetings.", Advice: advice, Err: err}
	case isKeyRefused(err):
		return &CheckError{Message: "Fathom refused this API key.", Advice: advice, Err: err}
	case ok && !failure.Temporary():
		return &CheckError{Message: "Fathom didn't accept this API key.", Advice: advice, Err: err}
	case ok && failure.Kind == fathom.KindRateLimited:
		return &CheckError{Message: "Fathom is too busy to check this key.", Advice: later, Temporary: true, Err: err}
	}
	return &CheckError{Message: "Fathom couldn't be reached to check this key.", Advice: later, Temporary: true, Err: err}
}

// RecordCheck saves what a check or a use of a connection has shown, unless the connection has been changed since. result is
// nil if it works, and otherwise best a *CheckError.
func (s *Service) RecordCheck(db *userdb.Database, used *core.Record, result error) error {
	return s.RecordFinding(db, used, Finding{}, result)
}

// RecordFinding is RecordCheck with what else the check has found out.
func (s *Service) RecordFinding(db *userdb.Database, used *core.Record, finding Finding, result error) error {
	status, reason := ConnectionValid, finding.Reason
	if result != nil {
		failure := asCheckError(result)
		status, reason = ConnectionInvalid, strings.TrimSpace(failure.Message+" "+failure.Advice)
		if failure.Temporary {
			status = ConnectionUnchecked
		}
	}
	if used.GetString("provider") == ProviderFathom {
		return s.saveKeyState(db, used, status, reason)
	}
	if err := s.saveConnectionStatus(db, used, status, reason, finding); err != nil || status != ConnectionValid {
		return err
	}
	if used.GetString("provider") != ProviderLoom || connectionStatusOf(used) == ConnectionValid {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), keyStateTimeout)
	defer cancel()
	return s.searchVideos(ctx, db) // transfers may already wait
}
