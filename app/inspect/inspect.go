// Package inspect asks the Fathom API what its documentation leaves open, and writes what it answers to a report that
// people can share: every value that could identify a person or open a recording is replaced by one of the same shape.
// The simulator can replay a report. Its [Redactor] and [Report] also serve reports of other services.
//
// A run sends at most 40 requests, one per second. It changes nothing at Fathom, except that on request it has a
// recording's file prepared, and that it creates and removes a webhook. The package must not write or log the key.
package inspect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

// Errors of Run. No report is written.
var (
	ErrKeyRefused = errors.New("fathom refused the API key; create one in Fathom's settings under API Access")
	ErrNoAnswer   = errors.New("fathom can't be reached; check the network and FATHOM_API_URL")
)

// Config configures a run. BaseURL and Key are required.
type Config struct {
	BaseURL string // root of the API, such as https://api.fathom.ai/external/v1
	Key     string // an API key
	Network outbound.Network
	Logger  *slog.Logger // the default discards

	Version    string // of this program
	Download   int64  // recording of which the file is requested; 0 for none
	WebhookURL string // address for which a webhook is created and removed; blank for none

	// DestinationURL is an address that Fathom posts the requested file's link to when the file is ready; blank for
	// none. It must belong to the person, because the link lets anyone download the recording for a while.
	DestinationURL string

	Progress func(Exchange) // called after every request; may be nil

	// Sleep replaces the clock in tests.
	Sleep func(ctx context.Context, d time.Duration) error
}

// Run sends the requests and writes the report as JSON. It returns ErrKeyRefused, ErrNoAnswer, the error of ctx, or that
// of the writer.
func Run(ctx context.Context, cfg Config, to io.Writer) (Report, error) {
	p, err := newProbe(cfg)
	if err != nil {
		return Report{}, err
	}
	defer p.api.CloseIdleConnections()
	defer p.files.CloseIdleConnections()
	for _, step := range []func(context.Context) error{p.askDirectory, p.askMeetings, p.askTexts, p.askDownload, p.askDestination, p.askWebhook} {
		if err := step(ctx); err != nil {
			return Report{}, err
		}
	}
	p.answerFromHeaders()
	return p.report, p.report.Write(to, append(p.redactor.Secrets(), cfg.Key))
}

func newProbe(cfg Config) (*probe, error) {
	base, err := outbound.ParseBaseURL(cfg.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("parse FATHOM_API_URL: %w", err)
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Sleep == nil {
		cfg.Sleep = outbound.Sleep
	}
	transport := cfg.Network.Transport()
	guard := fathom.NewFileGuard(cfg.Network, base)
	return &probe{
		cfg: cfg, base: base, redactor: newRedactor(RandomShift()),
		api:    &http.Client{Transport: transport, CheckRedirect: outbound.SameOriginOnly},
		files:  &http.Client{Transport: guard.Transport(transport), CheckRedirect: guard.CheckRedirect},
		report: Report{Format: Format, Program: cfg.Version, Exchanges: []Exchange{}, Answers: []Answer{}},
	}, nil
}

func (p *probe) answer(question, format string, args ...any) {
	p.report.Answers = append(p.report.Answers, Answer{question, fmt.Sprintf(format, args...)})
}
