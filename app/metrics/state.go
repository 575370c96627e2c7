package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// State is the state of the services at one moment. A nil part is left out.
type State struct {
	Pool    *Pool
	Queue   *Queue
	Fathom  []Budget
	Loom    *Postponed
	Backup  *Backup
	Disks   []Disk
	Clock   *Clock
	Cluster *Cluster
	Healthy map[string]bool // by the name of a check
	Failed  []string        // parts that could not be read
}

// Pool is the pool of open user databases. The totals are those since the start.
type Pool struct {
	Open, InUse, Max, Streams int
	Evicted, IdleClosed       uint64 // closed databases
	Waited, Busy              uint64 // requests that had to wait for room, and those that waited in vain
}

// Queue counts jobs.
type Queue struct {
	Jobs   map[string]map[string]int // by status and kind, without those that have completed
	Oldest time.Duration             // how long the job that has been ready for the longest has waited
	Paused map[string]bool           // kinds that are paused for everybody
}

// Budget is what is left of the calls that Fathom accepts in a minute, for all keys together.
type Budget struct {
	Name      string // calls, texts or downloads
	Keys      int    // that were used recently
	Left      int    // calls
	Limit     int    // calls
	Exhausted int    // keys that can't call now
}

// Postponed is how many connections Atlassian has asked to wait.
type Postponed struct {
	Connections int
	Longest     time.Duration
}

// Backup is what the last complete backup was. Without one, the time is zero.
type Backup struct {
	Configured  bool
	LastSuccess time.Time
	Seconds     float64 // that it took
	Stored      int64   // bytes of all its objects
}

// Disk is a file system with data directories.
type Disk struct {
	Name                string // data or user_dbs: the first directory on it
	Size, Free, Reserve int64  // bytes
	Full, ReadOnly      bool
}

// Clock is what is known about the clock of the machine.
type Clock struct {
	Jumps int64         // since the start
	Held  time.Duration // for how long deletions still wait
}

// Cluster is what is known about movers on other machines.
type Cluster struct {
	Connected bool
	Movers    []Mover
}

// Mover is one mover.
type Mover struct {
	ID, Version string
	Slots, Busy int
}

// readLimit is how long reading the state may take.
const readLimit = 5 * time.Second

// stateCollector reads the state when metrics are collected.
type stateCollector struct {
	read func(ctx context.Context) State
	all  map[string]*prometheus.Desc
}

// describe is the list of all metrics that a stateCollector has, with their labels.
var described = []struct {
	name, help string
	labels     []string
}{
	{"pool_open_databases", "User databases that are open.", nil},
	{"pool_databases_in_use", "User databases that are open and used by a request or a job.", nil},
	{"pool_max_databases", "User databases that may be open at once (USER_DB_MAX_OPEN).", nil},
	{"pool_streams", "Realtime streams to user databases.", nil},
	{"pool_closes_total", "User databases that were closed, by reason: idle, or evicted to make room for another.", []string{"reason"}},
	{"pool_waits_total", "Uses of a user database that had to wait because as many as allowed were open and in use.", nil},
	{"pool_busy_total", "Uses of a user database that were refused because the wait was in vain.", nil},
	{"jobs", "Jobs, by status and kind, without those that have completed.", []string{"status", "kind"}},
	{"queue_oldest_ready_seconds", "How long the job that has been ready for the longest has waited.", nil},
	{"queue_paused", "1 for each kind of job that is paused for everybody.", []string{"kind"}},
	{"fathom_keys", "Fathom keys that were used in the last minutes, by budget.", []string{"budget"}},
	{"fathom_budget_calls_left", "Calls of Fathom that are possible now, by budget, for all keys together.", []string{"budget"}},
	{"fathom_budget_calls", "Calls of Fathom that are possible in a minute, by budget, for all keys together.", []string{"budget"}},
	{"fathom_keys_exhausted", "Fathom keys that have used up a budget, by budget.", []string{"budget"}},
	{"atlassian_postponed_connections", "Connections that Atlassian has asked to wait.", nil},
	{"atlassian_longest_wait_seconds", "The longest time for which Atlassian has asked a connection to wait.", nil},
	{"backup_configured", "1 if there is a destination for backups.", nil},
	{"backup_last_success_timestamp_seconds", "When the last complete backup began, as Unix time; 0 if there has been none.", nil},
	{"backup_last_duration_seconds", "How long the last complete backup took.", nil},
	{"backup_last_size_bytes", "Size of the last complete backup at its destination.", nil},
	{"disk_size_bytes", "Size of a file system with data, by the first directory on it: data or user_dbs.", []string{"disk"}},
	{"disk_free_bytes", "Space that the server may still write.", []string{"disk"}},
	{"disk_reserve_bytes", "Space that is kept free for a full disk; less than 67108864 once it was needed.", []string{"disk"}},
	{"disk_full", "1 if nothing more is stored because the disk is full.", []string{"disk"}},
	{"disk_read_only", "1 if the file system can only be read.", []string{"disk"}},
	{"clock_jumps_total", "Jumps of the clock since the start.", nil},
	{"deletions_held_seconds", "For how long nothing is deleted because the clock has jumped.", nil},
	{"cluster_connected", "1 if there is a connection to the NATS servers of CLUSTER_URL.", nil},
	{"movers", "Movers that the server has heard from in the last seconds.", nil},
	{"mover_slots", "Recordings that a mover moves at once.", []string{"mover", "version"}},
	{"mover_slots_in_use", "Recordings that a mover is moving.", []string{"mover", "version"}},
	{"health", "1 if a check of /readyz finds no problem, otherwise 0.", []string{"check"}},
	{"scrape_failed", "1 for each part of the state that could not be read for this scrape, otherwise 0.", []string{"part"}},
}

