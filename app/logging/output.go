package logging

import (
	"fmt"
	"io"
	"sync"
)

// output writes lines to a console and a file. Neither depends on the other.
type output struct {
	mu      sync.Mutex
	console io.Writer
	file    io.WriteCloser // nil without a file

	failing bool // whether the last line could not be written to the file
	partial bool // whether a part of it was written
}

// Write implements io.Writer. p is a line. It reports success whatever happens, because the caller has nobody to tell.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	_, _ = o.console.Write(p) // there is no other place for the error
	if o.file != nil {
		o.writeToFile(p)
	}
	return len(p), nil
}

// writeToFile writes a line to the file, and reports on the console when that starts or stops to fail.
func (o *output) writeToFile(p []byte) {
	line := p
	if o.partial {
		line = append([]byte{'\n'}, p...)
	}
	n, err := o.file.Write(line)
	if err != nil {
		o.partial = o.partial && n == 0 || n > 0
		if !o.failing {
			fmt.Fprintf(o.console, "fathom-to-loom: log file can't be written; lines are missing from it until it can: %v\n", err)
		}
		o.failing = true
		return
	}
	if o.failing {
		fmt.Fprintln(o.console, "fathom-to-loom: log file is written again")
	}
	o.failing, o.partial = false, false
}

func (o *output) setConsole(console io.Writer) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.console = console
}

func (o *output) setFile(file io.WriteCloser) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.file = file
}

func (o *output) closeFile() error {
	o.mu.Lock()
	file := o.file
	o.file = nil
	o.mu.Unlock()
	if file == nil {
		return nil
	}
	return file.Close()
}
