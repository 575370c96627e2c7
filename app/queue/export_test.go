package queue

// IsBusy reports whether this process runs as many jobs as it may, including those that were taken from it.
func (q *Queue) IsBusy() bool {
	q.claiming.Lock()
	defer q.claiming.Unlock()
	return q.allLanesFull(q.local.inFlight)
}
