package loom

import (
	"context"
	"time"
)

// ListedVideo is a video in the library of a user.
type ListedVideo struct {
	Video
	Share     ShareURL
	CreatedAt time.Time // zero if Loom doesn't say it
}

// Lister knows the libraries of users, because it uses their connections.
type Lister interface {
	// Recent lists the videos that the owner of a user database, which is given by its name, has created since a time, as
	// far as there aren't too many. It returns ErrNotFound if the owner has no connection that could; an *[Error] if Loom
	// can't be asked now; and ctx.Err when ctx ends.
	Recent(ctx context.Context, owner string, since time.Time) ([]ListedVideo, error)
}
