package app

import (
	"context"
	"path/filepath"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/health"
	"github.com/fathom-to-loom/fathom-to-loom/app/metrics"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
)

// buildMetrics creates the metrics, before the services that report to them.
func (a *App) buildMetrics() {
	versions := CurrentVersions()
	a.Metrics = metrics.New(metrics.Config{
		Build:  metrics.Build{Version: versions.Program, Schema: versions.GlobalSchema, UserSchema: versions.UserSchema},
		Read:   a.readState,
		Logger: a.logger("metrics"),
	})
}

func (a *App) reportJob(kind string, outcome queue.Outcome, took time.Duration) {
	a.Metrics.JobEnded(kind, string(outcome), took)
}

func (a *App) reportFathomCall(operation string, problem fathom.Kind) {
	a.Metrics.FathomCalled(operation, string(problem))
}

func (a *App) reportBackup(took time.Duration, result backup.Result, err error) {
	a.Metrics.BackupEnded(took, len(result.Problems) > 0, err)
}

// readState reads what metrics tell about the services. It opens nothing, and reads the queue only if a job has changed.
func (a *App) readState(ctx context.Context) metrics.State {
	pool := a.Databases.PoolStats()
	state := metrics.State{
		Pool: &metrics.Pool{
			Open: pool.Open, InUse: pool.InUse, Max: pool.MaxOpen, Streams: pool.Watchers,
			Evicted: pool.Evicted, IdleClosed: pool.IdleClosed, Waited: pool.Waited, Busy: pool.Busy,
		},
		Clock:   &metrics.Clock{Jumps: a.Clock.Jumps(), Held: a.Clock.Held()},
		Disks:   a.readDisks(),
		Healthy: map[string]bool{},
	}
	for _, budget := range a.fathom.Budgets() {
		state.Fathom = append(state.Fathom, metrics.Budget(budget))
	}
	connections, longest := a.uploads.Postponed()
	state.Loom = &metrics.Postponed{Connections: connections, Longest: longest}
	for _, finding := range a.Health.Report(ctx).Checks {
		state.Healthy[finding.Check] = finding.Status == health.OK
	}
	state.Cluster = a.readCluster()
	var err error
	if state.Queue, err = a.readQueue(ctx); err != nil {
		state.Failed = append(state.Failed, metrics.PartQueue)
	}
	if state.Backup, err = a.readBackup(); err != nil {
		state.Failed = append(state.Failed, metrics.PartBackup)
	}
	return state
}

// readCluster returns what is known about movers, or nil without CLUSTER_URL.
func (a *App) readCluster() *metrics.Cluster {
	if a.Movers == nil {
		return nil
	}
	read := &metrics.Cluster{Connected: a.bus.Connected()}
	for _, node := range a.Movers.Movers() {
		read.Movers = append(read.Movers, metrics.Mover{ID: node.ID, Version: node.Version, Slots: node.Slots, Busy: node.Busy})
	}
	return read
}

func (a *App) readQueue(ctx context.Context) (*metrics.Queue, error) {
	counts, err := a.Queue.Counts(ctx)
	if err != nil {
		return nil, err
	}
	read := &metrics.Queue{Jobs: map[string]map[string]int{}, Paused: map[string]bool{}}
	for status, kinds := range counts.Jobs {
		read.Jobs[string(status)] = kinds
	}
	for _, kind := range a.Queue.Kinds() {
		read.Paused[kind] = counts.Paused.Has(kind)
	}
	if !counts.Oldest.IsZero() {
		read.Oldest = max(a.Queue.Now().Sub(counts.Oldest), 0)
	}
	return read, nil
}

func (a *App) readBackup() (*metrics.Backup, error) {
	if a.Backups == nil {
		return &metrics.Backup{}, nil
	}
	status, err := backup.ReadStatus(a.DataDir())
	if err != nil {
		return nil, err
	}
	return &metrics.Backup{Configured: true, LastSuccess: status.LastSuccess, Seconds: status.LastSeconds, Stored: status.LastStored}, nil
}

func (a *App) readDisks() (disks []metrics.Disk) {
	for _, v := range a.Disk.Volumes() {
		name := "data"
		if filepath.Clean(v.Dir) == filepath.Clean(a.Config.UserDBsDir) {
			name = "user_dbs"
		}
		disks = append(disks, metrics.Disk{Name: name, Size: v.Size, Free: v.Free, Reserve: v.Reserve, Full: v.Full, ReadOnly: v.ReadOnly})
	}
	return disks
}
