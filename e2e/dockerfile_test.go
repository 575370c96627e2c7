package e2e

import (
	"bytes"
	"debug/elf"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/internal/testsize"
	"github.com/fathom-to-loom/fathom-to-loom/simulator"
)

// dockerfile returns the instructions of the Dockerfile, with lines that continue joined.
func dockerfile(t *testing.T) (instructions []string) {
	t.Helper()
	text, err := os.ReadFile("../Dockerfile")
	require.NoError(t, err)
	for line := range strings.SplitSeq(strings.ReplaceAll(string(text), "\\\n", " "), "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			instructions = append(instructions, line)
		}
	}
	return instructions
}

// buildStage runs the steps of the Dockerfile's first stage in an empty folder, and returns the folder that stands for
// /out. There is no engine here, so that the files come from git and programs of the base image that aren't installed
// do nothing.
func buildStage(t *testing.T, architecture string) (out string) {
	t.Helper()
	root, tools := t.TempDir(), t.TempDir()
	src, out := filepath.Join(root, "src"), filepath.Join(root, "out")
	require.NoError(t, os.WriteFile(filepath.Join(tools, "apk"), []byte("#!/bin/sh\n"), 0o700))
	require.NoError(t, os.Mkdir(src, 0o755))
	arguments := map[string]string{"TARGETARCH": architecture}
	for _, instruction := range dockerfile(t) {
		name, rest, _ := strings.Cut(instruction, " ")
		switch name {
		case "FROM":
			if strings.Contains(rest, "scratch") {
				return out
			}
		case "ARG":
			key, value, _ := strings.Cut(rest, "=")
			if _, ok := arguments[key]; !ok {
				arguments[key] = value
			}
		case "COPY":
			files := strings.Fields(rest)
			copyTracked(t, src, files[:len(files)-1])
		case "RUN":
			command := exec.CommandContext(t.Context(), "sh", "-euc", strings.ReplaceAll(rest, "/out", out))
			command.Dir, command.Env = src, append(environment(), "PATH="+tools+":"+os.Getenv("PATH"))
			for key, value := range arguments {
				command.Env = append(command.Env, key+"="+value)
			}
			printed, err := command.CombinedOutput()
			require.NoError(t, err, "%s\n%s", instruction, printed)
		}
	}
	t.Fatal("the Dockerfile has no second stage")
	return ""
}

// copyTracked copies files that git knows, which are those that .dockerignore leaves.
func copyTracked(t *testing.T, to string, names []string) {
	t.Helper()
	listed, err := exec.CommandContext(t.Context(), "git", append([]string{"-C", "..", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"}, names...)...).Output()
	require.NoError(t, err)
	for name := range strings.SplitSeq(strings.TrimSuffix(string(listed), "\x00"), "\x00") {
		content, err := os.ReadFile(filepath.Join("..", name))
		if os.IsNotExist(err) { // deleted, but not committed yet
			continue
		}
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Join(to, filepath.Dir(name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(to, name), content, 0o644))
	}
}

var machines = map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64}

// Two builds in different folders have the same bytes, and the program serves as the user of the image.
func TestDockerfileBuildsAStaticServer(t *testing.T) {
	t.Parallel()
	out := buildStage(t, runtime.GOARCH)
	requireStatic(t, filepath.Join(out, "fathom-to-loom"), machines[runtime.GOARCH])
	first, err := os.ReadFile(filepath.Join(out, "fathom-to-loom"))
	require.NoError(t, err)
	second, err := os.ReadFile(filepath.Join(buildStage(t, runtime.GOARCH), "fathom-to-loom"))
	require.NoError(t, err)
	assert.True(t, bytes.Equal(first, second), "two builds differ")
	for _, architecture := range testsize.Of(nil, []string{"amd64", "arm64"}) { // the other one takes minutes to compile
		requireStatic(t, filepath.Join(buildStage(t, architecture), "fathom-to-loom"), machines[architecture])
	}

	// As the user of the image, in its folders, without a single other file.
	instructions := strings.Join(dockerfile(t), "\n")
	require.Regexp(t, `(?m)^USER 10001:10001$`, instructions)
	require.Regexp(t, `(?m)^FROM scratch$`, instructions)
	for _, folder := range regexp.MustCompile(`"(/app/[a-z_]+)"`).FindAllStringSubmatch(instructions, -1) {
		info, err := os.Stat(filepath.Join(out, folder[1]))
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o700), info.Mode().Perm(), folder[1])
		assert.Zero(t, info.ModTime().Unix(), "%s: SOURCE_DATE_EPOCH", folder[1])
	}
	in := installUnprivileged(t, startSimulator(t, simulator.Config{}))
	in.giveAway()
	program := filepath.Join(in.dir, "server")
	require.NoError(t, os.Link(filepath.Join(out, "fathom-to-loom"), program))
	require.NoError(t, os.Chmod(program, 0o755))
	command := exec.CommandContext(t.Context(), program, "serve")
	command.Dir, command.Env = in.dir, in.env
	if os.Geteuid() == 0 {
		command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: unprivileged, Gid: unprivileged}}
	}
	server := in.start(command)
	in.awaitAnswers(server)
	response, err := httpClient.Get(in.url + "/")
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.Equal(t, http.StatusOK, response.StatusCode)
	server.stop()
}

// requireStatic requires that a program needs no other file.
func requireStatic(t *testing.T, path string, machine elf.Machine) {
	t.Helper()
	program, err := elf.Open(path)
	require.NoError(t, err)
	defer program.Close()
	assert.Equal(t, machine, program.Machine)
	for _, segment := range program.Progs {
		assert.NotEqual(t, elf.PT_INTERP, segment.Type, "the program needs a dynamic linker")
	}
	libraries, err := program.ImportedLibraries()
	require.NoError(t, err)
	assert.Empty(t, libraries)
}
