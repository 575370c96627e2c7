// Package dispatch offers moves of recordings to movers on other machines. The owner of a transfer numbers its offers and
// heeds only reports about the latest one: an earlier mover that comes back is told to stop. So an owner needs no lock, and
// a mover that freezes, dies or is cut off can at worst waste bytes.
//
// The protocol, over package bus; {n} is the name of the cluster and its version ("f2l.1"), {boot} a process, {task} a move,
// {offer} a number:
//
//	{n}.move                     request, queue "movers": offer → "accepted", "busy" or "refused"
//	{n}.o.{boot}.{task}.{offer}  request to the owner: report → "ok" or "stop"
//	{n}.node.{id}                published by each mover every 3 s: Node
//
// Any message may be lost, delayed or repeated. An offer counts as accepted when its answer or its first report arrives; that
// report binds it to one run of one mover. A mover repeats a report until it is answered, and stops when none has been for
// 10 s. The owner answers "ok" to a part only when the part is recorded. A report that breaks a rule ends the offer.
//
// Bodies are JSON; unknown fields are ignored, and unknown kinds of reports count as beats. A version that can't do without
// a change raises the number in {n}, so that old and new processes don't meet and every owner moves its recordings itself.
//
// Owner and Server are safe for concurrent use. The package must not know databases, storage or Fathom.
package dispatch

import (
	"errors"
	"fmt"
	"time"
)

// MaxParts is how many parts an offer may have: with their addresses, a message stays below 1 MB, which NATS allows.
const MaxParts = 800

// Move is what a mover needs: it fetches a file of known size and stores the missing parts of it. It is a secret, because
// whoever has it can read the recording.
type Move struct {
	Source      string    `json:"source"`           // the address of the file at Fathom's file host
	Expires     time.Time `json:"expires,omitzero"` // when that ends; zero if unknown
	Size        int64     `json:"size"`             // bytes of the whole file, above 0
	ContentType string    `json:"content_type,omitempty"`
	PartSize    int64     `json:"part_size"`      // bytes of each part but the last
	First       int       `json:"first"`          // the number of the first missing part; parts are numbered from 1
	Parts       []string  `json:"parts"`          // where to PUT the parts from First on; up to MaxParts, perhaps not all
	Hash        []byte    `json:"hash,omitempty"` // the state of the SHA-256 of all bytes before First; empty if First is 1
}

// Part is a stored part.
type Part struct {
	Number int    `json:"number"`
	ETag   string `json:"etag"`
	Size   int64  `json:"size"` // bytes
	Hash   []byte `json:"hash"` // the state of the SHA-256 after the part
}

// Kind is why a move failed.
type Kind string

// The kinds that are not those of package fathom.
const (
	// KindLinkExpired means that the source's address has ended.
	KindLinkExpired Kind = "link_expired"
	// KindRestart means that the source doesn't continue where the stored parts end: they belong to another file.
	KindRestart Kind = "restart"
	// KindAddresses means that the storage refuses the addresses of the parts, for instance because they have expired.
	KindAddresses Kind = "addresses"
	// KindUploadLost means that the storage doesn't know the upload any more.
	KindUploadLost Kind = "upload_lost"
	// KindStorage means that the storage can't be reached or fails.
	KindStorage Kind = "storage"
	// KindStopping means that the mover is being shut down.
	KindStopping Kind = "stopping"
	// KindMore means that all parts of the offer are stored, but not all of the file.
	KindMore Kind = "more"
	// KindInvalid means that the mover can't use the offer, or that its reports are wrong.
	KindInvalid Kind = "invalid"
	// KindSilent means that the mover hasn't been heard of, or that it has stored no part for too long.
	KindSilent Kind = "silent"
)

// Failure is why a mover ended a move early. Its text contains no addresses.
type Failure struct {
	Kind   Kind   `json:"kind"` // one of the above, or a fathom.Kind
	Status int    `json:"status,omitempty"`
	Detail string `json:"detail,omitempty"` // for the log
}

// Error implements error.
func (f *Failure) Error() string {
	if f.Detail == "" {
		return fmt.Sprintf("mover failed: %s", f.Kind)
	}
	return fmt.Sprintf("mover failed: %s: %s", f.Kind, f.Detail)
}

// Node describes a mover.
type Node struct {
	ID      string `json:"id"`
	Version string `json:"version"` // of the program
	Slots   int    `json:"slots"`
	Busy    int    `json:"busy"` // slots in use
}

var (
	// ErrNoMover means that no mover is there, or none is free: the owner must move the recording itself.
	ErrNoMover = errors.New("no mover is there or free")
	// ErrStopped means that the owner doesn't want the move any more.
	ErrStopped = errors.New("move was stopped by its owner")
)
