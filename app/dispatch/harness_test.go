package dispatch_test

import (
	"context"
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
)

const (
	partSize = 10
	fileSize = 35 // four parts
)

// content is the file that all tests move.
var content = func() []byte {
	b := make([]byte, fileSize)
	for i := range b {
		b[i] = byte(i * 7)
	}
	return b
}()

// stateAfter returns the state of the checksum after a number of bytes.
func stateAfter(n int64) []byte {
	hash := sha256.New()
	hash.Write(content[:n])
	state, err := hash.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		panic(err)
	}
	return state
}

func contentSum() string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// storedPart returns what an honest mover reports about a part.
func storedPart(number int) dispatch.Part {
	end := min(int64(number)*partSize, fileSize)
	return dispatch.Part{Number: number, ETag: fmt.Sprintf("%q", fmt.Sprint("etag", number)), Size: end - int64(number-1)*partSize, Hash: stateAfter(end)}
}

// file is the Task of a test.
type file struct {
	addresses int // in an offer; 0 means all
	failing   error

	mu       sync.Mutex
	offers   []dispatch.Move
	recorded []dispatch.Part
	progress []int64
}

func (f *file) Offer(context.Context) (dispatch.Move, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	first := len(f.recorded) + 1
	move := dispatch.Move{Source: "https://files.example/a?b&c", Size: fileSize, PartSize: partSize, First: first}
	if first > 1 {
		move.Hash = f.recorded[first-2].Hash
	}
	for number := first; number <= 4 && (f.addresses == 0 || len(move.Parts) < f.addresses); number++ {
		move.Parts = append(move.Parts, fmt.Sprint("https://store.example/", number))
	}
	f.offers = append(f.offers, move)
	return move, nil
}

func (f *file) Record(_ context.Context, part dispatch.Part) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.failing != nil {
		return f.failing
	}
	f.recorded = append(f.recorded, part)
	return nil
}

func (f *file) Progress(done int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.progress = append(f.progress, done)
}

// numbers returns the parts that were recorded.
func (f *file) numbers() (numbers []int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, part := range f.recorded {
		numbers = append(numbers, part.Number)
	}
	return numbers
}

// world is an owner and a network, within a bubble with a simulated clock.
type world struct {
	*testing.T
	network *network
	home    *conn
	owner   *dispatch.Owner
	servers []*dispatch.Server
}

func inWorld(t *testing.T, test func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{T: t, network: newNetwork()}
		w.home = w.network.conn()
		w.owner = dispatch.NewOwner(dispatch.OwnerConfig{Bus: w.home, Cluster: "f2l"})
		require.NoError(t, w.owner.Start(t.Context()))
		defer func() {
			assert.NoError(t, w.owner.Stop(context.Background()))
			for _, s := range w.servers {
				assert.NoError(t, s.Stop(context.Background()))
			}
			w.network.close()
		}()
		test(w)
	})
}

// result is what Owner.Move returned.
type result struct {
	sum  string
	err  error
	took time.Duration
}

// start begins a move and returns a channel with its result.
func (w *world) start(ctx context.Context, task dispatch.Task) <-chan result {
	results := make(chan result, 1)
	began := time.Now()
	go func() {
		sum, err := w.owner.Move(ctx, task)
		results <- result{sum, err, time.Since(began)}
	}()
	return results
}

func (w *world) move(task dispatch.Task) result { return <-w.start(w.Context(), task) }

// taken is an offer as a mover gets it.
type taken struct {
	Boot   string        `json:"boot"`
	Task   uint64        `json:"task"`
	Number uint64        `json:"offer"`
	Move   dispatch.Move `json:"move"`

	nth     int // offer that its movers have got, from 1
	conn    *conn
	run     string
	answer  func(string)
	journal *journal // of the answers to reports; may be nil
}

// movers subscribes to offers as a mover that behaves as handle says. It runs handle in a goroutine for each offer.
func (w *world) movers(handle func(o *taken)) (c *conn, stop func()) {
	c = w.network.conn()
	var runs sync.WaitGroup
	n := 0
	leave, err := c.Subscribe("f2l.1.move", "movers", func(m bus.Message) {
		n++
		o := &taken{nth: n, conn: c, run: fmt.Sprint("run", n), answer: func(s string) { m.Respond([]byte(s)) }}
		if err := json.Unmarshal(m.Body, o); err != nil {
			w.Errorf("offer is malformed: %v", err)
			return
		}
		runs.Go(func() { handle(o) })
	})
	require.NoError(w, err)
	return c, func() { leave(); runs.Wait() }
}

// present publishes that a mover is there.
func (w *world) present(id string, slots int) {
	w.publish("f2l.1.node."+id, dispatch.Node{ID: id, Version: "v1", Slots: slots})
}

func (w *world) publish(subject string, message any) {
	body, err := json.Marshal(message)
	require.NoError(w, err)
	require.NoError(w, w.network.conn().Publish(subject, body))
	time.Sleep(time.Nanosecond) // simulated time
	synctest.Wait()
}

// said is a report in a form that allows malformed ones.
type said map[string]any

// say sends a report once and returns the answer, or a blank one.
func (o *taken) say(s said) string {
	if s["run"] == nil {
		s["run"] = o.run
	}
	body, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	began := time.Now()
	answer, err := o.conn.Request(ctx, fmt.Sprintf("f2l.1.o.%s.%d.%d", o.Boot, o.Task, o.Number), body)
	if err != nil {
		return ""
	}
	if o.journal != nil {
		o.journal.add(heard{o.Number, o.run, began, string(answer) == "ok"})
	}
	return string(answer)
}

func (o *taken) beat(done int64) string { return o.say(said{"kind": "beat", "done": done}) }

func (o *taken) part(number int) string {
	return o.say(said{"kind": "part", "part": storedPart(number)})
}

func (o *taken) done() string { return o.say(said{"kind": "done", "sha256": contentSum()}) }

func (o *taken) fail(kind dispatch.Kind) string {
	return o.say(said{"kind": "failed", "failure": dispatch.Failure{Kind: kind, Detail: "told by a test"}})
}

// behave does what a mover should do, unless it is told to stop.
func (o *taken) behave() {
	o.answer("accepted")
	for i := range o.Move.Parts {
		if o.part(o.Move.First+i) != "ok" {
			return
		}
	}
	if o.Move.First+len(o.Move.Parts) <= 4 {
		o.fail(dispatch.KindMore)
		return
	}
	o.done()
}
