package readlimit

import (
	"net/url"
	"strings"

	"github.com/pocketbase/pocketbase/tools/router"
	"github.com/pocketbase/pocketbase/tools/subscriptions"
)

const expandParam = "expand"

// CheckExpand returns an API error if a query follows relations backwards, such as from a user to their jobs. A few
// such steps multiply: a thousand jobs, each with its user, each with a thousand jobs. The budget of a Limiter
// counts what is read, not what it is multiplied to. Use it for the global database; in user databases, a record has
// few others that refer to it.
func CheckExpand(query url.Values) error { return checkExpand(query.Get(expandParam)) }

func checkExpand(expand string) error {
	if strings.Contains(expand, "_via_") || strings.Contains(expand, "(") {
		return router.NewBadRequestError("expand can't follow relations backwards. List the records and filter them instead.", nil)
	}
	return nil
}

// CheckExpandOfTopics is CheckExpand for the options of realtime topics.
func CheckExpandOfTopics(topics []string) error {
	client := subscriptions.NewDefaultClient() // parses the options as PocketBase will
	client.Subscribe(topics...)
	for _, options := range client.Subscriptions() {
		if err := checkExpand(options.Query[expandParam]); err != nil {
			return err
		}
	}
	return nil
}
