package dispatch_test

import (
	"fmt"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
)

// deed is what a mover does with an offer.
type deed struct {
	What  string
	Parts int           // stored before
	Pause time.Duration // of a mover that freezes
}

var deeds = []string{
	"behave", "busy", "refuse", "ignore", "die", "freeze", "repeat", "skip a part", "wrong size", "wrong sum", "fail", "beat only", "answer late",
}

// act does a deed of a mover.
func (o *taken) act(d deed) {
	switch d.What {
	case "busy":
		o.answer("busy")
		return
	case "refuse":
		o.answer("refused")
		return
	case "ignore":
		return
	case "behave":
		o.answer("accepted")
		o.finish(o.Move.First)
		return
	case "answer late":
		time.Sleep(time.Second)
	}
	o.answer("accepted")
	next := o.Move.First
	for range d.Parts {
		if next < o.Move.First+len(o.Move.Parts) && o.insist(partReport(storedPart(next))) == "ok" {
			next++
		}
	}
	part := storedPart(min(next, 4))
	switch d.What {
	case "freeze":
		time.Sleep(d.Pause)
		o.finish(next)
	case "repeat":
		for number := range 4 {
			o.say(partReport(storedPart(number + 1)))
		}
		o.finish(next)
	case "skip a part":
		part.Number++
		o.insist(partReport(part))
	case "wrong size":
		part.Size++
		o.insist(partReport(part))
	case "wrong sum":
		o.insist(said{"kind": "done", "sha256": fmt.Sprintf("%064d", 1)})
	case "fail":
		kinds := []dispatch.Kind{dispatch.KindStopping, dispatch.KindAddresses, dispatch.KindMore, dispatch.KindInvalid}
		o.insist(said{"kind": "failed", "failure": dispatch.Failure{Kind: kinds[d.Parts%len(kinds)]}})
	case "beat only":
		for range 10 {
			o.beat(0)
			time.Sleep(2 * time.Second)
		}
	case "answer late":
		o.finish(next)
	}
}

func partReport(part dispatch.Part) said { return said{"kind": "part", "part": part} }

// insist repeats a report for ten seconds.
func (o *taken) insist(s said) string {
	for began := time.Now(); time.Since(began) < 10*time.Second; time.Sleep(200 * time.Millisecond) {
		if answer := o.say(s); answer != "" {
			return answer
		}
	}
	return ""
}

// finish stores what is missing.
func (o *taken) finish(next int) {
	for ; next < o.Move.First+len(o.Move.Parts); next++ {
		if o.insist(partReport(storedPart(next))) != "ok" {
			return
		}
	}
	if next <= 4 {
		o.insist(said{"kind": "failed", "failure": dispatch.Failure{Kind: dispatch.KindMore}})
		return
	}
	o.insist(said{"kind": "done", "sha256": contentSum()})
}
