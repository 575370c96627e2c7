package userdb

import (
	"slices"
	"strings"
)

// secretLayout is where the stored options of an auth collection contain its signing secrets. The options of all user
// databases differ in nothing else, so that the secrets are found without decoding 4 KB of JSON at each opening.
type secretLayout struct {
	around []string // the text before, between and after the secrets
	option []int    // which of tokenOptions each secret belongs to
}

// layout returns the layout of options that were parsed.
func (s signingSecrets) layout() secretLayout {
	var l secretLayout
	starts := make([]int, len(s.secrets))
	for i, secret := range s.secrets {
		starts[i] = strings.Index(s.options, secret)
		l.option = append(l.option, i)
	}
	slices.SortFunc(l.option, func(a, b int) int { return starts[a] - starts[b] })
	end := 0
	for _, i := range l.option {
		if starts[i] < end { // two secrets are the same; such a layout matches nothing
			return secretLayout{}
		}
		l.around = append(l.around, s.options[end:starts[i]])
		end = starts[i] + len(s.secrets[i])
	}
	l.around = append(l.around, s.options[end:])
	return l
}

// find returns the secrets in options of this layout, in the order of tokenOptions.
func (l secretLayout) find(options string) (secrets []string, ok bool) {
	secrets = make([]string, len(l.option))
	for i, option := range l.option {
		rest, ok := strings.CutPrefix(options, l.around[i])
		if !ok || len(rest) < secretLength || strings.ContainsAny(rest[:secretLength], `"\`) {
			return nil, false
		}
		secrets[option], options = rest[:secretLength], rest[secretLength:]
	}
	return secrets, len(l.option) > 0 && options == l.around[len(l.option)]
}

// withoutSecrets returns options of this layout with empty secrets.
func (l secretLayout) withoutSecrets() string { return strings.Join(l.around, "") }
