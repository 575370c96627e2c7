package main

import "time"

// measureColdOpens measures the time until a closed database answers its first list, while another one is
// closed to stay below the limit. The comparison is the start of a stock process on an existing folder.
func (b *bench) measureColdOpens() error {
	const limit = 400                     // the server's USER_DB_MAX_OPEN
	for _, t := range b.tenants[:limit] { // from now on, each opened database closes another
		if err := b.listMeetings(t); err != nil {
			return err
		}
	}
	cpuBefore, err := b.server.cpuTime()
	if err != nil {
		return err
	}
	var durations []time.Duration
	for _, t := range b.tenants[limit:] {
		d, err := measure(func() error { return b.listMeetings(t) })
		if err != nil {
			return err
		}
		durations = append(durations, d)
	}
	cpuAfter, err := b.server.cpuTime()
	if err != nil {
		return err
	}
	var stockDurations []time.Duration
	var stockCPU time.Duration
	for i := range stockStarts {
		n := i % len(b.stockDirs)
		var p *process
		d, err := measure(func() (err error) {
			p, err = startStock(b.stockBinary, b.stockDirs[n], listPath, b.tenants[n].Direct)
			return err
		})
		if err != nil {
			return err
		}
		stockDurations = append(stockDurations, d)
		if err := p.end(); err != nil {
			return err
		}
		stockCPU += p.totalCPUTime()
	}
	b.databases.addRow("cold open to first list, p50 / p99", "ms", medianAndP99(durations), medianAndP99(stockDurations))
	b.databases.addRow("CPU to open, list and close", "ms",
		[]float64{milliseconds(cpuAfter-cpuBefore) / float64(len(durations))}, []float64{milliseconds(stockCPU) / stockStarts})
	return nil
}

// measureWarmRequests measures a list in an open database through the gateway. Every other request goes to
// a stock process with the same data.
func (b *bench) measureWarmRequests() error {
	const rounds = 4000
	tenants := b.tenants[:stockProcesses*3] // a user may send 100 requests a second
	for _, t := range tenants {
		if err := b.listMeetings(t); err != nil {
			return err
		}
	}
	stock, err := startStock(b.stockBinary, b.stockDirs[0], listPath, b.tenants[0].Direct)
	if err != nil {
		return err
	}
	defer func() { _ = stock.end() }() // its data is a copy
	var durations, stockDurations []time.Duration
	for i := range rounds {
		if b.ctx.Err() != nil {
			return b.ctx.Err()
		}
		d, err := measure(func() error { return b.listMeetings(tenants[i%len(tenants)]) })
		if err != nil {
			return err
		}
		durations = append(durations, d)
		if d, err = measure(func() error { return get(stock.url+listPath, b.tenants[0].Direct) }); err != nil {
			return err
		}
		stockDurations = append(stockDurations, d)
	}
	b.databases.addRow("warm list, p50 / p99", "ms", medianAndP99(durations), medianAndP99(stockDurations))
	return nil
}
