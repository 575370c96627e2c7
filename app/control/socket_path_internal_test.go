package control

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSocketPathFitsIntoAnAddress(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, test := range []struct {
		system  string
		length  int // of the whole path
		want    string
		message string
	}{
		{system: "linux", length: 107},
		{system: "linux", length: 108, want: "/proc/self/fd/"},
		{system: "darwin", length: 103},
		{system: "darwin", length: 104, message: "path of the control socket has 104 bytes, but darwin allows only 103: "},
	} {
		name := strings.Repeat("d", test.length-len("/"+SocketName))
		require.NoError(t, os.MkdirAll(name, 0o700))
		dir, err := os.Open(name)
		require.NoError(t, err)
		got, err := socketPathOn(test.system, dir)
		require.NoError(t, dir.Close())
		switch {
		case test.message != "":
			require.ErrorContains(t, err, test.message)
		case test.want != "":
			require.NoError(t, err)
			assert.True(t, strings.HasPrefix(got, test.want), got)
		default:
			require.NoError(t, err)
			assert.Equal(t, filepath.Join(name, SocketName), got)
		}
	}
}
