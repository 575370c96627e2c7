package dispatch_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
)

// watched checks what a Task is told.
type watched struct {
	file
	ended bool
}

func (f *watched) Record(ctx context.Context, part dispatch.Part) error {
	time.Sleep(50 * time.Millisecond) // a slow disk
	f.mu.Lock()
	ended, next := f.ended, len(f.recorded)+1
	f.mu.Unlock()
	if ended {
		return errors.New("part is recorded after the end")
	}
	if part.Number != next {
		return fmt.Errorf("part %d is recorded instead of part %d", part.Number, next)
	}
	return f.file.Record(ctx, part)
}

// heard is an answer that a mover got.
type heard struct {
	number uint64
	run    string
	at     time.Time // of the report
	ok     bool
}

// journal records who was heeded.
type journal struct {
	mu    sync.Mutex
	heard []heard
}

func (j *journal) add(h heard) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.heard = append(j.heard, h)
}

// check reports an answer that breaks the rule that only the latest offer is heeded, and only one run of it.
func (j *journal) check(t assert.TestingT, end time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	runs := map[uint64]string{}
	slices.SortStableFunc(j.heard, func(a, b heard) int { return a.at.Compare(b.at) })
	newest, since := uint64(0), time.Time{}
	for _, h := range j.heard {
		if !h.ok {
			continue
		}
		if h.number > newest {
			newest, since = h.number, h.at
		}
		assert.False(t, h.number < newest && h.at.After(since), "an older offer is heeded")
		if run, bound := runs[h.number]; bound {
			assert.Equal(t, run, h.run, "two runs of an offer are heeded")
		}
		runs[h.number] = h.run
		assert.False(t, h.at.After(end), "a finished move heeds a report")
	}
}

// problems collects failed assertions, because those of rapid can't be used in a bubble.
type problems []string

func (p *problems) Errorf(format string, args ...any) {
	*p = append(*p, fmt.Sprintf(format, args...))
}
