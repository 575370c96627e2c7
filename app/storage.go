package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/blob"
)

// buildBlobs creates the storage of recordings: the disk and, with its settings, S3. Prepare needs it before the other
// services.
func (a *App) buildBlobs() (err error) {
	if a.Blobs.Disk != nil {
		return nil
	}
	if a.Config.S3Enabled() {
		if a.Blobs.S3, err = a.newS3(); err != nil {
			return err
		}
	}
	a.Blobs.Disk = blob.NewDisk(a.Config.UserDBsDir)
	return nil
}

func (a *App) newS3() (*blob.S3, error) {
	cfg := a.Config
	return blob.NewS3(blob.S3Config{
		Endpoint: cfg.S3Endpoint, Bucket: cfg.S3Bucket, Region: cfg.S3Region, PathStyle: cfg.S3PathStyle,
		Prefix: cfg.S3Prefix, AccessKey: cfg.S3AccessKey.Reveal(), SecretKey: cfg.S3SecretKey.Reveal(),
		Network: a.Network(), Logger: a.logger("storage"),
	})
}

// storageCheckTimeout limits how long the server waits for S3 before it starts.
const storageCheckTimeout = 10 * time.Second

// checkStorage returns an error if S3 will never work with the settings. If it can't be reached at the moment, the
// server starts nevertheless: people can read their meetings, and jobs wait.
func (a *App) checkStorage(ctx context.Context) error {
	if a.Blobs.S3 == nil {
		return nil
	}
	err := a.Blobs.S3.Check(ctx, storageCheckTimeout)
	if err == nil || ctx.Err() != nil {
		return ctx.Err()
	}
	failure, known := errors.AsType[*blob.Error](err)
	if known && !failure.Temporary() {
		return fmt.Errorf("%s (%w)", failure.Message(), err)
	}
	log := a.Log
	if known {
		log = log.With("advice", failure.Message())
	}
	log.ErrorContext(ctx, "storage for recordings isn't available: transfers wait for it", "error", err)
	return nil
}
