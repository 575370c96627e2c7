package redact

import (
	"encoding/base64"
	"regexp"
	"strings"
)

// minSecret is the length of the shortest secret that Message removes. Shorter ones would remove parts of words.
const minSecret = 6 // bytes

var (
	urlTails       = regexp.MustCompile(`(?i)(https?://)(?:[^\s/?#"'<>\\@]*@)?([^\s?#"'<>\\]*)[?#][^\s"'<>\\]*`)
	urlUsers       = regexp.MustCompile(`(?i)(https?://)[^\s/?#"'<>\\@]*@`)
	schemes        = regexp.MustCompile(`(?i)\b(bearer|basic)(?:\s+|%20)[a-z0-9._~+/=:-]{8,}`)
	schemesAndWord = regexp.MustCompile(`(?i)^(?:bearer|basic)\s(?:authenti\w+|authori\w+|subscri\w+|workspaces?|accounts?|credentials?)[.,:]?$`)
	namedSecrets   = regexp.MustCompile(`(?i)("?\b(?:access_?token|refresh_?token|id_?token|client_?secret|api_?token|api_?key|password|signature|code_?verifier)"?\s*[:=]\s*"?)[^\s"',;&}]+`)
	jsonWebTokens  = regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,4}`)
	apiTokens      = regexp.MustCompile("(?:" + TokenPrefix + "|" + RefreshPrefix + ")[A-Za-z0-9_%-]*")
	atlassianToken = regexp.MustCompile(`\bAT[A-Z]{2}T3x[A-Za-z0-9_=-]{8,}`)
)

// TokenPrefix begins every API token of this program; see package tokens.
const TokenPrefix = "f2l_pat_"

// RefreshPrefix begins every token with which an assistant fetches its next API token.
const RefreshPrefix = "f2l_ref_"

// withoutTokens returns a text without API tokens, also truncated ones.
func withoutTokens(text string) string {
	if !strings.Contains(text, TokenPrefix) && !strings.Contains(text, RefreshPrefix) {
		return text
	}
	return apiTokens.ReplaceAllString(text, Text)
}

// Message returns text of another service, such as the explanation of an error, without what may be secret: the
// given secrets, also in base64, whatever has the form of a token, and the query and credentials of URLs, which may
// be signed.
func Message(text string, secrets ...string) string {
	for _, secret := range secrets {
		if len(secret) < minSecret {
			continue
		}
		text = strings.ReplaceAll(text, secret, Text)
		text = strings.ReplaceAll(text, base64.StdEncoding.EncodeToString([]byte(secret)), Text)
	}
	text = urlTails.ReplaceAllString(text, "${1}${2}?"+Text)
	text = urlUsers.ReplaceAllString(text, "${1}")
	text = namedSecrets.ReplaceAllString(text, "${1}"+Text)
	text = schemes.ReplaceAllStringFunc(text, func(found string) string {
		if schemesAndWord.MatchString(found) {
			return found
		}
		return schemes.ReplaceAllString(found, "${1} "+Text)
	})
	text = jsonWebTokens.ReplaceAllString(text, Text)
	text = atlassianToken.ReplaceAllString(text, Text)
	return withoutTokens(text)
}
