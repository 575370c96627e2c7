package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"time"
)

// createTenants asks the server for the tenants with the numbers from first up to, but not including, end.
func (b *bench) createTenants(first, end int, passwords bool) error {
	for ; first < end && b.ctx.Err() == nil; first += 500 {
		body, err := json.Marshal(tenantsRequest{First: first, End: min(first+500, end), Passwords: passwords})
		if err != nil {
			return err
		}
		raw, err := send(b.ctx, http.MethodPost, b.server.url+tenantsPath, "", body)
		if err != nil {
			return err
		}
		var created []tenant
		if err := json.Unmarshal(raw, &created); err != nil {
			return err
		}
		b.tenants = append(b.tenants, created...)
	}
	return b.ctx.Err()
}

// measureProvisioning measures the time until a new database is on disk and ready for requests: at sign-ups,
// which hash a password before, and in direct succession. The comparison is the start of a stock process on
// an empty folder, which isn't synced to disk.
func (b *bench) measureProvisioning() (err error) {
	if b.server, err = startServer(b.dir, b.keys, "USER_DB_MAX_OPEN=400", "USER_DB_IDLE_TIMEOUT=1h"); err != nil {
		return err
	}
	const signUps, total = 200, 1000
	if err := b.createTenants(0, signUps, true); err != nil {
		return err
	}
	if err := b.createTenants(signUps, total, false); err != nil {
		return err
	}
	var atSignUp, inSuccession []time.Duration
	for i, t := range b.tenants {
		if i < signUps {
			atSignUp = append(atSignUp, t.Took)
		} else {
			inSuccession = append(inSuccession, t.Took)
		}
	}
	var stockDurations []time.Duration
	for i := range stockStarts {
		dir := filepath.Join(b.dir, "copies", fmt.Sprintf("fresh-%d", i))
		var p *process
		d, err := measure(func() (err error) {
			p, err = startStock(b.stockBinary, dir, "/api/health", "")
			return err
		})
		if err != nil {
			return err
		}
		stockDurations = append(stockDurations, d)
		if err := p.end(); err != nil {
			return err
		}
	}
	b.databases.addRow("provision after a password was hashed, p50 / p99", "ms", medianAndP99(atSignUp), medianAndP99(stockDurations))
	b.databases.addRow("  in direct succession, without passwords", "ms", medianAndP99(inSuccession), nil)
	return b.copyDatabases()
}

// copyDatabases copies the databases of the first tenants for the stock processes.
func (b *bench) copyDatabases() (err error) {
	for i := range stockProcesses {
		dir := filepath.Join(b.dir, "copies", fmt.Sprint(i))
		if err := copyDatabase(filepath.Join(b.dir, "user_dbs", b.tenants[i].Name), dir); err != nil {
			return err
		}
		if b.tenants[i].Direct, err = directToken(dir); err != nil {
			return err
		}
		b.stockDirs = append(b.stockDirs, dir)
	}
	return nil
}
