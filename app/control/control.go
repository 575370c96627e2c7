// Package control is how a command reaches the process that owns the data
// directories: HTTP over a Unix socket in the data directory, which is for the
// user the server runs as, like everything beside it. Who can open the socket may
// do everything; there is no other check.
//
// An operation takes a JSON request and answers with items, one JSON line each,
// or with bytes. A Server and a Client may be used by several goroutines.
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
	"path/filepath"
	"strconv"
	"time"
)

// SocketName is the name of the socket in the data directory.
const SocketName = ".control.sock"

// ErrNotAnswering means that no process listens on the socket.
var ErrNotAnswering = errors.New("the running server does not answer")

// socketPath is a path to the socket of a directory that is short enough: an
// address takes 107 bytes. The directory must stay open until it was used.
func socketPath(dir *os.File) string {
	path := filepath.Join(dir.Name(), SocketName)
	if len(path) <= 107 {
		return path
	}
	return filepath.Join("/proc/self/fd", strconv.Itoa(int(dir.Fd())), SocketName)
}

// line is what an operation answers with, one after the other. The last has
// either Done or Error.
type line struct {
	Item  json.RawMessage `json:"item,omitempty"`
	Error string          `json:"error,omitempty"`
	Done  bool            `json:"done,omitempty"`
}

// Client calls the operations of a server.
type Client struct {
	dir  string
	http *http.Client
}

// Dial returns a client of the server on a data directory. It connects with the
// first call. Call Close when done.
func Dial(dir string) *Client {
	c := &Client{dir: dir}
	c.http = &http.Client{Transport: &http.Transport{DialContext: c.dial}}
	return c
}

// Close lets go of idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// dialWithin is how long a server that is starting may take to listen.
const dialWithin = 10 * time.Second

func (c *Client) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	dir, err := os.Open(c.dir)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	giveUp := time.NewTimer(dialWithin)
	defer giveUp.Stop()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		conn, err := new(net.Dialer).DialContext(ctx, "unix", socketPath(dir))
		if err == nil || errors.Is(err, os.ErrPermission) {
			return conn, err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-giveUp.C:
			return nil, fmt.Errorf("%w: it is starting or stopping, try again (%w)", ErrNotAnswering, err)
		}
	}
}

func (c *Client) post(ctx context.Context, operation string, request any) (*http.Response, error) {
	body, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	post, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://control/"+operation, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	response, err := c.http.Do(post)
	if err != nil {
		return nil, errors.Unwrap(err) // without the address, which means nothing
	}
	if response.StatusCode == http.StatusOK {
		return response, nil
	}
	defer response.Body.Close()
	var answer line
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return nil, fmt.Errorf("the server doesn't know %q: is it another version? %w", operation, err)
	}
	return nil, errors.New(answer.Error)
}

// Call runs an operation and hands its items on as they come. The error is the
// operation's, or that of each.
func (c *Client) Call(ctx context.Context, operation string, request any, each func(item json.RawMessage) error) error {
	response, err := c.post(ctx, operation, request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	lines := json.NewDecoder(response.Body)
	for {
		var answer line
		if err := lines.Decode(&answer); err != nil {
			return fmt.Errorf("the server broke off: %w", err)
		}
		switch {
		case answer.Error != "":
			return errors.New(answer.Error)
		case answer.Done:
			return nil
		}
		if err := each(answer.Item); err != nil {
			return err
		}
	}
}

// Download runs an operation that answers with bytes. After an error what was
// written is not whole.
func (c *Client) Download(ctx context.Context, operation string, request any, to io.Writer) error {
	response, err := c.post(ctx, operation, request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(to, response.Body); err != nil {
		return fmt.Errorf("the server broke off; its log says why: %w", err)
	}
	return nil
}
