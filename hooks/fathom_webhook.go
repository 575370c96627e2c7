package hooks

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/standardwebhooks"
	"github.com/fathom-to-loom/fathom-to-loom/app/transfer"
)

// fathomWebhook receives Fathom's webhooks. The path and a signature authenticate them; nothing in them is decoded.
type fathomWebhook struct {
	handlers
	known   *limit.Rate // by endpoint
	unknown *limit.Rate // requests with unknown paths, by network
}

func (h handlers) bindFathomWebhook() {
	receiver := fathomWebhook{
		handlers: h,
		known:    limit.NewRate(limit.WebhooksPerSecond, limit.WebhookBurst, time.Now),
		unknown:  limit.NewRate(limit.UnknownWebhooksPerSecond, limit.UnknownWebhookBurst, time.Now),
	}
	h.onServe("fathomWebhook", func(e *core.ServeEvent) error {
		e.Router.POST(transfer.EndpointPath+"{token}", receiver.receive)
		e.Router.POST(transfer.EndpointPath+"{token}/{recording}", receiver.receiveHint)
		return nil
	})
}

func (w fathomWebhook) receive(e *core.RequestEvent) error {
	endpoint, err := w.Transfers.FindEndpoint(e.Request.PathValue("token"))
	if err != nil {
		return w.respond(e, err)
	}
	if wait, ok := w.known.Take(limit.Account(endpoint.ID())); !ok {
		return tooManyRequests(e, wait, "Too many messages. Send them later.")
	}
	body, err := io.ReadAll(e.Request.Body) // limitBodies limits its size
	if err != nil {
		return e.BadRequestError("The message can't be read.", err)
	}
	return w.respond(e, w.Transfers.ReceiveWebhook(e.Request.Context(), endpoint, e.Request.Header, body))
}

// receiveHint receives calls about files that are ready. They aren't signed, so they only lead to a poll.
func (w fathomWebhook) receiveHint(e *core.RequestEvent) error {
	endpoint, err := w.Transfers.FindHintEndpoint(e.Request.PathValue("token"))
	if err != nil {
		return w.respond(e, err)
	}
	if wait, ok := w.known.Take(limit.Account(endpoint.ID())); !ok {
		return tooManyRequests(e, wait, "Too many messages. Send them later.")
	}
	recordingID, err := strconv.ParseInt(e.Request.PathValue("recording"), 10, 64)
	if err != nil {
		return e.NotFoundError("", nil)
	}
	return w.respond(e, w.Transfers.DownloadReady(e.Request.Context(), endpoint, recordingID))
}

func (w fathomWebhook) respond(e *core.RequestEvent, err error) error {
	switch {
	case err == nil:
		return e.NoContent(http.StatusOK)
	case errors.Is(err, transfer.ErrUnknownEndpoint):
		if wait, ok := w.unknown.Take(network(e)); !ok {
			return tooManyRequests(e, wait, "Too many messages to unknown addresses.")
		}
		return e.NotFoundError("", nil)
	case errors.Is(err, transfer.ErrEndpointGone):
		return e.Error(http.StatusGone, "Nobody reads messages to this address any more.", nil)
	case errors.Is(err, standardwebhooks.ErrHeaders), errors.Is(err, standardwebhooks.ErrTimestamp), errors.Is(err, standardwebhooks.ErrSignature):
		return e.UnauthorizedError("The signature of this message isn't valid.", err)
	}
	// Fathom sends the message again later.
	e.Response.Header().Set("Retry-After", "60")
	w.Log.ErrorContext(e.Request.Context(), "failed to accept a message from Fathom", "error", err)
	return e.Error(http.StatusServiceUnavailable, "The message can't be accepted now. Send it again later.", err)
}
