package loom

import "context"

// Library knows videos that only some people may see, because it uses the connections of users.
type Library interface {
	// Video looks up a video for the owner of a user database, which is given by its name. Like [Client.Video], it returns
	// ErrNotFound if there is no such video, if the owner can't see it, or if the owner has no connection that could; an
	// *[Error] when nobody knows; and ctx.Err when ctx ends.
	Video(ctx context.Context, owner string, share ShareURL) (Video, error)

	// Newest lists some of the newest videos of an owner. Its errors are those of Video; ErrNotFound means that the owner
	// has no connection that can list them.
	Newest(ctx context.Context, owner string) ([]LibraryVideo, error)
}

// LibraryVideo is a video of a Library with its link.
type LibraryVideo struct {
	Video
	ShareURL string
}
