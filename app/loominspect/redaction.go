package loominspect

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/fathom-to-loom/fathom-to-loom/app/inspect"
	"github.com/fathom-to-loom/fathom-to-loom/app/redact"
)

// mode is what an answer is about, which decides what may remain of it.
type mode int

const (
	modePrivate mode = iota // a person's sites and videos
	modeUpload              // the test clip, which isn't private: only credentials and ids are
	modeFailure             // what the server says about a failure
)

// redaction replaces what is private in the exchanges of a run. It must see all exchanges first, because texts of the
// server, which are kept, may repeat what only a later answer shows to be private.
type redaction struct {
	*inspect.Redactor
	mode       mode
	credential []string          // token, key and e-mail address
	vocabulary map[string]bool   // words of the descriptions of operations, in lower case
	private    map[string]bool   // words of names and addresses, in lower case
	ids        map[string]string // made-up ones by the original
}

func newRedaction(shift time.Duration, credential ...string) *redaction {
	r := &redaction{vocabulary: map[string]bool{}, private: map[string]bool{}, ids: map[string]string{}}
	for _, secret := range credential {
		if secret != "" {
			r.credential = append(r.credential, secret)
		}
	}
	r.Redactor = inspect.NewRedactor(shift, inspect.Rules{
		FieldName: fieldName, Keep: r.keep, PlainNumber: r.isPlainNumber, Host: r.host, PathWord: r.isPathWord,
		Parameter: r.keepsParameter, Special: r.special,
	})
	return r
}

var (
	fieldName = regexp.MustCompile(`^(?:[a-z][a-zA-Z_]{0,40}[0-9]{0,3}|[xX][-_][A-Za-z0-9_-]{1,60}|AWSAccessKeyId|Policy|Signature|Content-[A-Za-z-]{1,30}|Authorization|Cache-Control|ETag|If-[A-Za-z-]{1,20})$`)
	mediaType = regexp.MustCompile(`^(?:video|audio|application|multipart|image|text)/[a-zA-Z0-9.+*-]{1,60}$`)
	scopeName = regexp.MustCompile(`^(?:offline_access|email|(?:read|write|delete|manage|search)(?::[a-z][a-z-]{0,40}){1,3})$`)
	enumWord  = regexp.MustCompile(`^[A-Za-z][A-Za-z_-]{0,40}$`)
	uuid      = `[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`
	wholeID   = regexp.MustCompile(`^(?:` + uuid + `|[0-9a-fA-F]{24,64})$`)
	anyID     = regexp.MustCompile(uuid + `|\b[0-9a-fA-F]{24,64}\b`)
	siteName  = regexp.MustCompile(`^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?:atlassian\.net|jira\.com|loom\.com)$`)
	parameter = regexp.MustCompile(`^[A-Za-z0-9;_-]{1,60}$`)
)

// enumFields hold words of the service, in lower case without underscores.
var enumFields = wordSet(`status state visibility privacy accesslevel permission permissions access sharing type kind method role plan processingstatus
	uploadstatus videostatus tier category tool mode format encoding protocol`)

// proseFields hold sentences of the server in answers that aren't about a person's videos.
var proseFields = wordSet(`message error errors errormessage errormessages detail details description instructions instruction hint note notes reason
	nextstep nextsteps cause summary warning title error_description info usage`)

func simplify(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
}

func (r *redaction) keep(field, value string) bool {
	if r.isPrivate(value) {
		return false
	}
	if isClip(value) || mediaType.MatchString(value) || scopeName.MatchString(value) {
		return true
	}
	if enumFields[simplify(field)] && enumWord.MatchString(value) {
		return true
	}
	return r.mode != modePrivate && len(value) <= 40 && enumWord.MatchString(value) && r.isKnown(value)
}

// isKnown reports whether a word is one of the service.
func (r *redaction) isKnown(word string) bool {
	lower := strings.ToLower(word)
	return !r.private[lower] && (plainWords[lower] || r.vocabulary[lower])
}

// isPrivate reports whether a text contains a word of a person's or a site's name.
func (r *redaction) isPrivate(text string) bool {
	return slices.ContainsFunc(wordPattern.FindAllString(text, -1), func(word string) bool { return r.private[strings.ToLower(word)] })
}

var plainNumbers = regexp.MustCompile(`(?i)(?:duration|length|seconds|millis|size|bytes|parts?number|parts|limit|maximum|minimum|max|min|first|expiresin|ttl|status|code)$`)

func (r *redaction) isPlainNumber(field, number string) bool {
	if strings.HasSuffix(strings.ToLower(field), "id") {
		return false
	}
	return r.mode != modePrivate && len(number) < 10 || plainNumbers.MatchString(simplify(field))
}

// hosts are the domains of hosts that say nothing about people, and of which all names are kept.
var hosts = []string{
	"atlassian.com", "atl-paas.net", "loom.com", "amazonaws.com", "cloudfront.net", "googleapis.com", "cloudflarestorage.com", "atlassian.net", "loomcdn.com",
}

