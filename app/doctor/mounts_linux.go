package doctor

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// mounts returns the mounted file systems, in the order in which they were mounted.
func mounts() ([]Mount, error) {
	file, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return nil, fmt.Errorf("list mounts: %w", err)
	}
	defer file.Close()
	return parseMounts(file)
}

// parseMounts reads the format that proc_pid_mountinfo(5) describes.
func parseMounts(from io.Reader) (found []Mount, err error) {
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 1<<20) // overlay file systems of containers have long options
	for lines.Scan() {
		before, after, ok := strings.Cut(lines.Text(), " - ")
		place, fsType := strings.Fields(before), strings.Fields(after)
		if !ok || len(place) < 5 || len(fsType) < 1 {
			continue
		}
		found = append(found, Mount{Point: unescape(place[4]), Type: fsType[0]})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("list mounts: %w", err)
	}
	return found, nil
}

// unescape replaces octal escapes such as \040, which stands for a space.
func unescape(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+3 < len(text) {
			if code, err := strconv.ParseUint(text[i+1:i+4], 8, 8); err == nil {
				out.WriteByte(byte(code))
				i += 3
				continue
			}
		}
		out.WriteByte(text[i])
	}
	return out.String()
}
