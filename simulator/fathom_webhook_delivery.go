package simulator

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const secretPrefix = "whsec_"

// SignWebhook gives the webhook-signature of a message: Standard Webhooks, https://www.standardwebhooks.com, after
// https://developers.fathom.ai (webhooks guide).
func SignWebhook(secret, id string, at time.Time, body []byte) (string, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil {
		return "", fmt.Errorf("sign webhook %s: the secret is not base64", id)
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%d.", id, at.Unix())
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}

// DeliverOption changes one delivery.
type DeliverOption func(*delivery)

type delivery struct {
	messageID string
	secret    string
	at        time.Time
	body      []byte
	extra     []string
	repeat    int
	retries   int
}

// Duplicated sends the message again n times with the same webhook-id, whatever the answers.
func Duplicated(n int) DeliverOption { return func(d *delivery) { d.repeat = n } }

// Retried resends the message with the same webhook-id, up to n times, until the answer is a 2xx. Fathom's schedule is
// unpublished; here there is no wait in between.
func Retried(n int) DeliverOption { return func(d *delivery) { d.retries = n } }

// SignedAt sets the timestamp; five minutes away is stale.
func SignedAt(at time.Time) DeliverOption { return func(d *delivery) { d.at = at } }

// SignedWith signs with another secret than the webhook's.
func SignedWith(secret string) DeliverOption { return func(d *delivery) { d.secret = secret } }

// WithMessageID chooses the webhook-id.
func WithMessageID(id string) DeliverOption { return func(d *delivery) { d.messageID = id } }

// WithBody sends these bytes, correctly signed, instead of the meeting.
func WithBody(body []byte) DeliverOption { return func(d *delivery) { d.body = body } }

// AfterSignature puts another entry before the right signature, as while a secret is being rotated.
func AfterSignature(entry string) DeliverOption {
	return func(d *delivery) { d.extra = append(d.extra, entry) }
}

// DeliverWebhook posts the meeting to the webhook, signed, and returns the status of the last answer. The destination
// must be on this machine. A meeting without summary is sent too, although Fathom would not.
func (s *Server) DeliverWebhook(ctx context.Context, webhookID string, recordingID int64, options ...DeliverOption) (int, error) {
	hook, ok := s.webhooks.find(webhookID)
	if !ok {
		return 0, fmt.Errorf("deliver webhook %s: it is unknown", webhookID)
	}
	m := s.library.find(recordingID)
	if m == nil {
		return 0, fmt.Errorf("deliver webhook %s: recording %d is unknown", webhookID, recordingID)
	}
	body, err := encodeJSON(m.wire(parts{
		actionItems: hook.IncludeActionItems, crm: hook.IncludeCRMMatches,
		summary: hook.IncludeSummary, transcript: hook.IncludeTranscript,
	}, s.cfg.NullOptionals))
	if err != nil {
		return 0, fmt.Errorf("deliver webhook %s: %w", webhookID, err)
	}
	d := delivery{messageID: s.webhooks.nextMessageID(), secret: hook.Secret, at: s.cfg.Now(), body: body}
	for _, option := range options {
		option(&d)
	}
	status, err := d.send(ctx, hook.URL)
	for sent := 0; err == nil && (sent < d.repeat || sent < d.repeat+d.retries && status/100 != 2); sent++ {
		status, err = d.send(ctx, hook.URL)
	}
	if err != nil {
		return 0, fmt.Errorf("deliver webhook %s: %w", webhookID, err)
	}
	return status, nil
}

func (d *delivery) send(ctx context.Context, destination string) (int, error) {
	signed, err := SignWebhook(d.secret, d.messageID, d.at, d.body)
	if err != nil {
		return 0, err
	}
	header := http.Header{}
	header.Set("webhook-id", d.messageID)
	header.Set("webhook-timestamp", strconv.FormatInt(d.at.Unix(), 10))
	header.Set("webhook-signature", strings.Join(append(d.extra[:len(d.extra):len(d.extra)], signed), " "))
	return post(ctx, destination, header, d.body)
}

func (b *webhookBook) nextMessageID() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent++
	return fmt.Sprintf("msg_%s%d", token(b.rng, 10), b.sent)
}
