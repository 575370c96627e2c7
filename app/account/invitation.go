package account

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// UseInvitation marks the invitation of an e-mail address, in any case, as used. It reports false if there is no
// invitation or if it has been used. Call it in the transaction that creates the account, so that an account
// that can't be created uses up no invitation.
func UseInvitation(ctx context.Context, tx core.App, email string, now time.Time) (bool, error) {
	stamp, err := types.ParseDateTime(now)
	if err != nil {
		return false, err
	}
	unused := dbx.And(hasAddress(email), dbx.HashExp{"used_at": ""})
	result, err := tx.NonconcurrentDB().Update(migrations.Invitations, dbx.Params{"used_at": stamp.String()}, unused).
		WithContext(ctx).Execute()
	if err != nil {
		return false, fmt.Errorf("use an invitation: %w", err)
	}
	changed, err := result.RowsAffected()
	return changed > 0, err
}
