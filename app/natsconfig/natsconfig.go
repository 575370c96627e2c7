// Package natsconfig writes the settings of the nats-servers through which the home and the movers of a cluster meet:
// which of them may send and receive what, the keys with which they prove who they are, and the servers' certificate.
//
// The files come from one call and belong together; another call makes new keys. The package doesn't touch the disk or the
// network, and must not log or return keys other than as the contents of files.
package natsconfig

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"regexp"
	"slices"
	"time"

	"github.com/nats-io/nkeys"

	"github.com/fathom-to-loom/fathom-to-loom/app/bus"
)

// The prefixes of the subjects to which answers go. They differ so that movers can't read answers to the home.
const (
	HomeInbox  = "_INBOX_home"
	MoverInbox = "_INBOX_mover"
)

// Options describes a cluster.
type Options struct {
	Cluster   string    // the name that begins all subjects, such as f2l
	Hosts     []string  // the names or addresses of one or three machines, as clients and the other servers know them
	Names     []string  // further names and addresses by which clients reach them
	Port      int       // for clients, on each host
	RoutePort int       // for the other servers, on each host
	Now       time.Time // when the certificates become valid
}

// File is a file to be written.
type File struct {
	Name    string
	Mode    fs.FileMode
	Content []byte
}

// The names of the files.
const (
	ConfigFile = "nats-server.conf" // the same for all servers; must be read in the folder of the other files
	HomeSeed   = "home.nk"
	MoverSeed  = "mover.nk"
	CAFile     = "ca.pem" // for the home, the movers and the servers
	certFile   = "server.pem"
	keyFile    = "server-key.pem"
)

const (
	private fs.FileMode = 0o600
	public  fs.FileMode = 0o644
)

// Generate makes the files of a new cluster. Each server needs ConfigFile, CAFile, server.pem and server-key.pem; the home
// and the movers need CAFile and their seed.
func Generate(o Options) ([]File, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	home, err := newUser()
	if err != nil {
		return nil, err
	}
	mover, err := newUser()
	if err != nil {
		return nil, err
	}
	certificates, err := newCertificates(o.Cluster, slices.Concat(o.Hosts, o.Names), o.Now)
	if err != nil {
		return nil, err
	}
	config, err := o.render(home.public, mover.public)
	if err != nil {
		return nil, err
	}
	return []File{
		{ConfigFile, public, config},
		{HomeSeed, private, home.seed},
		{MoverSeed, private, mover.seed},
		{CAFile, public, certificates.ca},
		{certFile, public, certificates.server},
		{keyFile, private, certificates.key},
	}, nil
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$`)

// validate returns all problems.
func (o Options) validate() error {
	var problems []error
	if !bus.IsName(o.Cluster) {
		problems = append(problems, fmt.Errorf("cluster name %q must consist of 1 to 32 letters, digits, - and _, and begin with a letter or digit", o.Cluster))
	}
	if n := len(o.Hosts); n != 1 && n != 3 {
		problems = append(problems, fmt.Errorf("a cluster has 1 or 3 nats-servers, not %d", n))
	}
	for i, host := range slices.Concat(o.Hosts, o.Names) {
		if net.ParseIP(host) == nil && (!hostName.MatchString(host) || len(host) > 253) {
			problems = append(problems, fmt.Errorf("%q is not the name or address of a host", host))
		}
		if slices.Contains(slices.Concat(o.Hosts, o.Names)[:i], host) {
			problems = append(problems, fmt.Errorf("host %q is named twice", host))
		}
	}
	for _, port := range []int{o.Port, o.RoutePort} {
		if port < 1 || port > 65535 {
			problems = append(problems, fmt.Errorf("port %d is not between 1 and 65535", port))
		}
	}
	if o.Port == o.RoutePort {
		problems = append(problems, fmt.Errorf("clients and servers can't share port %d", o.Port))
	}
	return errors.Join(problems...)
}

// user is a new key pair.
type user struct {
	public string
	seed   []byte // with a line break
}

func newUser() (user, error) {
	pair, err := nkeys.CreateUser()
	if err != nil {
		return user{}, fmt.Errorf("create a key: %w", err)
	}
	public, err := pair.PublicKey()
	if err != nil {
		return user{}, fmt.Errorf("create a key: %w", err)
	}
	seed, err := pair.Seed()
	if err != nil {
		return user{}, fmt.Errorf("create a key: %w", err)
	}
	return user{public: public, seed: append(slices.Clone(seed), '\n')}, nil
}
