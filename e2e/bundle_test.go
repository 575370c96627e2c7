package e2e

import (
	"archive/zip"
	"encoding/json"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

func TestBundleIsReadByOtherPrograms(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, simulator.Config{})
	in := install(t, sim)
	_, err := sim.Change(1002, simulator.WithTitle(`Q3: [draft] *numbers* <b> & "quotes" ---`),
		simulator.WithLines("-->", "<i>Tags</i> & ampersands", "Two\n\nparagraphs", strings.Repeat("A long remark. ", 60)))
	require.NoError(t, err)
	in.serve()
	who := in.newDemoAccount()
	for _, id := range []int{1001, 1002} {
		in.requireCompleted(who, in.enqueue(who, "recording.transfer", object{"recording_id": id}))
	}
	out := in.run("userdb", "bundle", who.name, "--output", "meetings.zip")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	dir := filepath.Join(t.TempDir(), "meetings")
	files := unzip(t, filepath.Join(in.dir, "meetings.zip"), dir)

	checked := map[string]int{}
	for _, name := range files {
		switch path.Ext(name) {
		case ".vtt":
			assert.Equal(t, "webvtt", requireOrderedPackets(t, filepath.Join(dir, name)), name)
		case ".srt":
			assert.Equal(t, "subrip", requireOrderedPackets(t, filepath.Join(dir, name)), name)
		case ".mp4":
			assert.Contains(t, []string{"h264", "mpeg4"}, requireOrderedPackets(t, filepath.Join(dir, name)), name)
		case ".md":
			requireLinksWithin(t, dir, name)
		}
		checked[path.Ext(name)]++
	}
	assert.Equal(t, 2, checked[".vtt"])
	assert.Equal(t, 2, checked[".srt"])
	assert.Equal(t, 2, checked[".mp4"])
	assert.Greater(t, checked[".md"], 4, "notes, transcripts and the index")

	out = in.run("userdb", "bundle", who.name, "--filter", "recording_id = 1002", "--output", "one.zip")
	require.Equal(t, 0, out.exitCode, "%+v", out)
	videos := 0
	for _, name := range unzip(t, filepath.Join(in.dir, "one.zip"), filepath.Join(t.TempDir(), "one")) {
		if path.Ext(name) == ".mp4" {
			videos++
		}
	}
	assert.Equal(t, 1, videos, "only the meeting that matches")
	in.requireRefused("no meeting matches the filter", "userdb", "bundle", who.name, "--filter", "recording_id = 7", "--output", "-")
	in.requireRefused("The filter is not valid", "userdb", "bundle", who.name, "--filter", "recording_id =", "--output", "-")
}

// unzip extracts an archive and returns the names of its files.
func unzip(t *testing.T, archive, dir string) (names []string) {
	t.Helper()
	reader, err := zip.OpenReader(archive)
	require.NoError(t, err)
	defer reader.Close()
	for _, file := range reader.File {
		target := filepath.Join(dir, filepath.FromSlash(file.Name))
		require.NoError(t, os.MkdirAll(filepath.Dir(target), 0o755))
		from, err := file.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(from)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(target, content, 0o644))
		names = append(names, file.Name)
	}
	return names
}

// requireOrderedPackets requires that ffprobe reads a file without a complaint, and returns the codec of its first
// stream.
func requireOrderedPackets(t *testing.T, file string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "ffprobe", "-v", "warning", "-select_streams", "0", "-of", "json", "-show_streams", "-show_packets", file)
	var complaints strings.Builder
	command.Stderr = &complaints
	printed, err := command.Output()
	require.NoError(t, err, complaints.String())
	require.Empty(t, complaints.String(), file)
	var probed struct {
		Streams []struct {
			Codec string `json:"codec_name"`
		} `json:"streams"`
		Packets []struct {
			Time string `json:"dts_time"`
			Size string `json:"size"`
		} `json:"packets"`
	}
	require.NoError(t, json.Unmarshal(printed, &probed))
	require.NotEmpty(t, probed.Streams, file)
	require.NotEmpty(t, probed.Packets, file)
	previous := -1.0
	for _, packet := range probed.Packets {
		at, err := strconv.ParseFloat(packet.Time, 64)
		require.NoError(t, err, file)
		require.GreaterOrEqual(t, at, previous, file)
		require.NotEqual(t, "0", packet.Size, file)
		previous = at
	}
	return probed.Streams[0].Codec
}

// requireLinksWithin requires that a Markdown file begins with a heading, after its front matter, and that each of its
// relative links leads to a file.
func requireLinksWithin(t *testing.T, dir, name string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	source := string(content)
	if front, ok := strings.CutPrefix(source, "---\n"); ok {
		_, source, ok = strings.Cut(front, "\n---\n")
		require.True(t, ok, name)
	}
	document := goldmark.DefaultParser().Parse(text.NewReader([]byte(source)))
	heading, ok := document.FirstChild().(*ast.Heading)
	require.True(t, ok, name)
	assert.Equal(t, 1, heading.Level, name)
	links := 0
	require.NoError(t, ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		link, ok := node.(*ast.Link)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		links++
		target, err := url.Parse(string(link.Destination))
		require.NoError(t, err, name)
		if target.Scheme == "" {
			assert.FileExists(t, filepath.Join(dir, path.Dir(name), target.Path), name)
		}
		return ast.WalkContinue, nil
	}))
	assert.NotZero(t, links, name)
}
