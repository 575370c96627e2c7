package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/pocketbase/pocketbase/core"

	"github.com/fathom-to-loom/fathom-to-loom/internal/testport"
)

// startStock starts a stock PocketBase on a folder and waits for the response to one request.
func startStock(binary, dir, path, token string) (*process, error) {
	ports, err := testport.Reserve(1)
	if err != nil {
		return nil, err
	}
	p := &process{
		Cmd: exec.Command(binary, "serve", "--http", ports.Address(), "--dir", dir), url: "http://" + ports.Address(), ports: ports,
	}
	if err := p.Start(); err != nil {
		return nil, err
	}
	return p, p.waitUntilReady(path, token)
}

// directToken returns a token of the owner that a stock PocketBase on the folder accepts.
func directToken(dir string) (string, error) {
	pb := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	if err := pb.Bootstrap(); err != nil {
		return "", err
	}
	defer func() { _ = pb.ResetBootstrapState() }() // nothing was written
	users, err := pb.FindAllRecords("users")
	if err != nil {
		return "", fmt.Errorf("find owner in %s: %w", dir, err)
	}
	if len(users) == 0 {
		return "", fmt.Errorf("find owner in %s: no user", dir)
	}
	return users[0].NewAuthToken()
}

// copyDatabase copies the data of a closed user database to a new folder.
func copyDatabase(from, to string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	content, err := os.ReadFile(filepath.Join(from, "data.db"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(to, "data.db"), content, 0o600)
}
