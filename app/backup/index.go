package backup

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup/store"
	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
)

// An index consists of two lines: the Set, and a seal over the first line. Indexes of earlier versions have no seal.

// maxIndexSize is the maximum size of an index in bytes, enough for seven million objects. Only one object is in memory at a time.
const maxIndexSize = 1 << 30

// indexSeal is the second line of an index.
type indexSeal struct {
	MAC string `json:"mac"` // in hex; blank if BACKUP_KEY wasn't known when the set was created
}

// errIndexSize means that a set has more objects than an index may name.
var errIndexSize = fmt.Errorf("its index would be larger than %d MB", maxIndexSize>>20)

// writeIndex publishes a set, which is complete from then on.
func (r *Repository) writeIndex(ctx context.Context, set Set) error {
	name := store.Name{Folder: setsFolder, Group: set.Name, Kind: "index", MaxSize: maxIndexSize}
	_, err := r.store.Put(ctx, name, func(to io.Writer) error {
		limited := &limitedWriter{Writer: to, left: maxIndexSize}
		mac := r.keys.newMAC()
		if err := json.NewEncoder(io.MultiWriter(limited, mac)).Encode(set); err != nil {
			return err
		}
		return json.NewEncoder(limited).Encode(indexSeal{mac.hex()})
	})
	if err != nil {
		return fmt.Errorf("write the index of the backup: %w", err)
	}
	return nil
}

// limitedWriter returns errIndexSize instead of writing more than so many bytes.
type limitedWriter struct {
	io.Writer
	left int
}

func (w *limitedWriter) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, errIndexSize
	}
	return w.Writer.Write(p)
}

// readIndex reads the index with a key and calls visit for each of its objects. The Set itself has none. It returns an error
// unless the index says what its key says.
func (r *Repository) readIndex(ctx context.Context, key string, visit func(Object)) (set Set, err error) {
	from, err := r.store.Open(ctx, key)
	if err != nil {
		return Set{}, fmt.Errorf("read the index of a backup: %w", err)
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	name, at, _ := setOf(key)
	lines := bufio.NewReader(io.LimitReader(durable.Reader(ctx, from), maxIndexSize))
	mac := r.keys.newMAC()
	first := io.TeeReader(&lineReader{from: lines}, mac)
	if set, err = decodeIndex(first, visit); err != nil {
		return Set{}, fmt.Errorf("read the index %s of a backup: %w", key, err)
	}
	if set.Format > format {
		return Set{}, fmt.Errorf("backup %s was created by a newer version (%s): use that version", name, set.Program)
	}
	// A name may be later than the time, because names ascend even if the clock was set back.
	if set.Name != name || set.Created.Unix() > at.Unix() {
		return Set{}, fmt.Errorf("%w: the index %s is that of backup %s of %s", errForged, key, set.Name, set.Created.UTC().Format(nameLayout))
	}
	if err := store.CheckKey(set.Contents.Key); err != nil {
		return Set{}, err
	}
	if _, err := io.Copy(io.Discard, first); err != nil {
		return Set{}, fmt.Errorf("read the index %s of a backup: %w", key, err)
	}
	var seal indexSeal
	if err := json.NewDecoder(lines).Decode(&seal); err != nil && !errors.Is(err, io.EOF) {
		return Set{}, fmt.Errorf("read the index %s of a backup: %w", key, err)
	}
	set.sealed = mac.isValid(seal.MAC)
	return set, nil
}

// decodeIndex reads the JSON object of a Set without keeping its objects.
func decodeIndex(from io.Reader, visit func(Object)) (set Set, err error) {
	decoder := json.NewDecoder(from)
	if err := skipDelimiter(decoder, '{'); err != nil {
		return Set{}, err
	}
	fields := map[string]json.RawMessage{}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return Set{}, err
		}
		if name == "objects" {
			if err := decodeObjects(decoder, visit); err != nil {
				return Set{}, err
			}
			continue
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return Set{}, err
		}
		fields[fmt.Sprint(name)] = value
	}
	if err := skipDelimiter(decoder, '}'); err != nil {
		return Set{}, err
	}
	text, err := json.Marshal(fields)
	if err == nil {
		err = json.Unmarshal(text, &set)
	}
	set.Objects, set.Skipped, set.Problem = nil, nil, ""
	return set, err
}

func decodeObjects(decoder *json.Decoder, visit func(Object)) error {
	if err := skipDelimiter(decoder, '['); err != nil {
		return err
	}
	for decoder.More() {
		var object Object
		if err := decoder.Decode(&object); err != nil {
			return err
		}
		if err := store.CheckKey(object.Key); err != nil {
			return err
		}
		visit(object)
	}
	return skipDelimiter(decoder, ']')
}

func skipDelimiter(decoder *json.Decoder, want json.Delim) error {
	token, err := decoder.Token()
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err == nil && token != want {
		err = fmt.Errorf("found %v instead of %v", token, want)
	}
	return err
}

// lineReader reads up to the end of a line.
type lineReader struct {
	from  *bufio.Reader
	ended bool
}

func (l *lineReader) Read(p []byte) (int, error) {
	if l.ended || len(p) == 0 {
		return 0, io.EOF
	}
	if _, err := l.from.Peek(1); err != nil {
		return 0, err
	}
	chunk, err := l.from.Peek(min(len(p), l.from.Buffered()))
	if err != nil {
		return 0, err
	}
	if end := bytes.IndexByte(chunk, '\n'); end >= 0 {
		chunk, l.ended = chunk[:end+1], true
	}
	n := copy(p, chunk)
	_, err = l.from.Discard(n)
	return n, err
}
