package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
)

// writersBetweenBackups is how many users, of 100, save something between two hourly backups.
const writersBetweenBackups = 5

// backupLoad divides the rate of requests during backups: the full rate alone keeps small machines busy.
const backupLoad = 4

// measureBackups backs up all databases while random users send requests, and restores them. The comparison is tar, which copies
// the same folders, neither compressed nor encrypted, nor consistent.
func (b *bench) measureBackups() error {
	if err := b.restart("USER_DB_MAX_OPEN=500", "BACKUP_DIR=backups", "BACKUP_CRON="); err != nil {
		return err
	}
	quiet, _, err := b.sendRandomRequests(b.rate/backupLoad, b.duringLoad())
	if err != nil {
		return err
	}
	full, busy, failed, err := b.backUpUnderLoad()
	if err != nil {
		return err
	}
	copied, err := b.copyWithTar()
	if err != nil {
		return err
	}
	for i := range len(b.tenants) * writersBetweenBackups / 100 {
		if err := b.savePreference(b.tenants[i*100/writersBetweenBackups]); err != nil {
			return err
		}
	}
	later, _, _, err := b.backUpUnderLoad()
	if err != nil {
		return err
	}
	b.databases.addRow(fmt.Sprintf("back up %d databases under load; tar", full.Databases), "s", []float64{full.Seconds}, []float64{copied.Seconds()})
	b.databases.addRow("  stored for a database", "kB", []float64{float64(full.Added) / float64(full.Databases) / 1000}, nil)
	b.databases.addRow("  requests meanwhile, p50 / p99; without a backup", "ms", medianAndP99(busy), medianAndP99(quiet))
	b.databases.addRow("  failed requests", fmt.Sprintf("of %d", len(busy)), []float64{float64(failed)}, nil)
	b.databases.addRow(fmt.Sprintf("back up again after %d %% have changed", writersBetweenBackups), "s", []float64{later.Seconds}, nil)
	b.databases.addRow("  stored", "MB", []float64{float64(later.Added) / 1e6}, nil)
	return b.measureRestores()
}

// measureRestores restores one user, while the server runs, and then everything into a new folder.
func (b *bench) measureRestores() error {
	var one []time.Duration
	for i := range 5 {
		took, err := measure(func() error {
			_, err := b.server.run(b.ctx, "backup", "restore", backup.Latest, "--user", fmt.Sprintf("bench%010d@example.com", i), "--replace")
			return err
		})
		if err != nil {
			return err
		}
		one = append(one, took)
	}
	all, err := measure(func() error {
		_, err := b.server.run(b.ctx, "backup", "restore", backup.Latest, "--into", "restored")
		return err
	})
	if err != nil {
		return err
	}
	b.databases.addRow("restore one user, p50", "ms", medianAndP99(one)[:1], nil)
	b.databases.addRow("restore everything", "s", []float64{all.Seconds()}, nil)
	return os.RemoveAll(filepath.Join(b.dir, "restored"))
}

// backUpUnderLoad creates a backup while random users send requests, and returns how long these took and how many failed.
func (b *bench) backUpUnderLoad() (set backup.Set, requests []time.Duration, failed int, err error) {
	done := make(chan error, 1)
	go func() {
		var result backup.Result
		out, err := b.server.run(b.ctx, "backup", "create", "--json")
		if err == nil {
			err = errors.Join(json.Unmarshal(out, &result), result.Err())
		}
		set = result.Set
		done <- err
	}()
	requests, failed, err = b.sendRandomRequests(b.rate/backupLoad, done)
	return set, requests, failed, err
}

// copyWithTar measures how long tar takes to copy the databases.
func (b *bench) copyWithTar() (time.Duration, error) {
	archive := filepath.Join(b.dir, "copies.tar")
	used, err := runTogether(exec.CommandContext(b.ctx, "tar", "-C", b.dir, "--exclude", "*.sock", "-cf", archive, "pb_data", "user_dbs"))
	return used.took, errors.Join(err, os.Remove(archive))
}

// savePreference writes into the database of a user.
func (b *bench) savePreference(t tenant) error {
	body, err := json.Marshal(map[string]any{"key": "bench", "value": time.Now().UnixNano()})
	if err != nil {
		return err
	}
	_, err = send(b.ctx, http.MethodPost, b.server.url+"/db/"+t.Name+"/api/collections/preferences/records", t.Session, body)
	return err
}