// host keeps the hosts of the services, and in uploads all others, without the names of people and sites.
func (r *redaction) host(name string) (string, bool) {
	name = strings.ToLower(name)
	known := r.mode == modeUpload || slices.ContainsFunc(hosts, func(own string) bool { return name == own || strings.HasSuffix(name, "."+own) })
	if !known {
		return "", false
	}
	labels := strings.Split(name, ".")
	for i, label := range labels {
		isSite := i == 0 && len(labels) > 2 && strings.HasSuffix(name, ".atlassian.net")
		if isSite || anyID.MatchString(label) || r.isPrivate(label) {
			labels[i] = r.id(label)
		}
	}
	return strings.Join(labels, "."), true
}

var pathWords = wordSet(`share embed upload uploads file files video videos part parts v1 v2 v3 mcp api media media-api chunk chunks object objects s3 raw form activation
	.well-known oauth-protected-resource oauth-authorization-server openid-configuration authorize oauth token revoke dcr register atlassian-upload atlassian-auth`)

func (r *redaction) isPathWord(part string) bool {
	return pathWords[part] || isClip(part) && !r.isPrivate(part)
}

// isClip reports whether a text is the title or file name of the test clip, perhaps with other separators.
func isClip(text string) bool {
	words := strings.Join(wordPattern.FindAllString(text, -1), " ")
	return strings.TrimSuffix(words, " mp4") == clipWords
}

var clipWords = strings.Join(wordPattern.FindAllString(ClipTitle, -1), " ")

// keepsParameter keeps what a signed address says about how it is signed, and how long it is valid.
func (r *redaction) keepsParameter(name, value string) bool {
	switch strings.ToLower(name) {
	case "x-amz-expires", "x-amz-algorithm", "x-amz-signedheaders", "x-goog-expires", "x-goog-algorithm", "x-goog-signedheaders", "x-id", "partnumber", "tools":
		return parameter.MatchString(value)
	}
	return false
}

// id returns another id of the same form, and always the same one.
func (r *redaction) id(original string) string {
	key := strings.ToLower(original)
	if made, ok := r.ids[key]; ok {
		return made
	}
	number := len(r.ids) + 1
	made := []byte(original)
	for i := len(made) - 1; i >= 0; i-- {
		if made[i] != '-' {
			made[i] = byte('0' + number%10)
			number /= 10
		}
	}
	r.ids[key] = string(made)
	return string(made)
}

func (r *redaction) special(field, value string) (string, bool) {
	scheme, rest, _ := strings.Cut(value, " ")
	switch {
	case wholeID.MatchString(value):
		return r.id(value), true
	case strings.HasPrefix(value, "ari:"):
		return r.resourceName(value), true
	case siteName.MatchString(value):
		kept, _ := r.host(value)
		return kept, true
	case rest != "" && (strings.EqualFold(scheme, "Bearer") || strings.EqualFold(scheme, "Basic")):
		return scheme + " " + r.Text(rest), true
	case r.mode == modePrivate:
		return "", false
	case strings.HasPrefix(value, "multipart/") && strings.Contains(value, ";"):
		kind, boundary, _ := strings.Cut(value, ";")
		return kind + ";" + r.Text(boundary), true
	case isCommand(value):
		return r.command(value), true
	case proseFields[simplify(field)] || r.mode == modeFailure && strings.Contains(value, " "):
		return r.sentence(value), true
	case r.mode == modeUpload && objectKey.MatchString(value):
		return r.objectKey(value), true
	}
	return "", false
}

var objectKey = regexp.MustCompile(`^[\p{L}\p{N}_.-]+(?:/[\p{L}\p{N}_., -]+)+$`)

// objectKey keeps the form of the key of a file in a store.
func (r *redaction) objectKey(key string) string {
	parts := strings.Split(key, "/")
	for i, part := range parts {
		switch {
		case wholeID.MatchString(part):
			parts[i] = r.id(part)
		case !r.isPathWord(part):
			parts[i] = r.Text(part)
		}
	}
	return strings.Join(parts, "/")
}

// resourceName keeps the words of an Atlassian resource name.
func (r *redaction) resourceName(name string) string {
	parts := strings.Split(name, ":")
	for i, part := range parts {
		pieces := strings.Split(part, "/")
		for j, piece := range pieces {
			switch {
			case wholeID.MatchString(piece):
				pieces[j] = r.id(piece)
			case !plainWords[piece] && piece != "activation":
				pieces[j] = r.Text(piece)
			}
		}
		parts[i] = strings.Join(pieces, "/")
	}
	return strings.Join(parts, ":")
}

// withoutSecrets removes what has the form of a secret, and the credential of the run.
func (r *redaction) withoutSecrets(text string) string { return redact.Message(text, r.credential...) }

// leaks returns the texts that a report must not contain, except for credentials.
func (r *redaction) leaks() []string { return slices.DeleteFunc(r.Secrets(), r.isPublic) }

// isPublic reports whether a text that was replaced somewhere is a name that the server uses for everybody.
func (r *redaction) isPublic(text string) bool {
	return r.vocabulary[strings.ToLower(text)] || isClip(text)
}
