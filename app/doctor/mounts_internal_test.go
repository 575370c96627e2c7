//go:build linux

package doctor

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMountsAreParsed(t *testing.T) {
	found, err := parseMounts(strings.NewReader(`22 28 0:21 / /proc rw,nosuid shared:12 - proc proc rw
28 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw,errors=remount-ro
95 28 0:47 / /srv/with\040space rw,relatime - nfs4 server:/export\040two rw,vers=4.2
96 28 0:48 / /srv/remote rw shared:5 master:1 - fuse.sshfs user@host:/ rw
malformed
`))
	require.NoError(t, err)
	assert.Equal(t, []Mount{{"/proc", "proc"}, {"/", "ext4"}, {"/srv/with space", "nfs4"}, {"/srv/remote", "fuse.sshfs"}}, found)
}
