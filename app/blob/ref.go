package blob

import (
	"context"
	"io"
	"time"
)

// Ref identifies a stored blob.
type Ref struct {
	Engine Engine
	Key    string
}

// Stat describes a blob in whichever engine it is.
func (s Stores) Stat(ctx context.Context, ref Ref) (Info, error) {
	store, err := s.Of(ref.Engine)
	if err != nil {
		return Info{}, err
	}
	return store.Stat(ctx, ref.Key)
}

// Open opens a blob for reading. ctx must last as long as the reader.
func (s Stores) Open(ctx context.Context, ref Ref) (io.ReadSeekCloser, error) {
	store, err := s.Of(ref.Engine)
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, ref.Key)
}

// Link returns a URL that anybody can download the blob from until ttl has passed.
func (s Stores) Link(ctx context.Context, ref Ref, headers Headers, ttl time.Duration) (string, error) {
	store, err := s.Of(ref.Engine)
	if err != nil {
		return "", err
	}
	return store.Link(ctx, ref.Key, headers, ttl)
}

// Delete removes a blob. An unknown key is no error.
func (s Stores) Delete(ctx context.Context, ref Ref) error {
	store, err := s.Of(ref.Engine)
	if err != nil {
		return err
	}
	return store.Delete(ctx, ref.Key)
}
