package audit

import (
	"cmp"
	"context"
	"net/http"

	"github.com/pocketbase/pocketbase/core"
)

// ActorKind says in which role somebody acts.
type ActorKind string

// The kinds of actors.
const (
	Owner     ActorKind = "owner"     // of the account, or a guest with a password, code or link of theirs
	Superuser ActorKind = "superuser" // over HTTP
	Operator  ActorKind = "operator"  // a command on the server
	Server    ActorKind = "server"    // by itself, such as a retention policy
)

// Actor is who causes an event.
type Actor struct {
	Kind      ActorKind
	ID        string // of a superuser
	Email     string // of a superuser
	Address   string // IP address of the client
	UserAgent string // of the client
}

// Client returns the owner of an account as the actor of a request from an address.
func Client(r *http.Request, address string) Actor {
	return Actor{Kind: Owner, Address: address, UserAgent: r.UserAgent()}
}

type actorKey struct{}

// requestActor is where the event of a request keeps its actor. A batch copies it to the events of its requests, which
// have neither the context of the batch nor, necessarily, its headers.
const requestActor = "auditActor"

// SetActor makes an actor that of a request and of its context.
func SetActor(e *core.RequestEvent, actor Actor) {
	e.Set(requestActor, actor)
	e.Request = e.Request.WithContext(WithActor(e.Request.Context(), actor))
}

// ActorOfRequest returns the actor of a request.
func ActorOfRequest(e *core.RequestEvent) Actor {
	if actor, ok := e.Get(requestActor).(Actor); ok {
		return actor
	}
	return ActorOf(e.Request.Context())
}

// WithActor returns a context in which events are caused by an actor.
func WithActor(ctx context.Context, actor Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, actor)
}

// ActorOf returns the actor of a context. Without one, it is the server.
func ActorOf(ctx context.Context) Actor {
	actor, _ := ctx.Value(actorKey{}).(Actor)
	actor.Kind = cmp.Or(actor.Kind, Server)
	return actor
}

// attribution is where a record carries the actor of its change. It is no field of a collection, so that it is neither
// stored nor sent.
const attribution = "auditActor"

// Attribute records in a record who is about to change it. PocketBase's API doesn't pass the context of a request to the
// hooks of records.
func Attribute(record *core.Record, actor Actor) { record.SetRaw(attribution, actor) }

// ActorOfChange returns who changes a record: the actor of the context, or that of Attribute.
func ActorOfChange(ctx context.Context, record *core.Record) Actor {
	if actor := ActorOf(ctx); actor.Kind != Server {
		return actor
	}
	actor, _ := record.GetRaw(attribution).(Actor)
	actor.Kind = cmp.Or(actor.Kind, Server)
	return actor
}
