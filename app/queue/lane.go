package queue

// Lane is a group of kinds that has slots of its own, so that jobs of one lane never wait for those of
// another.
type Lane int

const (
	LaneLong  Lane = iota // kinds whose jobs may run for hours, such as transfers; and unknown kinds
	LaneShort             // kinds whose jobs run for seconds or minutes
	laneCount
)

// lane returns the lane of a kind. Jobs that another version created may have a kind that is not defined.
func (k *kinds) lane(name string) Lane { return k.byName[name].Lane }

// allLanesFull reports whether no lane that has kinds can start another job. The caller must hold claiming.
func (q *Queue) allLanesFull(running inFlight) bool {
	for lane, names := range q.byLane {
		if len(names) > 0 && running.byLane[lane] < q.limits.lanes[lane] {
			return false
		}
	}
	return true
}
