package natsconfig

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"slices"
	"time"
)

const (
	validity  = 10 // years
	clockSkew = time.Hour
)

// certificates are in PEM.
type certificates struct{ ca, server, key []byte }

// newCertificates makes an authority, whose key is forgotten, and the certificate that all servers share. They use it
// among themselves from both ends.
func newCertificates(cluster string, hosts []string, now time.Time) (certificates, error) {
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return certificates{}, fmt.Errorf("create the authority's key: %w", err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return certificates{}, fmt.Errorf("create the servers' key: %w", err)
	}
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Fathom-to-Loom cluster " + cluster},
		NotBefore: now.Add(-clockSkew), NotAfter: now.AddDate(validity, 0, 0),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign,
	}
	server := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "nats-server of " + cluster},
		NotBefore: ca.NotBefore, NotAfter: ca.NotAfter,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		BasicConstraintsValid: true,
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			server.IPAddresses = append(server.IPAddresses, ip)
		} else {
			server.DNSNames = append(server.DNSNames, host)
		}
	}
	if !slices.Contains(server.DNSNames, "localhost") {
		server.DNSNames = append(server.DNSNames, "localhost")
	}
	caCertificate, err := x509.CreateCertificate(rand.Reader, ca, ca, caKey.Public(), caKey)
	if err != nil {
		return certificates{}, fmt.Errorf("create the authority's certificate: %w", err)
	}
	signed, err := x509.ParseCertificate(caCertificate)
	if err != nil {
		return certificates{}, fmt.Errorf("create the authority's certificate: %w", err)
	}
	serverCertificate, err := x509.CreateCertificate(rand.Reader, server, signed, key.Public(), caKey)
	if err != nil {
		return certificates{}, fmt.Errorf("create the servers' certificate: %w", err)
	}
	serverKey, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return certificates{}, fmt.Errorf("create the servers' key: %w", err)
	}
	return certificates{
		ca:     encode("CERTIFICATE", caCertificate),
		server: encode("CERTIFICATE", serverCertificate),
		key:    encode("PRIVATE KEY", serverKey),
	}, nil
}

func encode(kind string, content []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content})
}
