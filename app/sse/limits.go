package sse

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/fathom-to-loom/fathom-to-loom/app/limit"
)

// CheckSubscriptions returns an API error if one stream may not have that many subscriptions.
func CheckSubscriptions(topics []string) error {
	if len(topics) > limit.MaxSubscriptions {
		return router.NewBadRequestError(fmt.Sprintf("A stream can have at most %d subscriptions.", limit.MaxSubscriptions), nil)
	}
	return nil
}

// NewSubscriptionBudget returns the budget for [Client.CountSubscriptions].
func NewSubscriptionBudget() *limit.Budget {
	return limit.NewBudget(limit.Unlimited, limit.MaxSubscriptionsPerUser)
}

// optionsCost is how many subscriptions one with options counts as, because its filter is a query.
const optionsCost = 5

func costOf(topics []string) int {
	cost := 0
	for _, topic := range topics {
		if strings.Contains(topic, "?") {
			cost += optionsCost
		} else {
			cost++
		}
	}
	return cost
}

// TooManyUserSubscriptions returns the response to a user with [limit.MaxSubscriptionsPerUser] subscriptions.
func TooManyUserSubscriptions() error {
	return router.NewTooManyRequestsError("Too many subscriptions in all open pages. Close some and try again.", nil)
}

// TooManyStreams returns the response to a client that can't open a stream, because its network
// or all clients together have too many.
func TooManyStreams(e *core.RequestEvent) error {
	e.Response.Header().Set("Retry-After", "10")
	return router.NewApiError(http.StatusServiceUnavailable, "Too many open streams. Try again in a moment.", nil)
}

// TooManyUserStreams returns the response to a user with [limit.MaxStreamsPerUser] streams.
func TooManyUserStreams() error {
	return router.NewTooManyRequestsError("Too many open pages. Close some and try again.", nil)
}
