package atlassian

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
)

// Site is an Atlassian site that the credential can be used for.
type Site struct {
	ID     string   `json:"id"` // the cloud ID
	Name   string   `json:"name"`
	URL    string   `json:"url"`
	Scopes []string `json:"scopes,omitempty"`
}

// Sites lists the sites that the credential can be used for. A token without the scopes read:me and read:account gets
// an *[Error] of KindForbidden or KindWrongToken; its owner can specify the address of the site instead, because Call
// takes an address, too.
func (s *Session) Sites(ctx context.Context) ([]Site, error) {
	const op = "list atlassian sites"
	answer, err := s.callTool(ctx, op, "getAccessibleAtlassianResources", map[string]any{})
	if err != nil {
		return nil, err
	}
	sites, ok := readSites(answer)
	if !ok {
		return nil, &Error{Op: op, Kind: KindProtocol, Err: errors.New("answer is not a list of sites")}
	}
	return sites, nil
}

// readSites reads a list of sites, perhaps within an object. The same site may be listed once for each product.
func readSites(answer json.RawMessage) (sites []Site, ok bool) {
	var value any
	if json.Unmarshal(answer, &value) != nil {
		return nil, false
	}
	list, ok := findList(value)
	if !ok {
		return nil, false
	}
	if inner, isWrapped := findList(onlyItem(list)); isWrapped && siteID(onlyItem(list)) == "" {
		list = inner
	}
	index := map[string]int{}
	for _, item := range list {
		object, _ := item.(map[string]any)
		id := siteID(object)
		if id == "" {
			continue
		}
		site := Site{ID: id, Name: textOf(object, "name", "displayName"), URL: strings.TrimRight(textOf(object, "url", "siteUrl"), "/"), Scopes: textsOf(object["scopes"])}
		if at, known := index[id]; known {
			sites[at].Scopes = append(sites[at].Scopes, site.Scopes...)
			continue
		}
		index[id] = len(sites)
		sites = append(sites, site)
	}
	return sites, true
}

// siteID returns the ID in the description of a site, or a blank text if it isn't one.
func siteID(value any) string {
	object, _ := value.(map[string]any)
	return textOf(object, "id", "cloudId")
}
