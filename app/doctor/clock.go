package doctor

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/fathom-to-loom/fathom-to-loom/app/clock"
	"github.com/fathom-to-loom/fathom-to-loom/app/sqlite"
	"github.com/fathom-to-loom/fathom-to-loom/migrations"
)

// The differences of clocks that are reported. Signed requests are refused from a few minutes on.
const (
	smallSkew = 30 * time.Second
	largeSkew = 5 * time.Minute
	future    = 5 * time.Minute // how far in the future something must be to be reported
)

// checkClock compares the clock with those of the services that have answered, and with what the server has recorded.
func (e *examination) checkClock(ctx context.Context) (findings []Finding) {
	skew, service, known := e.dates.smallest()
	switch {
	case known && skew.Abs() >= largeSkew:
		findings = append(findings, fail(fmt.Sprintf("the clock is %s compared with that of %s", describeSkew(skew), service), clock.Advice))
	case known && skew.Abs() >= smallSkew:
		findings = append(findings, warn(fmt.Sprintf("the clock is %s compared with that of %s", describeSkew(skew), service), clock.Advice))
	case !known && isUnsynchronized():
		findings = append(findings, warn("no service has answered with the time, and the system doesn't synchronize its clock", clock.Advice))
	}
	if what, at := e.latest(ctx); at.Sub(e.Now()) > future {
		findings = append(findings, warn(fmt.Sprintf("%s is dated %s, which is in the future: the clock was ahead, or is behind now", what, at.UTC().Format(time.DateTime)),
			"If the clock is right now, nothing is wrong; otherwise set it"))
	}
	if known {
		return orOK(findings, "the clock agrees with that of "+service)
	}
	return orOK(findings, "the clock could not be compared, because no service has answered")
}

func describeSkew(skew time.Duration) string {
	if skew > 0 {
		return skew.Round(time.Second).String() + " behind"
	}
	return (-skew).Round(time.Second).String() + " ahead"
}

// latest returns the newest time that the data directories contain, and what has it.
func (e *examination) latest(ctx context.Context) (what string, at time.Time) {
	for _, dir := range e.dirs() {
		files, _ := filepath.Glob(filepath.Join(dir, sqlite.DataFile+"*")) // the pattern is valid unless the path is odd
		inUsers, _ := filepath.Glob(filepath.Join(dir, "*", sqlite.DataFile))
		for _, file := range append(files, inUsers...) {
			if info, err := os.Stat(file); err == nil && info.ModTime().After(at) {
				what, at = "the file "+file, info.ModTime()
			}
		}
	}
	found := e.diagnosis()
	if !found.Usable() {
		return what, at
	}
	for _, table := range []string{migrations.Users, migrations.UserDatabases, migrations.GlobalQueue} {
		var created types.DateTime
		err := found.DB.Select("COALESCE(MAX(created), '')").From(table).WithContext(ctx).Row(&created)
		if err == nil && created.Time().After(at) {
			what, at = "a record in "+table, created.Time()
		}
	}
	return what, at
}

// dates collects the times in the answers of services. It is safe for concurrent use.
type dates struct {
	now func() time.Time

	mu    sync.Mutex
	skews map[string]time.Duration // by service: how far this machine's clock is behind
}

func newDates(now func() time.Time) *dates {
	return &dates{now: now, skews: map[string]time.Duration{}}
}

// smallest returns the smallest difference, so that a single service with a wrong clock doesn't matter.
func (d *dates) smallest() (skew time.Duration, service string, known bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for name, found := range d.skews {
		if !known || found.Abs() < skew.Abs() {
			skew, service, known = found, name, true
		}
	}
	return skew, service, known
}

// client returns a client that notes the time of a service.
func (e *examination) client(service string, transport http.RoundTripper) *http.Client {
	return &http.Client{Transport: &dated{RoundTripper: transport, service: service, dates: e.dates}}
}

type dated struct {
	http.RoundTripper
	service string
	dates   *dates
}

// RoundTrip implements http.RoundTripper.
func (t *dated) RoundTrip(request *http.Request) (*http.Response, error) {
	sent := t.dates.now()
	response, err := t.RoundTripper.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		received := t.dates.now()
		skew := date.Add(time.Second / 2).Sub(sent.Add(received.Sub(sent) / 2)) // dates are in whole seconds
		t.dates.mu.Lock()
		t.dates.skews[t.service] = skew
		t.dates.mu.Unlock()
	}
	return response, nil
}

// CloseIdleConnections lets http.Client close the connections of the transport.
func (t *dated) CloseIdleConnections() {
	if closer, ok := t.RoundTripper.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}
