package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// withoutContext are the methods of a logger whose lines don't say which request or job they belong to.
var withoutContext = map[string]bool{"Debug": true, "Info": true, "Warn": true, "Error": true}

// A line says which request, database or job it is about only if the logger gets the context.
func TestFunctionsWithAContextPassItToTheLogger(t *testing.T) {
	for _, p := range productPackages(t) {
		if p.name == "simulator" { // has a log of its own
			continue
		}
		files, err := filepath.Glob(filepath.Join(p.name, "*.go"))
		require.NoError(t, err)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Empty(t, callsWithoutContext(t, string(source)), "%s: use WarnContext and so on", file)
		}
	}
}

// callsWithoutContext returns the calls of loggers in functions with a context, or in function literals inside of them,
// that don't pass it on.
func callsWithoutContext(t *testing.T, source string) (calls []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "", source, parser.SkipObjectResolution)
	require.NoError(t, err)
	for _, declaration := range file.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if ok && function.Body != nil {
			calls = append(calls, callsIn(function.Body, hasContext(function.Type))...)
		}
	}
	return calls
}

func callsIn(body ast.Node, known bool) (calls []string) {
	ast.Inspect(body, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.FuncLit:
			calls = append(calls, callsIn(node.Body, known || hasContext(node.Type))...)
			return false
		case *ast.CallExpr:
			if method, ok := node.Fun.(*ast.SelectorExpr); ok && known && withoutContext[method.Sel.Name] && isLogger(method.X) {
				calls = append(calls, method.Sel.Name)
			}
		}
		return true
	})
	return calls
}

func hasContext(function *ast.FuncType) bool {
	for _, field := range function.Params.List {
		if selector(field.Type) != "context.Context" {
			continue
		}
		for _, name := range field.Names {
			if name.Name != "_" {
				return true
			}
		}
	}
	return false
}

// isLogger reports whether an expression is named as loggers are: log, Log, logger or Logger.
func isLogger(expr ast.Expr) bool {
	name := ""
	switch expr := expr.(type) {
	case *ast.Ident:
		name = expr.Name
	case *ast.SelectorExpr:
		name = expr.Sel.Name
	}
	return strings.EqualFold(name, "log") || strings.EqualFold(name, "logger")
}

func TestCallsWithoutContextAreFound(t *testing.T) {
	for source, found := range map[string]int{
		`func f(ctx context.Context) { s.logger.Warn("x") }`:                 1,
		`func f(ctx context.Context) { go func() { h.Log.Info("x") }() }`:    1,
		`func f() { each(func(ctx context.Context) { logger.Error("x") }) }`: 1,
		`func f(ctx context.Context) { s.logger.WarnContext(ctx, "x") }`:     0,
		`func f(_ context.Context) { s.logger.Warn("x") }`:                   0,
		`func f() { s.logger.Warn("x") }`:                                    0,
		`func f(ctx context.Context) { response.Error("x") }`:                0,
	} {
		assert.Len(t, callsWithoutContext(t, "package x\n"+source), found, source)
	}
}
