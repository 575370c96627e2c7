package queue

import "time"

// IsBusy reports whether this process runs as many jobs as it may, including those that were taken from it.
func (q *Queue) IsBusy() bool {
	q.claiming.Lock()
	defer q.claiming.Unlock()
	return q.allLanesFull(q.local.inFlight)
}

// IsFresh reports whether the result of a read that took so long is used again when it has an age.
func IsFresh(took, age time.Duration) bool {
	at := time.Now()
	return readCost{at: at, took: took}.isFresh(at.Add(age))
}
