package main

import "time"

// measureMemory measures the memory and the open files that each open database adds to the server after
// one list. The comparison is the average of the stock processes after one list.
func (b *bench) measureMemory() error {
	if err := b.restart("USER_DB_MAX_OPEN=400", "USER_DB_IDLE_TIMEOUT=1h"); err != nil {
		return err
	}
	memoryBefore, filesBefore, err := b.server.usage()
	if err != nil {
		return err
	}
	const opened = 300
	for _, t := range b.tenants[:opened] {
		if err := b.listMeetings(t); err != nil {
			return err
		}
	}
	time.Sleep(3 * time.Second) // until Go's and PocketBase's background work has finished
	memoryAfter, filesAfter, err := b.server.usage()
	if err != nil {
		return err
	}

	var running []*process
	for i, dir := range b.stockDirs {
		p, err := startStock(b.stockBinary, dir, listPath, b.tenants[i].Direct)
		if err != nil {
			return err
		}
		defer func() { _ = p.end() }() // its data is a copy
		running = append(running, p)
	}
	time.Sleep(time.Second)
	var stockMemory, stockFiles int
	for _, p := range running {
		memory, files, err := p.usage()
		if err != nil {
			return err
		}
		stockMemory += memory
		stockFiles += files
	}
	b.databases.addRow("memory of an open database", "kB", []float64{float64(memoryAfter-memoryBefore) / opened}, []float64{float64(stockMemory) / stockProcesses})
	b.databases.addRow("open files of an open database", "", []float64{float64(filesAfter-filesBefore) / opened}, []float64{float64(stockFiles) / stockProcesses})
	return nil
}
