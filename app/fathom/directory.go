package fathom

import "context"

// Teams returns the names of the account's teams.
// https://developers.fathom.ai/api-reference
func (a *Account) Teams(ctx context.Context) ([]string, error) {
	const op = "list teams"
	var names []string
	pages := allPages(op, "", func(cursor string) (Page[team], error) {
		return fetchPage[team](ctx, a, call{op: op, path: "/teams"}, cursor)
	})
	for page, err := range pages {
		if err != nil {
			return nil, err
		}
		for _, item := range page.Items {
			if item.Name != "" {
				names = append(names, item.Name)
			}
		}
	}
	return names, nil
}

// team is an item of the list of teams.
type team struct {
	Name string `json:"name"`
}
