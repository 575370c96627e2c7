package blob

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
