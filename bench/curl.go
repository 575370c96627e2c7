package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// curlToDisk downloads a file with curl. It removes the file.
func curlToDisk(ctx context.Context, source, path string) (cost, error) {
	defer os.Remove(path)
	return runTogether(exec.CommandContext(ctx, "curl", "-sSf", "-o", path, source))
}

// requestWithCurl asks Fathom for the file of a recording, as the server does: it requests the file and asks once
// whether it is ready, which it is at a simulated Fathom. It returns the link to the file.
func requestWithCurl(ctx context.Context, fathomURL string, recordingID int64) (link string, total cost, err error) {
	path := fmt.Sprintf("%s/recordings/%d/download", fathomURL, recordingID)
	var download struct {
		DownloadID string `json:"download_id"`
		Video      *struct{ URL string }
	}
	ask := func(arguments ...string) error {
		var body bytes.Buffer
		request := exec.CommandContext(ctx, "curl", append(arguments, "-sSf", "-H", "X-Api-Key: "+simulator.DemoAPIKey)...)
		request.Stdout = &body
		asked, err := runTogether(request)
		total.add(asked)
		if err != nil {
			return err
		}
		return json.Unmarshal(body.Bytes(), &download)
	}
	if err := ask("-X", "POST", "-H", "Content-Type: application/json", "-d", "{}", path); err != nil {
		return "", total, err
	}
	if err := ask(path + "s/" + download.DownloadID); err != nil {
		return "", total, err
	}
	if download.Video == nil {
		return "", total, errors.New("simulated Fathom has prepared no file")
	}
	return download.Video.URL, total, nil
}

// curlLikeTheServer asks Fathom for the file of a recording before it stores the file.
func curlLikeTheServer(ctx context.Context, fathomURL string, recordingID int64, store func(link string) (cost, error)) (cost, error) {
	link, total, err := requestWithCurl(ctx, fathomURL, recordingID)
	if err != nil {
		return total, err
	}
	stored, err := store(link)
	total.add(stored)
	return total, err
}

// curlToDiskSafely is curlToDisk that calculates the file's checksum while it arrives, and syncs the file to disk.
func curlToDiskSafely(ctx context.Context, source, path string) (cost, error) {
	defer os.Remove(path)
	download := exec.CommandContext(ctx, "curl", "-sSf", source)
	store := exec.CommandContext(ctx, "tee", path)
	hash := exec.CommandContext(ctx, "openssl", "dgst", "-sha256")
	for _, pair := range [][2]*exec.Cmd{{download, store}, {store, hash}} {
		read, write, err := os.Pipe()
		if err != nil {
			return cost{}, err
		}
		pair[0].Stdout, pair[1].Stdin = write, read
	}
	total, err := runTogether(download, store, hash)
	if err != nil {
		return total, err
	}
	synced, err := runTogether(exec.CommandContext(ctx, "sync", path))
	total.add(synced)
	return total, err
}

// curlToS3 streams a file from one curl to another, which sends it to a bucket in one request. That request is signed,
// but its content isn't: curl would have to know the whole content first.
func curlToS3(ctx context.Context, source string, size int64, bucket *s3test.Server) (cost, error) {
	target, err := signedPut(ctx, bucket)
	if err != nil {
		return cost{}, err
	}
	download := exec.CommandContext(ctx, "curl", "-sSf", source)
	// S3 needs the length in advance.
	upload := exec.CommandContext(ctx, "curl", "-sSf", "-T", "-", "-H", "Transfer-Encoding:", "-H", "Expect:",
		"-H", "Content-Length: "+strconv.FormatInt(size, 10), target)
	read, write, err := os.Pipe()
	if err != nil {
		return cost{}, err
	}
	download.Stdout, upload.Stdin = write, read
	return runTogether(download, upload)
}

// signedPut returns a link that accepts an object.
func signedPut(ctx context.Context, bucket *s3test.Server) (string, error) {
	endpoint, err := url.Parse(bucket.URL)
	if err != nil {
		return "", err
	}
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds: credentials.NewStaticV4(bucket.AccessKey, bucket.SecretKey, ""), Region: bucket.Region, BucketLookup: minio.BucketLookupPath,
	})
	if err != nil {
		return "", err
	}
	link, err := client.PresignedPutObject(ctx, bucket.Bucket, curlKey, time.Hour)
	if err != nil {
		return "", err
	}
	return link.String(), nil
}

// curlKey is the name of the object that curl sends.
const curlKey = "sent-by-curl"

// runTogether runs commands at the same time, and closes the files that they have as input and output once they have
// them. It returns the time until all have ended, and their CPU time.
func runTogether(commands ...*exec.Cmd) (total cost, err error) {
	start := time.Now()
	for _, command := range commands {
		command.Stderr = os.Stderr
		if err = command.Start(); err != nil {
			err = fmt.Errorf("start %s: %w", command.Args[0], err)
		}
		for _, end := range []any{command.Stdin, command.Stdout} {
			if file, ok := end.(*os.File); ok {
				err = errors.Join(err, file.Close())
			}
		}
	}
	for _, command := range commands {
		if command.Process == nil {
			continue
		}
		if waitErr := command.Wait(); waitErr != nil {
			err = errors.Join(err, fmt.Errorf("run %s: %w", command.Args[0], waitErr))
			continue
		}
		total.cpu += command.ProcessState.UserTime() + command.ProcessState.SystemTime()
	}
	total.took = time.Since(start)
	return total, err
}