var counters = map[string]bool{"pool_closes_total": true, "pool_waits_total": true, "pool_busy_total": true, "clock_jumps_total": true}

func newStateCollector(read func(ctx context.Context) State) *stateCollector {
	c := &stateCollector{read: read, all: map[string]*prometheus.Desc{}}
	for _, d := range described {
		c.all[d.name] = prometheus.NewDesc(prometheus.BuildFQName(namespace, "", d.name), d.help, d.labels, nil)
	}
	return c
}

// Describe implements prometheus.Collector.
func (c *stateCollector) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range c.all {
		to <- desc
	}
}

// Collect implements prometheus.Collector.
func (c *stateCollector) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), readLimit)
	defer cancel()
	state := c.read(ctx)
	send := func(name string, value float64, labels ...string) {
		kind := prometheus.GaugeValue
		if counters[name] {
			kind = prometheus.CounterValue
		}
		to <- prometheus.MustNewConstMetric(c.all[name], kind, value, labels...)
	}
	state.send(send)
}

// sender sends the value of one of the described metrics.
type sender func(name string, value float64, labels ...string)

func (s State) send(send sender) {
	if p := s.Pool; p != nil {
		send("pool_open_databases", float64(p.Open))
		send("pool_databases_in_use", float64(p.InUse))
		send("pool_max_databases", float64(p.Max))
		send("pool_streams", float64(p.Streams))
		send("pool_closes_total", float64(p.Evicted), "evicted")
		send("pool_closes_total", float64(p.IdleClosed), "idle")
		send("pool_waits_total", float64(p.Waited))
		send("pool_busy_total", float64(p.Busy))
	}
	if s.Queue != nil {
		s.Queue.send(send)
	}
	for _, b := range s.Fathom {
		send("fathom_keys", float64(b.Keys), b.Name)
		send("fathom_budget_calls_left", float64(b.Left), b.Name)
		send("fathom_budget_calls", float64(b.Limit), b.Name)
		send("fathom_keys_exhausted", float64(b.Exhausted), b.Name)
	}
	if l := s.Loom; l != nil {
		send("atlassian_postponed_connections", float64(l.Connections))
		send("atlassian_longest_wait_seconds", l.Longest.Seconds())
	}
	if s.Backup != nil {
		s.Backup.send(send)
	}
	for _, d := range s.Disks {
		send("disk_size_bytes", float64(d.Size), d.Name)
		send("disk_free_bytes", float64(d.Free), d.Name)
		send("disk_reserve_bytes", float64(d.Reserve), d.Name)
		send("disk_full", number(d.Full), d.Name)
		send("disk_read_only", number(d.ReadOnly), d.Name)
	}
	if c := s.Clock; c != nil {
		send("clock_jumps_total", float64(c.Jumps))
		send("deletions_held_seconds", c.Held.Seconds())
	}
	if c := s.Cluster; c != nil {
		send("cluster_connected", number(c.Connected))
		send("movers", float64(len(c.Movers)))
		for _, m := range c.Movers {
			send("mover_slots", float64(m.Slots), m.ID, m.Version)
			send("mover_slots_in_use", float64(m.Busy), m.ID, m.Version)
		}
	}
	for name, healthy := range s.Healthy {
		send("health", number(healthy), name)
	}
	s.sendFailures(send)
}

// The parts of the state that may not be readable.
const (
	PartQueue  = "queue"
	PartBackup = "backup"
)

func (s State) sendFailures(send sender) {
	lacking := map[string]bool{}
	for _, part := range s.Failed {
		lacking[part] = true
	}
	for _, part := range []string{PartQueue, PartBackup} {
		send("scrape_failed", number(lacking[part]), part)
	}
}

func (q *Queue) send(send sender) {
	for status, kinds := range q.Jobs {
		for kind, jobs := range kinds {
			send("jobs", float64(jobs), status, kind)
		}
	}
	send("queue_oldest_ready_seconds", q.Oldest.Seconds())
	for kind, paused := range q.Paused {
		send("queue_paused", number(paused), kind)
	}
}

func (b *Backup) send(send sender) {
	send("backup_configured", number(b.Configured))
	if !b.Configured {
		return
	}
	at := 0.0
	if !b.LastSuccess.IsZero() {
		at = float64(b.LastSuccess.Unix())
	}
	send("backup_last_success_timestamp_seconds", at)
	send("backup_last_duration_seconds", b.Seconds)
	send("backup_last_size_bytes", float64(b.Stored))
}

func number(condition bool) float64 {
	if condition {
		return 1
	}
	return 0
}
