package authserver

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
	"github.com/fathom-to-loom/fathom-to-loom/app/outbound"
)

const (
	documentTimeout = 5 * time.Second
	maxDocument     = 32 << 10 // bytes; the standard recommends 5 kB
	maxClientURL    = 500      // bytes

	// documentAge is how long a document is kept that doesn't say, and maxDocumentAge the longest time for others.
	documentAge    = 5 * time.Minute
	maxDocumentAge = 24 * time.Hour
	maxDocuments   = 1000
)

// The reasons for which a document is refused. Their texts are for the log of the operator.
var (
	errClientURL    = errors.New("client_id is not an https URL with a path, without query, fragment and user")
	errDocument     = errors.New("document is not a JSON object with the metadata of a client")
	errDocumentID   = errors.New("document has another client_id than its URL")
	errDocumentType = errors.New("document is not served as JSON with status 200")
)

// documents fetches the metadata of clients whose client_id is a URL, and keeps valid ones for some time.
type documents struct {
	client *http.Client
	guard  *outbound.Guard
	now    func() time.Time
	byUser *limit.Rate
	total  *limit.Rate // of everybody

	mu    sync.Mutex
	known map[string]knownClient // by URL
}

type knownClient struct {
	Client
	until time.Time
}

func newDocuments(network outbound.Network, config *tls.Config, now func() time.Time) *documents {
	client, guard := newHTTPClient(network, config)
	return &documents{
		client: client, guard: guard, now: now, known: map[string]knownClient{},
		byUser: limit.NewRate(limit.ClientDocumentsPerSecond, limit.ClientDocumentBurst, now),
		total:  limit.NewRate(limit.AllClientDocumentsPerSecond, limit.AllClientDocumentBurst, now),
	}
}

// find returns the client with a URL on behalf of a user. The error is one of those above, a *RateError, an
// *outbound.Refusal, or a failure of the network.
func (d *documents) find(ctx context.Context, link, userID string) (Client, error) {
	u, err := parseClientURL(link)
	if err != nil {
		return Client{}, err
	}
	if known, ok := d.get(link); ok {
		return known, nil
	}
	if err := d.guard.CheckURL(ctx, link); err != nil {
		return Client{}, err
	}
	if wait, ok := d.byUser.Take(limit.Account(userID)); !ok {
		return Client{}, &RateError{Wait: wait}
	}
	if wait, ok := d.total.Take(limit.Caller{}); !ok {
		return Client{}, &RateError{Wait: wait}
	}
	client, age, err := d.fetch(ctx, link)
	if err != nil {
		return Client{}, err
	}
	client.ID, client.Host = link, u.Host
	d.keep(client, age)
	return client, nil
}

// parseClientURL returns errClientURL unless a text can be the URL of a document.
func parseClientURL(link string) (*url.URL, error) {
	u, err := parseURI(link, maxClientURL)
	if err != nil || u.Scheme != "https" || u.User != nil || len(u.Path) < 2 || strings.ContainsAny(link, "?#") || u.Host != strings.ToLower(u.Host) {
		return nil, errClientURL
	}
	if clean := path.Clean(u.Path); clean != strings.TrimSuffix(u.Path, "/") { // such as one with dots
		return nil, errClientURL
	}
	return u, nil
}

// fetch returns the client that a document describes, and how long it may be kept.
func (d *documents) fetch(ctx context.Context, link string) (Client, time.Duration, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return Client{}, 0, errClientURL
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", outbound.UserAgent)
	response, err := d.client.Do(request)
	if err != nil {
		return Client{}, 0, fmt.Errorf("fetch document: %w", outbound.WithoutURL(err))
	}
	defer response.Body.Close()
	if media, _, err := mime.ParseMediaType(response.Header.Get("Content-Type")); err != nil || response.StatusCode != http.StatusOK ||
		media != "application/json" && !strings.HasSuffix(media, "+json") {
		return Client{}, 0, errDocumentType
	}
	body, err := outbound.ReadBody(response.Body, maxDocument)
	if err != nil {
		return Client{}, 0, fmt.Errorf("read document: %w", outbound.WithoutURL(err))
	}
	var metadata Metadata
	if err := json.Unmarshal(body, &metadata); err != nil {
		return Client{}, 0, errDocument
	}
	if metadata.ClientID != link {
		return Client{}, 0, errDocumentID
	}
	client, err := metadata.client()
	if err != nil {
		return Client{}, 0, fmt.Errorf("%w: %w", errDocument, err)
	}
	return client, ageOf(response.Header), nil
}

// ageOf returns how long a response may be kept.
func ageOf(header http.Header) time.Duration {
	age := documentAge
	for directive := range strings.SplitSeq(strings.ToLower(header.Get("Cache-Control")), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		switch name {
		case "no-store", "no-cache":
			return 0
		case "max-age":
			if seconds, err := strconv.Atoi(strings.Trim(value, `"`)); err == nil {
				age = min(time.Duration(max(seconds, 0)), maxDocumentAge/time.Second) * time.Second
			}
		}
	}
	return age
}

func (d *documents) get(link string) (Client, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	known, ok := d.known[link]
	return known.Client, ok && d.now().Before(known.until)
}

func (d *documents) keep(client Client, age time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	for link, known := range d.known {
		if len(d.known) >= maxDocuments || !now.Before(known.until) {
			delete(d.known, link)
		}
	}
	if age > 0 {
		d.known[client.ID] = knownClient{client, now.Add(age)}
	}
}
