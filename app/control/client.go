package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/progress"
)

// ErrNotResponding means that no process has listened on the socket within the time a server takes to start.
var ErrNotResponding = errors.New("server is not responding")

const (
	// dialTimeout is how long a server that is starting may take to listen.
	dialTimeout       = 10 * time.Second
	dialRetryInterval = 50 * time.Millisecond
)

// IsServed reports whether a process listens on the socket of a data directory: one that owns the directory and has
// started.
func IsServed(ctx context.Context, dir string) bool {
	folder, err := os.Open(dir)
	if err != nil {
		return false
	}
	defer folder.Close()
	path, err := socketPath(folder)
	if err != nil {
		return false
	}
	conn, err := new(net.Dialer).DialContext(ctx, "unix", path)
	if err != nil {
		// Only the owner of the socket may connect, but a process that has ended refuses everybody.
		return errors.Is(err, os.ErrPermission)
	}
	return conn.Close() == nil
}

// Client calls the operations of a server.
type Client struct {
	dir  string
	http *http.Client
}

// Dial returns a client of the server that owns a data directory. The first call connects. Call
// Close when done.
func Dial(dir string) *Client {
	c := &Client{dir: dir}
	c.http = &http.Client{Transport: &http.Transport{DialContext: c.dial}}
	return c
}

// Close closes idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Call runs an operation that responds with items, and calls fn with each item as it arrives. It
// returns the error of the operation or that of fn, which ends the call; os.ErrNotExist if the data
// directory doesn't exist; os.ErrPermission if the socket belongs to another user; or
// ErrNotResponding.
func (c *Client) Call(ctx context.Context, operation string, request any, fn func(item json.RawMessage) error) error {
	response, err := c.post(ctx, operation, request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	lines := json.NewDecoder(response.Body)
	for {
		var next line
		if err := lines.Decode(&next); err != nil {
			return fmt.Errorf("read response: the server closed the connection early: %w", err)
		}
		switch {
		case next.Error != "":
			return errors.New(next.Error)
		case next.Done:
			return nil
		case next.Progress != nil:
			progress.Report(ctx, *next.Progress)
			continue
		}
		if err := fn(next.Item); err != nil {
			return err
		}
	}
}

// Download runs an operation that responds with bytes, and writes them to w. Its progress is the bytes received. It
// returns the same errors as Call. After an error, w has received only a part of the response.
func (c *Client) Download(ctx context.Context, operation string, request any, w io.Writer) error {
	response, err := c.post(ctx, operation, request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	total, _ := strconv.ParseInt(response.Header.Get(totalSize), 10, 64) // 0 if it is unknown
	meter := progress.Start(ctx, progress.Progress{Total: total, Unit: progress.Bytes})
	if _, err := io.Copy(w, io.TeeReader(response.Body, meter)); err != nil {
		return fmt.Errorf("download: the server closed the connection early; see its log: %w", err)
	}
	return nil
}

func (c *Client) post(ctx context.Context, operation string, request any) (*http.Response, error) {
	body, err := json.Marshal(request)
	if err != nil {
		return nil, fmt.Errorf("encode request: %w", err)
	}
	post, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://control/"+operation, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if progress.Wanted(ctx) {
		post.Header.Set(wantsProgress, "1")
	}
	response, err := c.http.Do(post)
	if err != nil {
		return nil, errors.Unwrap(err) // drops the URL, which means nothing to the user
	}
	if response.StatusCode == http.StatusOK {
		return response, nil
	}
	defer response.Body.Close()
	var failure line
	if err := json.NewDecoder(response.Body).Decode(&failure); err != nil {
		return nil, fmt.Errorf("call operation %q: the server does not support it and may be another version: %w", operation, err)
	}
	return nil, errors.New(failure.Error)
}

func (c *Client) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	dir, err := os.Open(c.dir)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	path, err := socketPath(dir)
	if err != nil {
		return nil, err
	}
	timeout := time.NewTimer(dialTimeout)
	defer timeout.Stop()
	retry := time.NewTicker(dialRetryInterval)
	defer retry.Stop()
	for {
		conn, err := new(net.Dialer).DialContext(ctx, "unix", path)
		if err == nil || errors.Is(err, os.ErrPermission) {
			return conn, err
		}
		select {
		case <-retry.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-timeout.C:
			return nil, fmt.Errorf("%w: it may be starting or stopping, try again (%w)", ErrNotResponding, err)
		}
	}
}
