package blob

import "context"

// Stores are the engines that this server has.
type Stores struct {
	Disk *Disk
	S3   *S3 // nil without S3_… settings
}

// Default returns the engine for new recordings: S3 if it is configured.
func (s Stores) Default() Store {
	if s.S3 != nil {
		return s.S3
	}
	return s.Disk
}

// Of returns the engine that a record names. For S3 without settings, it returns an *Error of KindNotConfigured.
func (s Stores) Of(engine Engine) (Store, error) {
	switch {
	case engine == EngineDisk:
		return s.Disk, nil
	case engine == EngineS3 && s.S3 != nil:
		return s.S3, nil
	default:
		return nil, &Error{Op: "find storage", Kind: KindNotConfigured}
	}
}

// All returns the engines that this server has.
func (s Stores) All() []Store {
	if s.S3 == nil {
		return []Store{s.Disk}
	}
	return []Store{s.Disk, s.S3}
}

// DeleteUploads removes what uploads of a recording have left in all engines.
func (s Stores) DeleteUploads(ctx context.Context, database, recording string) error {
	for _, store := range s.All() {
		if err := store.DeleteUploads(ctx, database, recording); err != nil {
			return err
		}
	}
	return nil
}
