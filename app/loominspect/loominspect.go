// Package loominspect connects to Atlassian's MCP server as the program does for uploads to Loom, and writes what the
// server answers to a report that people can share. Names, addresses, titles, ids and credentials are replaced by others of
// the same shape; the lists of operations and the input schemas of Loom's operations, which are the same for everybody,
// remain. The simulator can replay a report.
//
// A run reads only, except that on request it uploads a clip of two seconds, publishes it and makes it visible to its
// owner only. The package must not write or log a credential, and must not change anything else at Loom.
package loominspect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/atlassian"
	"github.com/fathom-to-loom/fathom-to-loom/app/inspect"
	"github.com/fathom-to-loom/fathom-to-loom/app/loom"
	"github.com/fathom-to-loom/fathom-to-loom/app/loomupload"
)

// Service is the Report.Service of reports of this package.
const Service = "atlassian"

// Config configures a run. Transport, FileTransport, Loom and either Token with Email or Key are required.
type Config struct {
	Endpoint        string              // of the MCP server; default atlassian.DefaultEndpoint
	ProtocolVersion string              // of MCP; default atlassian.DefaultProtocolVersion
	Names           map[string][]string // of operations; see loomupload.Config
	Hosts           []string            // that the clip may be sent to; default loomupload.DefaultHosts
	AllowHTTP       bool                // at loopback addresses, for a simulator

	Email string // of the person whose token it is
	Token string // a personal API token
	Key   string // an API key of a service account, instead of Email and Token
	Site  string // id or address of the Atlassian site; blank for the only one

	Upload bool // also upload the clip

	Transport     http.RoundTripper // to the MCP server
	FileTransport http.RoundTripper // to the host of uploads; guarded by package outbound
	Loom          *loom.Client

	CallTimeout    time.Duration // of one call; 0 means one minute
	IdleTimeout    time.Duration // see loomupload.Config
	ProcessingWait time.Duration // see loomupload.Config

	Version  string            // of this program
	Progress func(line string) // called after every request, never concurrently; may be nil
	Logger   *slog.Logger      // the default discards

	// Now and Sleep replace the clock in tests.
	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error
}

// IncompleteError says what a run could not find out. The report has been written nevertheless.
type IncompleteError struct{ Failures []string }

// Error returns the failures in one line.
func (e *IncompleteError) Error() string {
	return "the report is incomplete: " + strings.Join(e.Failures, "; ")
}

// Run asks the questions and writes the report as JSON, whatever has failed and also when ctx ends. It returns an
// *[IncompleteError] or the error of ctx with a report that has been written, and any other error without one.
func Run(ctx context.Context, cfg Config, to io.Writer) (inspect.Report, error) {
	p, err := newProbe(cfg)
	if err != nil {
		return inspect.Report{}, err
	}
	p.ask(ctx)
	report, secrets := p.finish()
	if err := report.Write(to, secrets); err != nil {
		return inspect.Report{}, err
	}
	if err := ctx.Err(); err != nil {
		return report, fmt.Errorf("the report is incomplete: %w", err)
	}
	if len(p.failures) > 0 {
		return report, &IncompleteError{Failures: p.failures}
	}
	return report, nil
}

// probe is one run.
type probe struct {
	cfg        Config
	journal    *journal
	credential atlassian.Credential
	secrets    []string
	all        *atlassian.Client // lists all operations
	discover   *atlassian.Client // finds operations with the tool discover
	uploads    *loomupload.Uploads
	check      loomupload.Check
	answers    []inspect.Answer // whose texts may still be private
	failures   []string
	redaction  *redaction
}

