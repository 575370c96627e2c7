package mover_test

import (
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/fathom-to-loom/fathom-to-loom/app/dispatch"
	"github.com/fathom-to-loom/fathom-to-loom/app/fathom"
	"github.com/fathom-to-loom/fathom-to-loom/app/mover"
	"github.com/fathom-to-loom/fathom-to-loom/internal/s3test"
)

func TestOffersThatCantBeUsed(t *testing.T) {
	s := newSetting(t, 3*part)
	for name, spoil := range map[string]func(*dispatch.Move){
		"no size":            func(m *dispatch.Move) { m.Size = 0 },
		"negative size":      func(m *dispatch.Move) { m.Size = -1 },
		"no part size":       func(m *dispatch.Move) { m.PartSize = 0 },
		"negative part size": func(m *dispatch.Move) { m.PartSize = -1 },
		"huge parts":         func(m *dispatch.Move) { m.PartSize = 1 << 30 },
		"no number":          func(m *dispatch.Move) { m.First = 0 },
		"large number":       func(m *dispatch.Move) { m.First = 9_999 },
		"largest number":     func(m *dispatch.Move) { m.First = math.MaxInt },
		"too many addresses": func(m *dispatch.Move) { m.Parts = make([]string, dispatch.MaxParts+1) },
		"no addresses":       func(m *dispatch.Move) { m.Parts = nil },
		"more stored parts":  func(m *dispatch.Move) { m.First = 5 },
		"no hash":            func(m *dispatch.Move) { m.First = 2 },
		"not a hash":         func(m *dispatch.Move) { m.First, m.Hash = 2, []byte("nonsense") },
	} {
		offer := s.offer(3)
		spoil(&offer)
		failure := s.expectFailure(dispatch.KindInvalid, offer)
		assert.NotEmpty(t, failure.Detail, name)
		if name == "largest number" {
			assert.Contains(t, failure.Detail, "out of bounds", "not because a product overflows")
		}
	}
	assert.Empty(t, s.host.ranges)

	s.expectFailure(dispatch.KindMore, s.offer(1))
	offer := s.offer(3)
	offer.First = 3
	s.expectFailure(dispatch.KindInvalid, offer) // the hash is that of one part
	assert.Len(t, s.host.ranges, 1)
}

func TestPrivateSourcesAreRefused(t *testing.T) {
	client, err := fathom.New(fathom.Config{BaseURL: "https://api.fathom.ai/external/v1"})
	require.NoError(t, err)
	defer client.Close()
	s := newSetting(t, part, func(c *mover.Config) { c.Fathom = client })
	for _, source := range []string{
		"https://127.0.0.1/private-path?sig=" + secret, "https://169.254.169.254/private-path", "https://localhost/private-path",
		"http://media.fathom.ai/private-path", "", "::" + secret, s.host.URL + "/private-path?sig=" + secret,
	} {
		offer := s.offer(1)
		offer.Source = source
		s.expectFailure(dispatch.Kind(fathom.KindRefused), offer)
	}
	assert.Empty(t, s.host.ranges)
}

func TestPartsAreStoredOnlyAtTheStorage(t *testing.T) {
	port := func(s *s3test.Server) string { return s.URL[strings.LastIndex(s.URL, ":"):] }
	s := newSetting(t, 3*part)
	for _, address := range []string{
		"", "::" + secret, "/private-path", "ftp://127.0.0.1" + port(s.s3), "https://127.0.0.1" + port(s.s3),
		"http://127.0.0.1:1", "http://127.0.0.1", "http://127.0.0.2" + port(s.s3), "http://example.com" + port(s.s3),
		"http://127.0.0.1.example.com" + port(s.s3), "http://example127.0.0.1" + port(s.s3),
		"http://user:" + secret + "@127.0.0.1" + port(s.s3), s.s3.URL + "/#" + secret,
	} {
		offer := s.offer(3)
		offer.Parts[2] = address
		failure := s.expectFailure(dispatch.KindInvalid, offer)
		assert.Contains(t, failure.Detail, "part 3", address)
	}
	assert.Empty(t, s.host.ranges, "all addresses are checked before the first byte")
	assert.Zero(t, s.s3.Count(s3test.UploadPart))
}

func TestHostsOfAStorage(t *testing.T) {
	for _, test := range []struct {
		origin, address string
		allowed         bool
	}{
		{"https://s3.example.com", "https://s3.example.com/b/k", true},
		{"https://s3.example.com:443", "https://S3.example.com/b/k", true},
		{"https://s3.example.com", "https://recordings.s3.example.com/k", true},
		{"https://s3.example.com", "https://recordings.s3.example.com:8443/k", false},
		{"https://s3.example.com", "https://evils3.example.com/k", false},
		{"https://s3.example.com", "https://example.com/k", false},
		{"https://s3.example.com", "https://s3.amazonaws.com/k", false},
		{"https://s3.eu-west-1.amazonaws.com", "https://recordings.s3.dualstack.eu-west-1.amazonaws.com/k", true},
		{"https://s3.amazonaws.com", "https://recordings.s3.dualstack.eu-west-1.amazonaws.com/k", true},
		{"https://s3.amazonaws.com", "https://ec2-10-0-0-1.compute-1.amazonaws.com/k", false},
		{"https://s3.amazonaws.com", "https://s3.amazonaws.com.example.com/k", false},
		{"", "https://s3.example.com/k", true},
		{"", "http://s3.example.com/k", false},
		{"", "https://127.0.0.1/k", false},
		{"", "https://10.0.0.1/k", false},
		{"", "https://169.254.169.254/k", false},
	} {
		s := newSetting(t, part, func(c *mover.Config) { c.StorageOrigin = test.origin })
		s.host.next(status(403)) // before anything is stored
		offer := s.offer(1)
		offer.Parts[0] = test.address
		if test.allowed {
			s.expectFailure(dispatch.KindLinkExpired, offer)
		} else {
			s.expectFailure(dispatch.KindInvalid, offer)
		}
	}
}

// A name is resolved when a connection is made.
func TestPrivateStorageIsRefusedWithoutItsName(t *testing.T) {
	reached := func(http.ResponseWriter, *http.Request) { t.Error("reached") }
	server := httptest.NewTLSServer(http.HandlerFunc(reached))
	defer server.Close()
	s := newSetting(t, part, func(c *mover.Config) { c.StorageOrigin = "" })
	offer := s.offer(1)
	offer.Parts[0] = strings.Replace(server.URL, "127.0.0.1", "localhost", 1) + "/private-path?X-Amz-Signature=" + secret
	failure := s.expectFailure(dispatch.KindInvalid, offer)
	assert.NotContains(t, failure.Detail, "127.0.0.1", "what a name means here is none of the owner's business")
	assert.Contains(t, s.log.String(), "the storage is not allowed")

	for _, origin := range []string{"ftp://x", "https://user:" + secret + "@x", "x"} {
		_, err := mover.New(mover.Config{Fathom: new(fathom.Client), StorageOrigin: origin})
		require.Error(t, err)
		assert.NotContains(t, err.Error(), secret)
	}
	_, err := mover.New(mover.Config{})
	require.Error(t, err)
}
