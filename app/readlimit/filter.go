package readlimit

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
	"github.com/pocketbase/pocketbase/tools/search"
)

// SelectIDs returns the values of an integer field of the records that match a filter, in the given order, such as
// "-created". A blank filter matches all records. The filter is limited as in a request for a list; its author may see
// all records of the database, but no hidden fields. If the filter can't be used, the error is an API error.
func SelectIDs(ctx context.Context, app core.App, collection, field, filter, order string) (ids []int64, err error) {
	if utf8.RuneCountInString(filter) > maxFilterLength {
		return nil, router.NewBadRequestError(fmt.Sprintf("The filter has more than %d characters.", maxFilterLength), nil)
	}
	if strings.Contains(filter, "@collection.") || strings.Contains(filter, "@request.") { // as in PocketBase's lists
		return nil, router.NewBadRequestError("The filter can't use @collection or @request.", nil)
	}
	found, err := app.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return nil, fmt.Errorf("find collection %s: %w", collection, err)
	}
	ctx, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	resolver := core.NewRecordFieldResolver(app, found, nil, false)
	query := app.RecordQuery(found).WithContext(ctx)
	if filter != "" {
		condition, err := search.FilterData(filter).BuildExpr(resolver)
		if err != nil {
			return nil, router.NewBadRequestError("The filter is not valid.", err)
		}
		query.AndWhere(condition)
	}
	columns := []string{found.Name + "." + field}
	for _, by := range search.ParseSortFromString(order) {
		expression, err := by.BuildExpr(resolver)
		if err != nil {
			return nil, fmt.Errorf("sort by %s: %w", by.Name, err)
		}
		query.AndOrderBy(expression)
		columns = append(columns, found.Name+"."+by.Name)
	}
	if err := resolver.UpdateQuery(query); err != nil {
		return nil, router.NewBadRequestError("The filter is not valid.", err)
	}
	err = query.Select(columns...).Column(&ids)
	switch {
	case err == nil:
		return ids, nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, router.NewBadRequestError(fmt.Sprintf("The filter took longer than %d seconds. Use a simpler one.", int(queryTimeout.Seconds())), err)
	case strings.Contains(err.Error(), patternError):
		return nil, router.NewBadRequestError(patternMessage, err)
	}
	return nil, fmt.Errorf("select records of %s: %w", collection, err)
}
