package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/klauspost/compress/zstd"

	"github.com/fathom-to-loom/fathom-to-loom/app/backup/store"
	"github.com/fathom-to-loom/fathom-to-loom/app/durable"
)

// Object is an encrypted file in the repository: a tar archive, compressed with zstd and encrypted with age.
type Object struct {
	Key    string `json:"key"`
	Size   int64  `json:"size"`   // bytes, encrypted
	SHA256 string `json:"sha256"` // of the encrypted bytes, in hex
}

// The folders of a repository.
const (
	objectsFolder = "objects"
	setsFolder    = "sets"
)

// objectName returns the name of a new object that contains so many bytes. Random groups keep the folders of a disk small.
func objectName(bytes int64) store.Name {
	return store.Name{Folder: objectsFolder, Group: randomGroup(), Kind: "o", MaxSize: maxSealed(bytes)}
}

// maxSealed is more than any content of so many bytes needs: zstd and age add less than a thousandth, tar less than 2 KB for each
// file.
func maxSealed(bytes int64) int64 { return bytes + bytes/256 + 1<<20 }

// seal stores an archive with the entries that add writes.
func (r *Repository) seal(ctx context.Context, name store.Name, add func(*tar.Writer) error) (Object, error) {
	sum := &countingHash{Hash: sha256.New()}
	key, err := r.store.Put(ctx, name, func(to io.Writer) error {
		encrypted, err := r.keys.encrypt(io.MultiWriter(to, sum))
		if err != nil {
			return err
		}
		compressor, err := zstd.NewWriter(encrypted, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true))
		if err != nil {
			return err
		}
		archive := tar.NewWriter(compressor)
		if err := add(archive); err != nil {
			return errors.Join(err, compressor.Close())
		}
		return errors.Join(archive.Close(), compressor.Close(), encrypted.Close())
	})
	if err != nil {
		return Object{}, err
	}
	return Object{Key: key, Size: sum.size, SHA256: sum.hex()}, nil
}

// errDamaged means that an object isn't the one that was stored.
var errDamaged = errors.New("file of the backup is damaged")

// open reads an object and calls visit for each entry of its archive. It reads the object completely and returns errDamaged
// unless it is the one that was stored.
func (r *Repository) open(ctx context.Context, object Object, visit func(*tar.Header, io.Reader) error) error {
	return r.read(ctx, object, func(encrypted io.Reader) error {
		plain, err := r.keys.decrypt(encrypted)
		if err != nil {
			return err
		}
		return durable.ReadArchive(ctx, plain, visit)
	})
}

// bytesOf returns the size of objects.
func bytesOf(objects []Object) (total int64) {
	for _, object := range objects {
		total += object.Size
	}
	return total
}

// check reads an object without decrypting it.
func (r *Repository) check(ctx context.Context, object Object) error {
	return r.read(ctx, object, func(io.Reader) error { return nil })
}

func (r *Repository) read(ctx context.Context, object Object, use func(io.Reader) error) (err error) {
	from, err := r.store.Open(ctx, object.Key)
	if err != nil {
		return fmt.Errorf("read %s: %w", object.Key, err)
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	sum := &countingHash{Hash: sha256.New()}
	encrypted := io.TeeReader(durable.Reader(ctx, from), sum)
	if r.meter != nil {
		encrypted = io.TeeReader(encrypted, r.meter)
	}
	useErr := use(encrypted)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	// Also after an error: a damaged object causes all kinds of errors, and this says so.
	if _, err := io.Copy(io.Discard, encrypted); err != nil {
		return fmt.Errorf("read %s: %w", object.Key, err)
	}
	if sum.size != object.Size || sum.hex() != object.SHA256 {
		return fmt.Errorf("read %s: %w: it has %d bytes with another checksum than the %d that were stored", object.Key, errDamaged, sum.size, object.Size)
	}
	if useErr != nil {
		return fmt.Errorf("read %s: %w", object.Key, useErr)
	}
	return nil
}

// countingHash counts the bytes that are written to it.
type countingHash struct {
	hash.Hash
	size int64
}

func (h *countingHash) Write(p []byte) (int, error) {
	h.size += int64(len(p))
	return h.Hash.Write(p)
}

func (h *countingHash) hex() string { return hex.EncodeToString(h.Sum(nil)) }
