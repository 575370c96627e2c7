package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"time"
)

func (b *bench) makeTenants(from, to int, passwords bool) error {
	for ; from < to && b.ctx.Err() == nil; from += 500 {
		body, err := json.Marshal(newTenants{From: from, To: min(from+500, to), Passwords: passwords})
		if err != nil {
			return err
		}
		raw, err := send(b.ctx, http.MethodPost, b.ours.url+"/bench/tenants", "", body)
		if err != nil {
			return err
		}
		var made []tenant
		if err := json.Unmarshal(raw, &made); err != nil {
			return err
		}
		b.tenants = append(b.tenants, made...)
	}
	return b.ctx.Err()
}

// provisioning: a database ready for its first request, on the disk for good, as
// somebody signs up, and many in a row; against a process on an empty folder up to
// its first answer, which is not synced.
func (b *bench) provisioning() (err error) {
	if b.ours, err = startOurs(b.dir, b.keys, "USER_DB_MAX_OPEN=400", "USER_DB_IDLE_TIMEOUT=1h"); err != nil {
		return err
	}
	const few, more = 200, 1000
	if err := b.makeTenants(0, few, true); err != nil {
		return err
	}
	if err := b.makeTenants(few, more, false); err != nil {
		return err
	}
	var took, rushed []time.Duration
	for i, t := range b.tenants {
		if i < few {
			took = append(took, t.Took)
		} else {
			rushed = append(rushed, t.Took)
		}
	}
	var theirs []time.Duration
	for i := range stockRuns {
		folder := filepath.Join(b.dir, "copies", fmt.Sprintf("fresh-%d", i))
		var p *process
		d, err := timed(func() (err error) { p, err = startStock(b.stock, folder, "/api/health", ""); return err })
		if err != nil {
			return err
		}
		theirs = append(theirs, d)
		if err := p.end(); err != nil {
			return err
		}
	}
	b.row("provision after a password was hashed, p50 / p99", "ms", spread(took), spread(theirs))
	b.row("  one after the other, without", "ms", spread(rushed), nil)

	for i := range stockMany {
		folder := filepath.Join(b.dir, "copies", fmt.Sprint(i))
		if err := copyFolder(filepath.Join(b.dir, "user_dbs", b.tenants[i].Name), folder); err != nil {
			return err
		}
		if b.tenants[i].Direct, err = directToken(folder); err != nil {
			return err
		}
		b.stocks = append(b.stocks, folder)
	}
	return nil
}
