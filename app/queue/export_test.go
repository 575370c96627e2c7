package queue

import "time"

// ReadAlways has positions be of this very moment, however slow the machine is.
func (q *Queue) ReadAlways() { q.spare = time.Hour }
