package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/app/notice"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
	"github.com/fathom-to-loom/fathom-to-loom/app/queue"
	"github.com/fathom-to-loom/fathom-to-loom/app/standardwebhooks"
	"github.com/fathom-to-loom/fathom-to-loom/app/userdb"
)

const (
	webhookTimeout  = 10 * time.Second
	maxHookResponse = 64 << 10 // bytes that are read, so that the connection can be used again
)

// testEvent is the type of the message that checks a webhook.
const testEvent = "test"

// wants reports whether a webhook receives a notice.
func (w webhookSettings) wants(n *core.Record) bool {
	return len(w.Events) == 0 || slices.Contains(w.Events, kindOf(n).event)
}

// event is the body of a message.
type event struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"` // of the event
	Data      any       `json:"data"`
}

// eventData describes a notice.
type eventData struct {
	RecordingID int64  `json:"recording_id,omitempty"`
	Title       string `json:"title,omitempty"`
	Text        string `json:"text"`
	URL         string `json:"url"`
}

// newWebhookClient returns a client that reaches only addresses on the Internet and follows no redirects.
func newWebhookClient(cfg Config) *http.Client {
	return &http.Client{
		Transport:     cfg.Guard.Transport(cfg.Network.Transport()),
		Timeout:       webhookTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// sendWebhooks sends due notices to the webhook of a database and returns how many it has accepted. It stops at the
// first failure, because the next one would fail as well.
func (s *Service) sendWebhooks(ctx context.Context, db *userdb.Database) (sent int, err error) {
	due, err := dueNotices(db, "hook", maxPerRun)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	connection, err := findConnection(db.App, ProviderWebhook)
	if err != nil {
		return 0, err
	}
	if connection == nil || !isUsable(connection) {
		return 0, ignoreTaken(setState(db, due, "hook", notice.Due, notice.Skipped))
	}
	secret, err := db.OpenSecret(connection)
	if err != nil {
		return 0, err
	}
	started := s.now()
	for _, n := range due {
		if sent > 0 && s.now().Sub(started) >= maxSending {
			return sent, s.enqueue(ctx, db.UserID, payload{Webhook: true})
		}
		failure := s.post(ctx, webhookSettingsOf(connection).URL, secret, n.Id, s.eventOf(db.App, n))
		if failure == nil {
			if err := ignoreTaken(setState(db, []*core.Record{n}, "hook", notice.Due, notice.Sent)); err != nil {
				return sent, err
			}
			sent++
			continue
		}
		if failure.final {
			if err := s.recordUse(db, connection, failure.message); err != nil {
				return sent, err
			}
			return sent, s.enqueue(ctx, db.UserID, payload{Webhook: true}) // skips the rest
		}
		return sent, queue.Temporary(failure.message, failure.cause, failure.retryAfter)
	}
	if len(due) == maxPerRun {
		return sent, s.enqueue(ctx, db.UserID, payload{Webhook: true})
	}
	return sent, nil
}

func ignoreTaken(err error) error {
	if errors.Is(err, errTaken) {
		return nil
	}
	return err
}

func (s *Service) eventOf(app core.App, n *core.Record) event {
	data := eventData{RecordingID: int64(n.GetInt("recording_id")), Text: n.GetString("text"), URL: s.linkOf(app, n)}
	if data.RecordingID != 0 {
		data.Title = titleOf(app, data.RecordingID)
	}
	return event{Type: kindOf(n).event, Timestamp: n.GetDateTime("created").Time(), Data: data}
}

// testWebhook sends a message that receivers should accept and ignore.
func (s *Service) testWebhook(ctx context.Context, connection *core.Record, secret string) (reason string, refused bool) {
	failure := s.post(ctx, webhookSettingsOf(connection).URL, secret, "test_"+core.GenerateDefaultRandomId(),
		event{Type: testEvent, Timestamp: s.now(), Data: struct{}{}})
	if failure == nil {
		return "", false
	}
	return failure.message, failure.final || failure.answered
}

// hookFailure says why a message was not accepted.
type hookFailure struct {
	message    string // whole sentences for the owner
	final      bool   // nothing should be sent to this address again
	answered   bool   // the receiver has answered with an error
	retryAfter time.Duration
	cause      error
}

// post sends a signed message.
func (s *Service) post(ctx context.Context, url, secretText, id string, e event) *hookFailure {
	secret, err := standardwebhooks.ParseSecret(secretText)
	if err != nil {
		return &hookFailure{message: "The signing secret can't be read. Save it again.", final: true, cause: err}
	}
	e.Timestamp = e.Timestamp.UTC()
	body, err := json.Marshal(e)
	if err != nil {
		return &hookFailure{message: "The message could not be created.", cause: err}
	}
	if err := s.guard.CheckURL(ctx, url); err != nil {
		return &hookFailure{message: "This address is not allowed.", final: true, cause: err}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return &hookFailure{message: "This address is not valid.", final: true, cause: err}
	}
	request.Header = standardwebhooks.Sign(secret, id, s.now(), body)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", outbound.UserAgent)
	response, err := s.webhooks.Do(request)
	if err != nil {
		return unreachableHook(outbound.WithoutURL(err))
	}
	defer response.Body.Close()
	_, _ = io.CopyN(io.Discard, response.Body, maxHookResponse)
	switch {
	case response.StatusCode >= 200 && response.StatusCode < 300:
		return nil
	case response.StatusCode == http.StatusGone:
		const message = "The receiver answered 410 Gone, so nothing is sent to it any more. Save the address again to continue."
		return &hookFailure{message: message, final: true, answered: true, cause: errors.New("status 410")}
	}
	retryAfter, _ := outbound.RetryAfter(response.Header, s.now())
	return &hookFailure{
		message:  fmt.Sprintf("The receiver answered with the status %d instead of 2xx.", response.StatusCode),
		answered: true, retryAfter: retryAfter, cause: fmt.Errorf("status %d", response.StatusCode),
	}
}

func unreachableHook(err error) *hookFailure {
	if refusal, ok := errors.AsType[*outbound.Refusal](err); ok && !refusal.Temporary {
		return &hookFailure{message: "This address is not allowed.", final: true, cause: err}
	}
	message := "The receiver can't be reached."
	if text := err.Error(); strings.Contains(text, "certificate") || strings.Contains(text, "x509") {
		message = "The receiver's certificate is not valid."
	}
	return &hookFailure{message: message, cause: err}
}
