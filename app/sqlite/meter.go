package sqlite

import "context"

type meterKey struct{}

// WithMeter returns a context whose queries report the size of each row, in bytes of text and blobs, before
// the row is used. If meter returns an error, the query ends with it. meter may be called concurrently.
func WithMeter(ctx context.Context, meter func(bytes int) error) context.Context {
	return context.WithValue(ctx, meterKey{}, meter)
}

// meterOf returns the meter of a context, or nil.
func meterOf(ctx context.Context) func(bytes int) error {
	meter, _ := ctx.Value(meterKey{}).(func(bytes int) error)
	return meter
}

type rewriteKey struct{}

// WithRewrite returns a context whose queries are passed to rewrite, which returns the query to execute instead.
// Both must have the same parameters.
func WithRewrite(ctx context.Context, rewrite func(query string) string) context.Context {
	return context.WithValue(ctx, rewriteKey{}, rewrite)
}

// rewritten returns the query to execute for a query.
func rewritten(ctx context.Context, query string) string {
	if rewrite, ok := ctx.Value(rewriteKey{}).(func(string) string); ok {
		return rewrite(query)
	}
	return query
}