func newProbe(cfg Config) (*probe, error) {
	if cfg.Transport == nil || cfg.FileTransport == nil || cfg.Loom == nil {
		return nil, errors.New("inspect loom: no transport or no client of loom")
	}
	p := &probe{cfg: cfg, redaction: newRedaction(inspect.RandomShift(), cfg.Token, cfg.Key, cfg.Email)}
	switch {
	case cfg.Key != "":
		p.credential = atlassian.Bearer(cfg.Key)
	case cfg.Token != "" && cfg.Email != "":
		p.credential = atlassian.Basic(cfg.Email, cfg.Token)
	default:
		return nil, errors.New("inspect loom: no credential")
	}
	p.secrets = slices.DeleteFunc([]string{cfg.Key, cfg.Token, cfg.Email}, func(s string) bool { return s == "" })
	if p.cfg.Now == nil {
		p.cfg.Now = time.Now
	}
	p.journal = &journal{now: p.cfg.Now, progress: p.showProgress}
	var err error
	if p.all, err = p.newClient(true); err != nil {
		return nil, err
	}
	if p.discover, err = p.newClient(false); err != nil {
		return nil, err
	}
	p.uploads, err = loomupload.New(loomupload.Config{
		Client: p.all, HTTP: &http.Client{Transport: p.journal.transport(toHost, cfg.FileTransport)}, Loom: cfg.Loom,
		Hosts: cfg.Hosts, AllowHTTP: cfg.AllowHTTP, Names: cfg.Names, IdleTimeout: cfg.IdleTimeout, ProcessingWait: cfg.ProcessingWait,
		Logger: cfg.Logger, Now: cfg.Now, Sleep: cfg.Sleep,
	})
	return p, err
}

func (p *probe) newClient(allTools bool) (*atlassian.Client, error) {
	return atlassian.New(atlassian.Config{
		Endpoint: p.cfg.Endpoint, ProtocolVersion: p.cfg.ProtocolVersion, AllTools: allTools, CallTimeout: p.cfg.CallTimeout, Logger: p.cfg.Logger,
		HTTP: &http.Client{Transport: p.journal.transport(toServer, p.cfg.Transport)}, Version: p.cfg.Version, Now: p.cfg.Now,
	})
}

// showProgress reports an exchange without anything private.
func (p *probe) showProgress(e *exchange) {
	if p.cfg.Progress == nil {
		return
	}
	line := inspect.Exchange{Method: e.method, Path: e.to, Status: e.status, TookMS: e.took.Milliseconds()}
	if c := readCall(e); c.Method != "" {
		line.Call = c.String()
	}
	if e.failed && e.status == 0 {
		line.Failure = noResponse
	}
	p.cfg.Progress(line.String())
}

// finish returns the report, and the texts that it must not contain.
func (p *probe) finish() (inspect.Report, []string) {
	exchanges := p.journal.all()
	r := p.redaction
	r.learn(exchanges, p.cfg.Email, p.cfg.Site)
	report := inspect.Report{Format: inspect.Format, Service: Service, Program: p.cfg.Version, Exchanges: []inspect.Exchange{}, Answers: []inspect.Answer{}}
	for _, e := range exchanges {
		report.Exchanges = append(report.Exchanges, r.describe(e))
	}
	r.mode = modeFailure
	for _, answer := range p.answers {
		report.Answers = append(report.Answers, inspect.Answer{Question: answer.Question, Answer: r.sentence(answer.Answer)})
	}
	for i, failure := range p.failures {
		p.failures[i] = r.sentence(failure)
	}
	secrets := r.leaks()
	for i := range report.Exchanges {
		r.removeQuotes(&report.Exchanges[i], secrets)
	}
	return report, append(secrets, p.secrets...)
}

func (p *probe) answer(question, format string, args ...any) {
	p.answers = append(p.answers, inspect.Answer{Question: question, Answer: fmt.Sprintf(format, args...)})
}

// fail records that a question has no answer.
func (p *probe) fail(question string, err error) {
	p.answer(question, "failed: %s", explain(err))
	p.failures = append(p.failures, question+": "+explain(err))
}

// explain describes an error with the text of the server.
func explain(err error) string {
	if failed, ok := errors.AsType[*atlassian.Error](err); ok {
		if failed.Message != "" {
			return failed.Error() + ": " + failed.Message
		}
		return failed.Error()
	}
	if problem, ok := errors.AsType[*loomupload.Problem](err); ok {
		return problem.Message
	}
	return err.Error()
}
