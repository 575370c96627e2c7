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
	// Recent lists the videos that the owner of a user database, which is given by its name, has created since a time.
	// complete is false if there are too many to list all. It returns ErrNotFound if the owner has no connection that could;
	// a *[ListRefusedError] if Loom doesn't list them; an *[Error] if Loom can't be asked now; and ctx.Err when ctx ends.
	Recent(ctx context.Context, owner string, since time.Time) (videos []ListedVideo, complete bool, err error)
}

// ListRefusedError means that Loom doesn't list somebody's videos, and won't do so soon. It wraps [ErrNotFound].
type ListRefusedError struct {
	Message string // sentences for the user that say why
}

// Error returns the sentences for the user.
func (e *ListRefusedError) Error() string { return "list loom videos: " + e.Message }

// Unwrap returns ErrNotFound.
func (*ListRefusedError) Unwrap() error { return ErrNotFound }
