package s3test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/johannesboyne/gofakes3"
)

const (
	algorithm  = "AWS4-HMAC-SHA256"
	dateFormat = "20060102T150405Z"
	maxSkew    = 15 * time.Minute
	unsigned   = "UNSIGNED-PAYLOAD"
)

// refusal is an error response.
type refusal struct {
	status                int
	code, message, region string
}

// refuse writes an error response. It reads the request first, because a client that is still sending may not see it.
func refuse(w http.ResponseWriter, r *http.Request, why *refusal) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(why.status)
	if r.Method == http.MethodHead {
		return
	}
	body, err := xml.Marshal(struct {
		XMLName               xml.Name `xml:"Error"`
		Code, Message, Region string
	}{Code: why.code, Message: why.message, Region: why.region})
	if err == nil {
		_, _ = w.Write(body)
	}
}

// signed describes the signature of a request, in its header or in its query.
type signed struct {
	accessKey, scope, region, signature, date, contentHash string
	headers                                                []string
	query                                                  url.Values // without the signature
}

// authenticate verifies a request, and makes its body fail if it doesn't have the hash that was signed.
func (s *Server) authenticate(r *http.Request) *refusal {
	query := r.URL.Query()
	inHeader, inQuery := r.Header.Get("Authorization") != "", query.Has("X-Amz-Signature")
	switch {
	case inHeader && inQuery:
		return &refusal{status: 400, code: "InvalidArgument", message: "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, " +
			"Signature query string parameter or the Authorization header should be specified"}
	case !inHeader && !inQuery:
		return &refusal{status: 403, code: "AccessDenied", message: "Access Denied"}
	}
	sig, ok := parseQuery(query)
	if inHeader {
		sig, ok = parseHeader(r)
	}
	if !ok {
		return &refusal{status: 400, code: "AuthorizationHeaderMalformed", message: "The authorization header is malformed"}
	}
	if sig.accessKey != s.AccessKey {
		return &refusal{status: 403, code: "InvalidAccessKeyId", message: "The AWS Access Key Id you provided does not exist in our records."}
	}
	if sig.region != s.Region {
		return &refusal{
			status: 400, code: "AuthorizationHeaderMalformed", region: s.Region,
			message: fmt.Sprintf("The authorization header is malformed; the region '%s' is wrong; expecting '%s'", sig.region, s.Region),
		}
	}
	if why := s.checkDate(sig, inQuery, query); why != nil {
		return why
	}
	if !hmac.Equal([]byte(sig.signature), []byte(s.sign(r, sig))) {
		return &refusal{status: 403, code: "SignatureDoesNotMatch", message: "The request signature we calculated does not match the signature you provided."}
	}
	if sig.contentHash != unsigned {
		r.Body = &verifiedBody{ReadCloser: r.Body, hash: sha256.New(), want: sig.contentHash}
	}
	return nil
}

func (s *Server) checkDate(sig signed, inQuery bool, query url.Values) *refusal {
	date, err := time.Parse(dateFormat, sig.date)
	if err != nil || !strings.HasPrefix(sig.scope, date.Format("20060102")+"/") {
		return &refusal{status: 403, code: "AccessDenied", message: "Access denied due to an invalid date"}
	}
	age := s.Now().Sub(date)
	if inQuery {
		seconds, err := strconv.Atoi(query.Get("X-Amz-Expires"))
		switch {
		case err != nil || seconds < 1 || seconds > 604800:
			return &refusal{status: 400, code: "AuthorizationQueryParametersError", message: "X-Amz-Expires must be between 1 and 604800"}
		case age > time.Duration(seconds)*time.Second:
			return &refusal{status: 403, code: "AccessDenied", message: "Request has expired"}
		case age < -maxSkew:
			return &refusal{status: 403, code: "AccessDenied", message: "Request is not yet valid"}
		}
		return nil
	}
	if age > maxSkew || age < -maxSkew {
		return &refusal{status: 403, code: "RequestTimeTooSkewed", message: "The difference between the request time and the current time is too large."}
	}
	return nil
}

func parseHeader(r *http.Request) (sig signed, ok bool) {
	text, ok := strings.CutPrefix(r.Header.Get("Authorization"), algorithm+" ")
	if !ok {
		return sig, false
	}
	fields := map[string]string{}
	for field := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		fields[name] = value
	}
	sig = signed{
		signature: fields["Signature"], headers: strings.Split(fields["SignedHeaders"], ";"),
		date: r.Header.Get("X-Amz-Date"), contentHash: r.Header.Get("X-Amz-Content-Sha256"), query: r.URL.Query(),
	}
	return sig.withScope(fields["Credential"])
}

func parseQuery(query url.Values) (sig signed, ok bool) {
	if query.Get("X-Amz-Algorithm") != algorithm {
		return sig, false
	}
	sig = signed{
		signature: query.Get("X-Amz-Signature"), headers: strings.Split(query.Get("X-Amz-SignedHeaders"), ";"),
		date: query.Get("X-Amz-Date"), contentHash: unsigned, query: url.Values{},
	}
	for name, values := range query {
		if name != "X-Amz-Signature" {
			sig.query[name] = values
		}
	}
	return sig.withScope(query.Get("X-Amz-Credential"))
}

func (sig signed) withScope(credential string) (signed, bool) {
	parts := strings.Split(credential, "/")
	if len(parts) != 5 || parts[3] != "s3" || parts[4] != "aws4_request" || !slices.Contains(sig.headers, "host") {
		return sig, false
	}
	sig.accessKey, sig.region, sig.scope = parts[0], parts[2], strings.Join(parts[1:], "/")
	return sig, sig.contentHash == unsigned || len(sig.contentHash) == 2*sha256.Size
}

// sign calculates the signature that the request must have.
func (s *Server) sign(r *http.Request, sig signed) string {
	var headers strings.Builder
	for _, name := range sig.headers {
		value := strings.Join(r.Header.Values(name), ",")
		switch name {
		case "host":
			value = r.Host
		case "content-length":
			value = strconv.FormatInt(r.ContentLength, 10)
		}
		headers.WriteString(name + ":" + strings.Join(strings.Fields(value), " ") + "\n")
	}
	canonical := strings.Join([]string{
		r.Method, r.URL.EscapedPath(), strings.ReplaceAll(sig.query.Encode(), "+", "%20"),
		headers.String(), strings.Join(sig.headers, ";"), sig.contentHash,
	}, "\n")
	sum := sha256.Sum256([]byte(canonical))
	text := strings.Join([]string{algorithm, sig.date, sig.scope, hex.EncodeToString(sum[:])}, "\n")
	key := []byte("AWS4" + s.SecretKey)
	for part := range strings.SplitSeq(sig.scope, "/") {
		key = hmacSum(key, part)
	}
	return hex.EncodeToString(hmacSum(key, text))
}

func hmacSum(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// verifiedBody fails at its end if the content isn't what was signed.
type verifiedBody struct {
	io.ReadCloser
	hash hash.Hash
	want string
}

func (b *verifiedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.hash.Write(p[:n])
	if err == io.EOF && hex.EncodeToString(b.hash.Sum(nil)) != b.want {
		return n, gofakes3.ErrBadDigest
	}
	return n, err
}
