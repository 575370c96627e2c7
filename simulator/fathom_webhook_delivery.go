package simulator

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// secretPrefix is the prefix of every webhook secret.
const secretPrefix = "whsec_"

// SignWebhook returns the webhook-signature header of a message according to Standard Webhooks
// (https://www.standardwebhooks.com), which Fathom uses (https://developers.fathom.ai, webhooks guide).
// It returns an error if the secret is not base64, with or without the prefix whsec_.
func SignWebhook(secret, id string, at time.Time, body []byte) (string, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil {
		return "", fmt.Errorf("sign webhook message %s: secret is not base64", id)
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%d.", id, at.Unix())
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}

// DeliverOption changes a delivery of DeliverWebhook.
type DeliverOption func(*delivery)

type delivery struct {
	messageID string
	secret    string
	at        time.Time
	body      []byte
	retries   int

	duplicates      int
	extraSignatures []string
}

// Duplicated sends the message n more times with the same webhook-id, regardless of the responses.
func Duplicated(n int) DeliverOption { return func(d *delivery) { d.duplicates = n } }

// Retried sends the message up to n more times with the same webhook-id until the response is a 2xx.
// Fathom does not publish its schedule; here the retries follow immediately.
func Retried(n int) DeliverOption { return func(d *delivery) { d.retries = n } }

// SignedAt sets the timestamp of the message. The default is the current time.
func SignedAt(at time.Time) DeliverOption { return func(d *delivery) { d.at = at } }

// SignedWith signs the message with a secret other than the webhook's.
func SignedWith(secret string) DeliverOption { return func(d *delivery) { d.secret = secret } }

// WithMessageID sets the webhook-id.
func WithMessageID(id string) DeliverOption { return func(d *delivery) { d.messageID = id } }

// WithBody replaces the meeting in the message. The signature matches the new body.
func WithBody(body []byte) DeliverOption { return func(d *delivery) { d.body = body } }

// WithExtraSignature adds an entry before the correct signature, as happens while a secret is rotated.
func WithExtraSignature(entry string) DeliverOption {
	return func(d *delivery) { d.extraSignatures = append(d.extraSignatures, entry) }
}

// DeliverWebhook posts the signed meeting to the webhook and returns the status of the last response.
// Unlike Fathom, it also delivers meetings without a summary. It returns an error if the webhook or the
// recording is unknown, if the destination is not on this machine, or if there was no response.
func (s *Server) DeliverWebhook(
	ctx context.Context, webhookID string, recordingID int64, options ...DeliverOption,
) (int, error) {
	hook, ok := s.webhooks.find(webhookID)
	if !ok {
		return 0, fmt.Errorf("deliver webhook %s: unknown webhook", webhookID)
	}
	m := s.meetings.find(recordingID)
	if m == nil {
		return 0, fmt.Errorf("deliver webhook %s: unknown recording %d", webhookID, recordingID)
	}
	body, err := encodeJSON(m.toJSON(parts{
		actionItems: hook.IncludeActionItems, crm: hook.IncludeCRMMatches,
		summary: hook.IncludeSummary, transcript: hook.IncludeTranscript,
	}, s.cfg.NullOptionals))
	if err != nil {
		return 0, fmt.Errorf("deliver webhook %s: %w", webhookID, err)
	}
	d := delivery{messageID: "msg_" + newID(10), secret: hook.Secret, at: s.cfg.Now(), body: body}
	for _, option := range options {
		option(&d)
	}
	status, err := d.send(ctx, hook.URL)
	for sent := 0; err == nil && (sent < d.duplicates || sent < d.duplicates+d.retries && status/100 != 2); sent++ {
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
	header.Set("webhook-signature", strings.Join(append(slices.Clip(d.extraSignatures), signed), " "))
	return post(ctx, destination, header, d.body)
}
