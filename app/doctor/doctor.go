// Package doctor examines an installation: its settings, keys, files, disks, ports and the services that it depends on.
// It works beside a running server, without one, and when the server can't start.
//
// It changes nothing in the data directories, takes no lock and migrates nothing. The only thing that it writes is the
// small object with which the storage in S3 is tested, and removed again. No secret may reach a finding.
//
// Checks run concurrently, each with a limit on its time. A check may hang in the kernel, as with a file server that is
// down; it is then reported, and left to the end of the process.
package doctor

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app"
	"github.com/fathom-to-loom/fathom-to-loom/app/control"
	"github.com/fathom-to-loom/fathom-to-loom/app/descriptors"
	"github.com/fathom-to-loom/fathom-to-loom/app/disk"
)

// The limits on the time of a check. Together they keep Run below fifteen seconds.
const (
	localLimit   = 5 * time.Second
	networkLimit = 9 * time.Second
	hangLimit    = 500 * time.Millisecond // that a check may need to notice the end of its time
)

// Config configures Run. Only App is required.
type Config struct {
	App *app.App // not started; its settings may be invalid

	Backups   func(ctx context.Context) (app.BackupState, error) // default: App.BackupState
	Now       func() time.Time                                   // default: time.Now
	Usage     func(dir string) (disk.Usage, error)               // default: disk.UsageOf
	Mounts    func() ([]Mount, error)                            // default: those of this machine
	OpenFiles func() uint64                                      // the limit on open files; default: descriptors.Limit
	MailRoots *x509.CertPool                                     // that sign the certificates of mail servers; default: those of the system
}

// Run examines the installation and returns what it found, in the order of the checks. Its error is ctx.Err.
func Run(ctx context.Context, cfg Config) (Report, error) {
	if cfg.Backups == nil {
		cfg.Backups = cfg.App.BackupState
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Usage == nil {
		cfg.Usage = disk.UsageOf
	}
	if cfg.Mounts == nil {
		cfg.Mounts = mounts
	}
	if cfg.OpenFiles == nil {
		cfg.OpenFiles = descriptors.Limit
	}
	e := &examination{Config: cfg, dates: newDates(cfg.Now)}
	e.diagnosis = sync.OnceValue(func() app.Diagnosis { return cfg.App.Diagnose(ctx) })
	e.isRunning = sync.OnceValue(func() bool { return control.IsServed(ctx, cfg.App.DataDir()) })
	findings := e.runAll(ctx, e.checks())
	// The clock is compared with the answers of the services.
	findings = append(findings, e.runAll(ctx, []check{{"clock", localLimit / 2, e.checkClock}})...)
	if ctx.Err() != nil {
		return Report{}, ctx.Err()
	}
	if db := e.diagnosis().DB; db != nil && !e.hangs.Load() {
		_ = db.Close() // it was only read
	}
	return newReport(app.BuildVersion(), findings), nil
}

// examination is the state of one call of Run. Checks run concurrently.
type examination struct {
	Config
	diagnosis func() app.Diagnosis
	isRunning func() bool // whether a process owns the data directory
	dates     *dates
	hangs     atomic.Bool // whether a check didn't end
}

// check examines one aspect. It returns at least one finding.
type check struct {
	name  string
	limit time.Duration
	run   func(ctx context.Context) []Finding
}

func (e *examination) checks() []check {
	return []check{
		{"settings", localLimit, e.checkSettings},
		{"data", localLimit, e.checkData},
		{"keys", localLimit, e.checkKeys},
		{"permissions", localLimit, e.checkPermissions},
		{"disk space", localLimit, e.checkSpace},
		{"file systems", localLimit, e.checkFileSystems},
		{"open files", localLimit, e.checkOpenFiles},
		{"schema", localLimit, e.checkSchema},
		{"orphans", localLimit, e.checkOrphans},
		{"ports", localLimit, e.checkPorts},
		{"public URL", networkLimit, e.checkPublicURL},
		{"outbound proxy", networkLimit, e.checkOutboundProxy},
		{"Fathom", networkLimit, e.checkFathom},
		{"Loom", networkLimit, e.checkLoom},
		{"Atlassian", networkLimit, e.checkAtlassian},
		{"mail", networkLimit, e.checkMail},
		{"S3", networkLimit, e.checkS3},
		{"cluster", networkLimit, e.checkCluster},
		{"backups", networkLimit, e.checkBackups},
		{"standby", localLimit, e.checkStandby},
	}
}

// runAll runs checks and returns their findings in the same order.
func (e *examination) runAll(ctx context.Context, checks []check) (all []Finding) {
	found := make([][]Finding, len(checks))
	var running sync.WaitGroup
	for i, c := range checks {
		running.Go(func() { found[i] = e.runOne(ctx, c) })
	}
	running.Wait()
	for i, c := range checks {
		for _, finding := range found[i] {
			finding.Check = c.name
			all = append(all, finding)
		}
	}
	return all
}

func (e *examination) runOne(ctx context.Context, c check) []Finding {
	ctx, cancel := context.WithTimeout(ctx, c.limit)
	defer cancel()
	done := make(chan []Finding, 1)
	go func() { done <- c.run(ctx) }()
	select {
	case findings := <-done:
		return findings
	case <-ctx.Done():
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		e.hangs.Store(true) // Run returns an error
		return nil
	}
	hang := time.NewTimer(hangLimit)
	defer hang.Stop()
	select {
	case findings := <-done:
		return findings
	case <-hang.C:
		e.hangs.Store(true)
		return one(fail(fmt.Sprintf("the check has not ended within %s", c.limit),
			"Find out which disk, file server or service hangs, for example with dmesg"))
	}
}
