package ledger

import (
	"sync"
	"sync/atomic"
	"time"
)

// storedTTL is how long the measured size of the stored files is used. It only limits how long a change that
// was reported to nobody goes unnoticed.
const storedTTL = time.Minute

// refusalTTL is the age from which that size is measured again before a write is refused.
const refusalTTL = time.Second

// AccountConfig configures an Account. All fields but Quota and Now are required.
type AccountConfig struct {
	Dir   string // the folder of the database
	Quota int64  // bytes; 0 means no limit

	// Stored measures all files of the database, in bytes, without those that Growing measures and those for which
	// skip returns true. skip is called with the path of a file on disk and the key of a remote one. Stored may
	// take long, so it is called rarely.
	Stored func(skip func(name string) bool) (int64, error)
	// Growing measures the files that change with every write to the database, in bytes. It must be fast.
	Growing func() (int64, error)
	// Shrink tries to make those files smaller. It is called before a write is refused, and must not wait for
	// other users of the database.
	Shrink func()

	Now func() time.Time // nil means time.Now
}

// Account keeps account of the storage of one user database: what it uses, what writers have reserved and what
// its quota leaves. Create it with Ledger.Account.
type Account struct {
	ledger *Ledger
	cfg    AccountConfig

	reserved atomic.Int64 // bytes of reservations for rows
	stale    atomic.Int64 // counts the reports of changed files

	mu       sync.Mutex // makes measuring and reserving one step
	disk     *device    // nil until first used
	stored   int64      // bytes of the files that nobody is writing
	measured time.Time  // when stored was measured; zero if never
	seen     int64      // the value of stale at that time
	files    map[*File]struct{}
}

// Account returns a new account.
func (l *Ledger) Account(cfg AccountConfig) *Account {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Account{ledger: l, cfg: cfg}
}

// Usage is what a user database uses, in bytes.
type Usage struct {
	Used     int64 // including the parts of files that are being written
	Reserved int64 // not written yet
}

// Usage measures the database.
func (a *Account) Usage() (Usage, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.usage()
}

// Changed must be called after files were added or removed by anything but a File.
func (a *Account) Changed() { a.stale.Add(1) }

// Check returns an error if nothing of the given size, in bytes, could be reserved now: a *QuotaError or a
// *DiskError. what names the purpose for errors.
func (a *Account) Check(what string, bytes int64) error {
	reservation, err := a.Reserve(what, bytes)
	reservation.Release()
	return err
}

// Reserve reserves bytes that will be written to the database. It returns a *QuotaError or a *DiskError if
// they don't fit. The caller must release the reservation once the transaction has ended. what names the
// purpose for errors.
func (a *Account) Reserve(what string, bytes int64) (*Reservation, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	room, err := a.room(bytes)
	if err != nil {
		return nil, err
	}
	if bytes > room {
		return nil, &QuotaError{What: what, Needed: bytes, Available: max(room, 0), Quota: a.cfg.Quota}
	}
	disk, err := a.device()
	if err != nil {
		return nil, err
	}
	onDisk := 2 * bytes // SQLite writes everything twice: to the write-ahead log and to the database
	if err := disk.reserve(a.cfg.Dir, what, onDisk); err != nil {
		return nil, err
	}
	a.reserved.Add(bytes)
	return &Reservation{disk: disk, onDisk: onDisk, account: a, quota: bytes}, nil
}

// noQuota is the room in an account without a quota.
const noQuota = 1<<63 - 1

// room returns how many bytes the quota leaves. If they are fewer than wanted, it first tries to make room. The
// caller must hold a.mu.
func (a *Account) room(wanted int64) (int64, error) {
	if a.cfg.Quota == 0 {
		return noQuota, nil
	}
	usage, err := a.usage()
	if err != nil {
		return 0, err
	}
	room := a.cfg.Quota - usage.Used - usage.Reserved
	if wanted <= room {
		return room, nil
	}
	a.cfg.Shrink()
	if a.cfg.Now().Sub(a.measured) > refusalTTL {
		a.measured = time.Time{}
	}
	if usage, err = a.usage(); err != nil {
		return 0, err
	}
	return a.cfg.Quota - usage.Used - usage.Reserved, nil
}

// usage is Usage for callers that hold a.mu.
func (a *Account) usage() (Usage, error) {
	if err := a.measure(); err != nil {
		return Usage{}, err
	}
	growing, err := a.cfg.Growing()
	if err != nil {
		return Usage{}, err
	}
	usage := Usage{Used: growing + a.stored, Reserved: a.reserved.Load()}
	for file := range a.files {
		written := file.written.Load()
		usage.Used += written
		usage.Reserved += file.granted - written
	}
	return usage, nil
}

// measure brings a.stored up to date. It leaves out the files that are being written, so that none counts
// twice.
func (a *Account) measure() error {
	stale, now := a.stale.Load(), a.cfg.Now()
	if !a.measured.IsZero() && stale == a.seen && now.Sub(a.measured) < storedTTL {
		return nil
	}
	writing := make(map[string]bool, len(a.files))
	for file := range a.files {
		writing[file.spec.name()] = true
	}
	stored, err := a.cfg.Stored(func(name string) bool { return writing[name] })
	if err != nil {
		return err
	}
	a.stored, a.measured, a.seen = stored, now, stale
	return nil
}

// device returns the file system of the database. The caller must hold a.mu.
func (a *Account) device() (*device, error) {
	if a.disk != nil {
		return a.disk, nil
	}
	disk, err := a.ledger.device(a.cfg.Dir)
	if err == nil {
		a.disk = disk
	}
	return disk, err
}
