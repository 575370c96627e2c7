package app

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/chapters"
	"github.com/fathom-to-loom/fathom-to-loom/app/poster"
	"github.com/fathom-to-loom/fathom-to-loom/app/share"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

// newShares returns the service of links to recordings.
func (a *App) newShares(secret, previous []byte) (*share.Service, error) {
	return share.New(share.Config{
		App: a.App, Databases: a.Databases, BaseURL: a.Config.BaseURL(), Secret: secret, Previous: previous,
		Chapters: sharedChapters, Poster: sharedPoster, Audit: a.Audit, Logger: a.logger("share"),
	})
}

func sharedChapters(meeting *core.Record) (list []share.Chapter) {
	for _, c := range chapters.OfMeeting(meeting) {
		list = append(list, share.Chapter{Title: c.Title, Start: time.Duration(c.Start * float64(time.Second))})
	}
	return list
}

// sharedPoster returns no tile: that of the library shows the title, which a link may hide.
func sharedPoster(db *userdb.Database, meeting *core.Record) ([]byte, string, error) {
	picture, err := poster.Of(db, meeting)
	if err != nil || picture.Drawn {
		return nil, "", err
	}
	return picture.Content, picture.Type, nil
}
